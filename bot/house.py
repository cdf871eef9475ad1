"""What is open while a service runs, and the flow its conversations follow."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.applications import Starlette

from bot import clock
from bot.channels.telegram.sender import EVERY_S
from bot.content.model import Content
from bot.core.counting import CALL, OUTCOMES, START, outcome_key
from bot.core.flow import Flow
from bot.core.hours import Hours
from bot.metrics import Metrics
from bot.recontent import Recontent
from bot.revoicing import Revoicing
from bot.rewording import Rewording
from bot.sealing.notice import PublishedKey
from bot.sealing.roster import LivingRoster
from bot.sealing.today import DailyKeys
from bot.services.alerting import Channel
from bot.services.books import Books
from bot.services.errands import Errands
from bot.services.readership import Readership
from bot.services.receive import Receive
from bot.services.talk import Talk
from bot.settings import Settings
from bot.wording.live import LiveWording
from bot.wording.registry import load_registry
from bot.wording.render import Wording
from bot.wording.voices import Voices
from storage import Database

STOP_WITHIN_S = 10.0
NOTIFIER_SILENT_S = 180
"""It says each minute that it is there."""


@dataclass(slots=True, repr=False)
class House:
    """Everything that is open.  `flow` is replaced as a whole when the roster changes; a turn pins the one it began with."""

    settings: Settings
    database: Database
    keys: DailyKeys
    roster: LivingRoster
    content: Content
    live: LiveWording
    voices: Voices
    talk: Talk
    receive: Receive
    errands: Errands
    books: Books
    flow: Flow
    trial: bool = False
    chat_pace_s: float = EVERY_S
    metrics: Metrics = field(default_factory=Metrics)
    alert_channels: dict[str, Channel] = field(default_factory=dict)
    site: Starlette | None = None
    stops: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    partings: list[Callable[[], None]] = field(default_factory=list)
    """Done when the service is told to stop, before it waits for answers under way: streams have no end of their own."""
    works: list[Callable[[], Coroutine[Any, Any, None]]] = field(default_factory=list)
    now: Callable[[], int] = clock.now
    erased: Callable[[], None] = lambda: None
    trouble: BaseException | None = None
    troubled: asyncio.Event = field(default_factory=asyncio.Event)
    rewording: Rewording = field(init=False)
    revoicing: Revoicing = field(init=False)
    recontent: Recontent = field(init=False)
    readership: Readership = field(init=False)

    @property
    def wording(self) -> Wording:
        """What is said now; a turn pins the one it began with."""
        return self.live.wording

    async def close(self) -> None:
        """Write the books and let go; for a house that was never served."""
        await self.books.flush()
        self.errands.close()
        await self.database.close()

    def ended(self, work: asyncio.Task[None]) -> None:
        """A work that failed cannot be gone on without: whoever serves the house must close it, and say why."""
        if not work.cancelled() and work.exception() is not None:
            self.trouble = self.trouble or work.exception()
            self.troubled.set()

    def refresh(self) -> None:
        """Build the flow anew from content, hours and the offices of the roster."""
        self.flow = make_flow(self.settings, self.content, self.roster, self.voices, self.now())


def calls(content: Content) -> frozenset[str]:
    """Everything that can be said of a call to an entry of the help directory."""
    return frozenset(outcome_key(entry.line.id, outcome) for entry in content.helplines for outcome in OUTCOMES)


def make_flow(settings: Settings, content: Content, roster: LivingRoster, voices: Voices, now: int) -> Flow:
    current = roster.current(now=now)
    registry = load_registry()
    return content.flow(
        hours=Hours(ZoneInfo(settings.timezone), settings.duty_week()),
        offices=tuple((t.id, t.name) for t in current.teams if t.id != content.routing.feedback_team),
        languages=registry.named(settings.offered_languages),
        shown_confidence=settings.shown_confidence,
        today=datetime.fromtimestamp(now, ZoneInfo(settings.timezone)).date(),
        voiced=voices.ids(),
        countable={START: settings.known_campaigns, CALL: calls(content)},
        voice_notes=settings.attachments != "none",
        pictures=settings.attachments == "all",
        spoken=frozenset(registry.languages),
        notices=settings.notices == "offered" and tells_of_answers(settings),
    )


def tells_of_answers(settings: Settings) -> bool:
    """Whether there is a messenger, and whoever alone may find a chat again."""
    if not settings.telegram_token.get_secret_value():
        return False
    return settings.notifier_socket is None or PublishedKey(settings.keys).find() is not None


def notifier_is_there(settings: Settings, now: int) -> bool:
    """Heard in the last minutes, where it is a process of its own."""
    silent_s = PublishedKey(settings.keys).silent_s(now)
    return settings.notifier_socket is None or (silent_s is not None and silent_s < NOTIFIER_SILENT_S)

"""Voice notes in service tests: a channel that holds files, and a worker that fetches from it when told to."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.core.errors import ChannelError, Unclear
from bot.core.events import Sent
from bot.core.note import VoiceNote
from bot.core.private import Private
from bot.services.hearing import Hearing
from bot.services.outgoing import Contact, Outgoing
from bot.services.receive import Answer
from bot.services.voice_turn import VoiceTurns
from bot.stores import VoiceShelf
from storage import Database, voices
from tests.helpline import Helpline, Reporter
from tests.opus import clip

SECONDS = 3


@dataclass(slots=True)
class Recorder:
    """`files`: what the channel holds; `faults`: what the next fetches meet instead; `told`: what was said afterwards."""

    helpline: Helpline
    files: dict[str, bytes] = field(default_factory=dict)
    faults: list[ChannelError] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    told: list[Outgoing] = field(default_factory=list)
    hearing: Hearing = field(init=False)

    def __post_init__(self) -> None:
        self.hearing = self.worker()

    def worker(self, fetch: Callable[[str], object] | None = None, *, lease_s: int = 30) -> Hearing:
        h = self.helpline
        turns = VoiceTurns(h.database, h.keys, h.sealer)
        shelf = VoiceShelf(h.database, lambda: h.now)
        return Hearing(shelf, turns, h.keys, fetch or self.fetch, self.tell, lambda: h.now, lease_s=lease_s)  # type: ignore[arg-type]

    async def fetch(self, reference: str) -> bytes:
        self.fetched.append(reference)
        if self.faults:
            raise self.faults.pop(0)
        if reference not in self.files:
            raise Unclear("no such file")
        return self.files[reference]

    def tell(self, contact: Contact, answer: Answer) -> None:
        self.told += answer.messages

    def said(self) -> list[str]:
        """Ids of all that was said about notes so far."""
        return [line.id for message in self.told for line in message.say.lines]

    async def sends(
        self, reporter: Reporter, content: bytes | None = None, caption: str = "", seconds: int = SECONDS
    ) -> str:
        reference = f"file-{len(self.files)}"
        self.files[reference] = clip(seconds * 50) if content is None else content
        note = VoiceNote(Private(reference), seconds, len(self.files[reference]))
        await reporter.hears(Sent(0, "voice", Private(caption) if caption else None, voice=note))
        return reference

    async def rounds(self, times: int = 1, *, pause_s: int = 0) -> None:
        for _ in range(times):
            await self.hearing.round()
            self.helpline.now += pause_s


async def parked(database: Database) -> int:
    return await database.read(voices.parked)


async def let_all_be_due(database: Database) -> None:
    """As if every gap and lease had run out: PostgreSQL's clock is nobody's to set."""
    await database.write(lambda c: c.exec_driver_sql("UPDATE voice_jobs SET due_at = 0"))

"""The composition root: it alone knows everybody, puts them together, starts them in order and stops them in order."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import chain, repeat
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Host, Mount

from bot import clock
from bot.channels.telegram import conversation as telegram_talk
from bot.channels.telegram.answers import TokenRejected
from bot.channels.telegram.api import Api
from bot.channels.telegram.listening import Listening
from bot.channels.telegram.picturing import Picturing
from bot.channels.telegram.poller import Poller
from bot.channels.telegram.request import PooledRequest
from bot.channels.telegram.sender import EVERY_S, Parcel, Sender
from bot.channels.telegram.webhook import BesideSite, WebhookDoor, webhook_path
from bot.channels.web.chat import Chat
from bot.channels.web.headers import SecurityHeaders
from bot.channels.web.pages import Pages
from bot.channels.web.private import PrivatePage
from bot.console.texts import SOURCES
from bot.content.loader import load_content
from bot.content.model import Content
from bot.content.seeking import make_seeker
from bot.core.counting import CALL, OUTCOMES, START, outcome_key
from bot.core.effects import Class, Say, Text
from bot.core.errors import ChannelError, ConfigError, RosterRefused, StorageError
from bot.core.failpoints import reach
from bot.core.flow import Flow
from bot.core.helplines import number_lines
from bot.core.hours import Hours
from bot.health import Health
from bot.office import Translating, open_console, open_desk, open_wording_desk
from bot.rewording import Rewording
from bot.sealing.keys_folder import KeysFolder
from bot.sealing.roster import LivingRoster, RootOfTrust
from bot.sealing.shards import Shards
from bot.sealing.stretch import Cost
from bot.sealing.today import DailyKeys
from bot.services import trial, trial_reports
from bot.services.books import Books
from bot.services.errands import Errands
from bot.services.receive import Receive
from bot.services.report import Sealer
from bot.services.submitting import Submitting
from bot.services.sweeper import Sweeper
from bot.services.talk import Talk
from bot.services.unparsed import Unparsed
from bot.settings import Settings
from bot.starting import refuse_unsafe
from bot.stores import BookShelf, ClipShelf, MailboxStore, OutboxNet, UploadStore
from bot.upkeep import Upkeep
from bot.web.bundle import Bundle
from bot.wording.live import LiveWording, load_live
from bot.wording.registry import load_registry, locales_folder
from bot.wording.render import Wording
from bot.wording.voices import LiveVoices, Voices, load_voices
from storage import Database, accounts, marks, open_database, rosters

STOP_WITHIN_S = 10.0
_TRIAL_REPORTS = "trial-reports"

log = structlog.get_logger()


@dataclass(slots=True)
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
    site: Starlette | None = None
    stops: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    works: list[Callable[[], Coroutine[Any, Any, None]]] = field(default_factory=list)
    now: Callable[[], int] = clock.now
    erased: Callable[[], None] = lambda: None
    trouble: BaseException | None = None
    troubled: asyncio.Event = field(default_factory=asyncio.Event)
    rewording: Rewording = field(init=False)

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
    )


async def open_house(settings: Settings) -> House:
    """Open a service.  Raises `HelplineError` with a remedy when anything is missing (S59)."""
    refuse_unsafe(settings)
    database = await open_database(settings.database)
    try:
        house = await assemble(settings, database)
    except RosterRefused as fault:
        await database.close()
        why = str(fault) or type(fault).__doc__
        raise ConfigError(f"the roster is refused: {why}; sign and publish a new one with `hamrah roster`") from fault
    except BaseException:
        await database.close()
        raise
    furnish(house)
    return house


async def open_trial(settings: Settings) -> tuple[House, Sequence[tuple[str, str, str]]]:
    """Open a trial, made on the first start; also return its seats: (login, what it is for, pass phrase)."""
    secrets = KeysFolder(settings.keys)
    facts = trial.known(secrets)
    trusting = settings.model_copy(update={"root_fingerprint": facts.root.as_text()})
    database = await open_database(trusting.database, migrate=True)
    try:
        await trial.prepare(
            database,
            accounts=accounts,
            rosters=rosters,
            secrets=secrets,
            shards=Shards(settings.keys),
            countries=[place.code for place in load_content().places.values() if place.level == 0],
            now=clock.now(),
        )
        house = await assemble(trusting, database, is_trial=True)
        if await database.read(lambda c: marks.get(c, _TRIAL_REPORTS)) is None:
            await trial_reports.tell_all(house.talk, clock.now())
            await database.write(lambda c: marks.put(c, _TRIAL_REPORTS, 1, clock.now() // 3_600))
    except BaseException:
        await database.close()
        raise
    furnish(house)
    return house, facts.phrases


async def assemble(
    settings: Settings,
    database: Database,
    *,
    is_trial: bool = False,
    cost: Cost | None = None,
    now: Callable[[], int] = clock.now,
) -> House:
    """Put together what a talk needs around an open database.  `cost`: of stretching a case code, lower in tests only."""
    keys = DailyKeys(settings.keys)
    content = load_content()
    live = load_live({**content.texts, **SOURCES}, content.place_names)
    own = () if settings.audio_dir is None else (settings.audio_dir,)
    voices = LiveVoices(load_voices((locales_folder(), *own), live.wording.texts), live.wording.texts)
    roster = LivingRoster(RootOfTrust.from_text(settings.root_fingerprint))
    roster.load(await database.read(rosters.newest), now=now())
    sealer = Sealer(keys, roster, content.routing.climb_after_s)
    secret = KeysFolder(settings.keys).find_or_make("service")
    errands = Errands(
        MailboxStore(database, settings.retention_days),
        secret,
        cost or Cost(),
        lambda: roster.current(now=now()),
        lambda event: log.error(event),
    )
    house: House
    receive = Receive(database, keys, sealer, lambda: house.flow, make_seeker(content).seek, lambda: house.erased())
    house = House(
        settings,
        database,
        keys,
        roster,
        content,
        live,
        voices.now,
        Talk(receive, errands),
        receive,
        errands,
        Books(BookShelf(database, now)),
        make_flow(settings, content, roster, voices.now, now()),
        is_trial,
        now=now,
    )
    house.rewording = Rewording(database, live, lambda: _reworded(house, voices))
    await house.rewording.look()
    return house


def _reworded(house: House, voices: LiveVoices) -> None:
    """Other words count: recordings of older words are no longer played."""
    voices.follow(house.wording.texts)
    house.refresh()


def furnish(house: House) -> None:
    """Add the web site, the console, and Telegram where a token is set."""
    settings = house.settings
    bundle = Bundle()
    health = Health(house.database, house.roster, house.now)
    chat = Chat(house.talk, lambda: house.wording, lambda: house.flow, house.now, house.voices)
    trial = house.wording.say("", Text("web.trial")) if house.trial else ""
    pages = Pages(
        chat,
        bundle,
        lambda: house.wording,
        lambda: house.flow,
        house.voices,
        house.content.pictures,
        name=settings.name,
        trial=trial,
        away=settings.leave_url,
    )
    private = _private_page(house, bundle, trial)
    upkeep = Upkeep(house.database, house.keys, house.roster, house.now, house.refresh, settings.retention_days)
    house.erased = upkeep.erased
    house.works += [house.books.keep, upkeep.keep, house.rewording.keep, partial(_watch_disk, house.database)]
    routes = [_console(house), *health.routes(), *pages.routes(), *private.routes()]
    door = _with_telegram(house) if settings.telegram_token.get_secret_value() else None

    @asynccontextmanager
    async def lifespan(_: Starlette) -> Any:
        tasks = [asyncio.create_task(work()) for work in house.works]
        for task in tasks:
            task.add_done_callback(house.ended)
        health.ready_from_now()
        try:
            yield
        finally:
            health.stopping()
            await _stop(house, tasks)

    site = Starlette(routes=routes, lifespan=lifespan)
    secure = settings.public_url.startswith("https://")
    house.site = site
    site.add_middleware(SecurityHeaders, secure=secure, passkeys="/" if settings.console_host else "/console")
    if door is not None:
        site.add_middleware(BesideSite, door=door)


def _private_page(house: House, bundle: Bundle, trial: str) -> PrivatePage:
    settings, climb_after_s = house.settings, house.content.routing.climb_after_s
    uploads = UploadStore(house.database)
    return PrivatePage(
        Submitting(uploads, house.errands, house.roster, lambda: house.flow, climb_after_s),
        house.errands,
        lambda: house.database.read(rosters.newest),
        bundle,
        lambda: house.wording,
        lambda: house.flow,
        house.now,
        root=RootOfTrust.from_text(settings.root_fingerprint).as_text(),
        name=settings.name,
        trial=trial,
        away=settings.leave_url,
    )


def _console(house: House) -> BaseRoute:
    """Under /console, or on a host name of its own."""
    settings = house.settings
    address = settings.public_url or f"http://{settings.listen}"
    if settings.console_host:
        address = f"https://{settings.console_host}"
    desk = open_desk(
        house.database,
        living=house.roster,
        root=RootOfTrust.from_text(settings.root_fingerprint),
        keys=settings.keys,
        secret=KeysFolder(settings.keys).find_or_make("service"),
        now=house.now,
    )
    translating = Translating(
        open_wording_desk(house.database, house.live, house.content),
        lambda lang: house.voices.ids().get(lang, frozenset()),
    )
    app = open_console(desk, house.database, translating, name=settings.name, address=address, trial=house.trial)
    return Host(settings.console_host, app) if settings.console_host else Mount("/console", app)


def _with_telegram(house: House) -> WebhookDoor | None:
    """Return where Telegram knocks, unless we poll."""
    settings = house.settings
    request = PooledRequest(settings.telegram_token.get_secret_value(), api_url=settings.telegram_api_url)
    api = Api(request)
    source = "tg:" + settings.telegram_token.get_secret_value().partition(":")[0]
    file_ids = ClipShelf(house.database, source)
    pictures = Picturing(api, house.content.pictures, file_ids)
    sender = Sender(
        api,
        lambda: house.wording,
        house.books,
        pictures=pictures,
        private_page=f"{settings.public_url}/report" if settings.public_url.startswith("https://") else "",
        every_s=house.chat_pace_s,
    )
    sealer = Sealer(house.keys, house.roster, house.content.routing.climb_after_s)
    talk = telegram_talk.TelegramTalk(
        house.talk,
        sender,
        api,
        house.books,
        Unparsed(house.database, house.keys, sealer),
        lambda: house.wording,
        lambda: Say((Text("say.failed"), *number_lines(house.flow, "")), kind=Class.CODE),
        Listening(api, sender, house.books, house.voices, file_ids, lambda: house.wording),
        source=source,
        now=house.now,
    )

    async def send_late(address: bytes, say: Say, lang: str) -> int | None:
        conversation = house.keys.conversation_keys(telegram_talk.CHANNEL, address, now=house.now())[0]
        return await sender.send_late(Parcel(telegram_talk.chat_of_address(address), conversation, say, lang, None))

    sweeper = Sweeper(OutboxNet(house.database, house.now), house.keys, send_late, house.now)
    house.works.append(sweeper.keep)
    house.stops.append(lambda: talk.finish(STOP_WITHIN_S))
    house.stops.append(request.shutdown)
    if settings.telegram_mode == "webhook":
        door = WebhookDoor(settings.webhook_secrets, talk.deliver, talk.keep_unread)
        house.stops.insert(0, lambda: door.finish(STOP_WITHIN_S))
        house.works.append(partial(_announce, api, request, settings))
        return door
    poller = Poller(api, talk.deliver, talk.keep_unread, house.now)
    house.works.append(partial(_poll, request, poller))
    return None


async def _watch_disk(database: Database) -> None:
    """After a failed sync nobody knows what the disk holds: only a new start can tell (R10)."""
    while True:
        await asyncio.sleep(1.0)
        if database.broken is not None:
            raise StorageError(
                "the disk did not keep what was written: check it, then start again"
            ) from database.broken


async def _announce(api: Api, request: PooledRequest, settings: Settings) -> None:
    """Tell Telegram where to bring updates; while it cannot be reached, again and again (R30)."""
    await request.initialize()
    secret = settings.webhook_secrets[0]
    for wait_s in chain((1.0, 2.0, 4.0, 8.0, 16.0), repeat(30.0)):
        try:
            await api.set_webhook(settings.public_url + webhook_path(secret), secret)
            return
        except TokenRejected:
            raise
        except ChannelError as fault:
            log.warning("webhook_not_set", fault=type(fault).__name__)
            await asyncio.sleep(wait_s)


async def _poll(request: PooledRequest, poller: Poller) -> None:
    await request.initialize()
    await poller.run()


async def _stop(house: House, tasks: list[asyncio.Task[None]]) -> None:
    """Stop claiming, finish what has begun, write the books, let go (reliability §10)."""
    reach("F21")
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for stop in house.stops:
        await stop()
    await house.database.checkpoint()
    await house.close()

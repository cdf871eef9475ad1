"""The composition root: it alone knows everybody, puts them together, starts them in order and stops them in order."""

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Host, Mount

from bot import clock
from bot.administering import administering_of
from bot.alerts_end import with_alerts
from bot.auditing_end import auditing_of, keep_heads
from bot.backing_up import HOUR_S, backups_of, folder_of
from bot.channels.telegram.webhook import BesideSite
from bot.channels.web.chat import Chat
from bot.channels.web.headers import SecurityHeaders
from bot.channels.web.pages import Pages
from bot.channels.web.private import PrivatePage
from bot.console.texts import SOURCES
from bot.content.loader import load_content
from bot.core.effects import Text
from bot.core.errors import ConfigError, RosterRefused, StorageError
from bot.core.failpoints import reach
from bot.health import Health, Wellness
from bot.house import House, make_flow, notifier_is_there
from bot.metrics import Sight, Timed, Watching
from bot.office import (
    Translating,
    open_console,
    open_desk,
    open_people,
    open_readership,
    open_voicing,
    open_wording_desk,
)
from bot.recontent import LiveMapping, Recontent, Taken
from bot.revoicing import Revoicing
from bot.rewording import Rewording
from bot.sealing.keys_folder import KeysFolder
from bot.sealing.notice import ChatSealer, NotifierKeys, PublishedKey
from bot.sealing.roster import LivingRoster, RootOfTrust
from bot.sealing.shards import Shards
from bot.sealing.stretch import Cost
from bot.sealing.today import DailyKeys
from bot.services import trial, trial_reports
from bot.services.books import Books
from bot.services.errands import Errands
from bot.services.noticing import SealChat
from bot.services.page_mailbox import PageMailbox
from bot.services.page_writing import PageWriting
from bot.services.receive import Receive
from bot.services.report import Sealer
from bot.services.submitting import Submitting
from bot.services.talk import Talk
from bot.settings import Settings
from bot.starting import refuse_strange_keys, refuse_unsafe
from bot.stores import BookShelf, MailboxStore, UploadStore
from bot.telegram_end import with_telegram
from bot.upkeep import Upkeep
from bot.web.bundle import Bundle
from bot.wording.live import load_live
from bot.wording.registry import locales_folder
from bot.wording.voices import LiveVoices, load_voices
from storage import Database, accounts, marks, open_database, rosters

_TRIAL_REPORTS = "trial-reports"

log = structlog.get_logger()


async def open_house(settings: Settings) -> House:
    """Open a service.  Raises `HelplineError` with a remedy when anything is missing (S59)."""
    refuse_unsafe(settings)
    database = await open_database(settings.database)
    try:
        refuse_strange_keys(
            settings, await database.read(rosters.newest) if await database.read(rosters.newest_version) else b""
        )
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


async def open_trial(settings: Settings) -> tuple[House, str]:
    """Open a trial, made on the first start; also return the pass phrase of its seats."""
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
    return house, facts.phrase


async def assemble(
    settings: Settings,
    database: Database,
    *,
    is_trial: bool = False,
    cost: Cost | None = None,
    now: Callable[[], int] = clock.now,
) -> House:
    """Put together what a talk needs around an open database.  `cost`: of stretching a case code, lower in tests only."""
    house: House
    keys = DailyKeys(settings.keys)
    content = load_content()
    live = load_live({**content.texts, **SOURCES}, content.place_names)
    own = () if settings.audio_dir is None else (settings.audio_dir,)
    shipped = load_voices((locales_folder(), *own), live.wording.texts)
    chains = {tag: language.fallback for tag, language in live.wording.registry.languages.items()}
    voices = LiveVoices(shipped, live.wording.texts, chains)
    roster = LivingRoster(RootOfTrust.from_text(settings.root_fingerprint))
    roster.load(await database.read(rosters.newest), now=now())
    climbing = LiveMapping(lambda: house.content.routing.climb_after_s)
    sealer = Sealer(keys, roster, climbing)
    secret = KeysFolder(settings.keys).find_or_make("service")
    errands = Errands(
        MailboxStore(database, lambda: house.settings.retention_days),
        secret,
        cost or Cost(),
        lambda: roster.current(now=now()),
        lambda event: log.error(event),
    )
    receive = Receive(
        database,
        keys,
        sealer,
        lambda: house.flow,
        lambda words: house.recontent.seek(words),
        lambda: house.erased(),
        _seal_chat(settings),
    )
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
    house.revoicing = Revoicing(database, voices, settings.data_dir / "clips", lambda: house.refresh())
    house.recontent = Recontent(database, content, settings, lambda taken: _recontent(house, taken))
    house.readership = open_readership(database)
    await house.recontent.look()
    await house.rewording.look()
    return house


def _seal_chat(settings: Settings) -> SealChat | None:
    """Where no messenger could tell anybody anything, nobody is asked."""
    if not settings.telegram_token.get_secret_value():
        return None
    apart = settings.notifier_socket is not None
    return ChatSealer(PublishedKey(settings.keys) if apart else NotifierKeys(KeysFolder(settings.keys)))


def _reworded(house: House, voices: LiveVoices) -> None:
    """Other words count: recordings of older words are no longer played."""
    voices.follow(house.wording.texts)
    house.refresh()


async def _recontent(house: House, taken: Taken) -> None:
    """Other content counts: its words first, then what names them."""
    house.live.follow({**taken.content.texts, **SOURCES}, taken.content.place_names)
    await house.rewording.look(anew=True)
    house.content, house.settings = taken.content, taken.settings
    house.refresh()


def furnish(house: House) -> None:
    """Add the web site, the console, and Telegram where a token is set."""
    settings = house.settings
    bundle = Bundle()
    health = Health(house.database, house.roster, house.now, wellness_of(house))
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
    auditing = auditing_of(house)
    upkeep = Upkeep(
        house.database,
        house.keys,
        house.roster,
        house.now,
        house.refresh,
        lambda: house.settings.retention_days,
        lambda now: auditing.end(now=now),
        house.readership,
    )
    house.erased = upkeep.erased
    house.works += [
        house.books.keep,
        upkeep.keep,
        house.rewording.keep,
        house.revoicing.keep,
        house.recontent.keep,
        partial(_watch_disk, house.database),
        partial(keep_heads, auditing, settings.witness_file, house.now),
    ]
    if settings.backup_key is not None:
        house.works.append(backups_of(settings, house.database, house.now).keep)
    if settings.metrics_listen:
        house.works.append(watching_of(house).keep)
    routes = [_console(house), *health.routes(), *pages.routes(), *private.routes()]
    door = with_telegram(house) if settings.telegram_token.get_secret_value() else None
    routes = [*with_alerts(house), *routes]

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
    site.add_middleware(Timed, metrics=house.metrics)


def wellness_of(house: House) -> Wellness:
    return Wellness(
        house.database,
        house.roster,
        house.settings.data_dir,
        lambda: house.rewording.well,
        lambda: house.now(),
        lambda: notifier_is_there(house.settings, house.now()),
    )


def watching_of(house: House) -> Watching:
    settings = house.settings
    host, _, port = settings.metrics_listen.rpartition(":")

    def backup_age() -> int | None:
        newest = folder_of(settings, house.now).found()[:1] if settings.backup_key else ()
        return house.now() - newest[0][0] * HOUR_S if newest else None

    sight = Sight(
        house.database,
        house.roster,
        settings.data_dir,
        backup_age,
        house.now,
        lambda: house.readership.last,
        wellness_of(house),
    )
    return Watching(house.metrics, sight, host.strip("[]"), int(port))


def _private_page(house: House, bundle: Bundle, trial: str) -> PrivatePage:
    settings = house.settings
    climb_after_s = LiveMapping(lambda: house.content.routing.climb_after_s)
    uploads = UploadStore(house.database)
    mailbox = PageMailbox(
        MailboxStore(house.database, lambda: settings.retention_days),
        lambda: house.flow.hours,
        erased=lambda: house.erased(),
    )
    return PrivatePage(
        Submitting(uploads, house.errands, house.roster, lambda: house.flow, climb_after_s),
        house.errands,
        mailbox,
        PageWriting(mailbox, uploads, house.roster),
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
    secret = KeysFolder(settings.keys).find_or_make("service")
    desk = open_desk(
        house.database,
        living=house.roster,
        root=RootOfTrust.from_text(settings.root_fingerprint),
        keys=settings.keys,
        secret=secret,
        now=house.now,
        wording=lambda: house.live.wording,
        prepared_first=True,
        answer_within_s=LiveMapping(lambda: house.content.routing.answer_within_s),
    )
    house.partings.append(desk.watch.close)
    wording = open_wording_desk(house.database, house.live, lambda: house.content)
    translating = Translating(wording, open_voicing(house.database, wording, lambda: house.voices))
    administering = administering_of(house)
    app = open_console(
        desk,
        house.database,
        translating,
        administering,
        auditing_of(house),
        open_people(house.database, house.roster, settings.keys),
        name=settings.name,
        address=address,
        trial=house.trial,
        one_time_key=secret if settings.totp_allowed else None,
    )
    return Host(settings.console_host, app) if settings.console_host else Mount("/console", app)


async def _watch_disk(database: Database) -> None:
    """After a failed sync nobody knows what the disk holds: only a new start can tell (R10)."""
    while True:
        await asyncio.sleep(1.0)
        if database.broken is not None:
            raise StorageError(
                "the disk did not keep what was written: check it, then start again"
            ) from database.broken


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

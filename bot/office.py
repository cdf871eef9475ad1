"""Puts the console together: storage behind its ports, and the doors to sign in by.  Part of the composition root."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette

from bot.console import room
from bot.console.app import doors, make_console, passkey_doors, phrase_doors
from bot.console.audit import Trail, audit_doors
from bot.console.catalog import Catalog
from bot.console.content import content_doors
from bot.console.endpoints import Desk, Trust
from bot.console.figures import MONTHS, figures_doors
from bot.console.join_doors import join_doors
from bot.console.one_time_doors import one_time_doors
from bot.console.pages import House, Pages, load_assets
from bot.console.passkeys import Passkeys
from bot.console.people import People, people_doors
from bot.console.room import room_doors
from bot.console.teams import teams_doors
from bot.console.wording import wording_doors
from bot.console.wording_asked import Voicing
from bot.console.wording_company import Company, reported_in
from bot.content.model import Content
from bot.core.months import month_of
from bot.core.voice import SAID
from bot.office_work import open_work
from bot.sealing.officer_keys import COST
from bot.sealing.roster import LivingRoster, RootOfTrust
from bot.sealing.shards import Shards
from bot.services.auditing import Auditing
from bot.services.content_desk import ContentDesk
from bot.services.figures import Figures
from bot.services.glossary import Glossary
from bot.services.officers.casework import Casework
from bot.services.officers.joining import Joining
from bot.services.officers.leaving import Leaving
from bot.services.officers.live import Watch
from bot.services.officers.one_time import OneTimeCodes
from bot.services.officers.prepared import Wording
from bot.services.officers.queue import Queue
from bot.services.officers.sign_in import Sessions, SignIn
from bot.services.readership import Readership
from bot.services.ruling import Ruling
from bot.services.voice_desk import VoiceDesk
from bot.services.wording_desk import WordingDesk
from bot.web.bundle import DIST
from bot.wording.live import LiveWording
from bot.wording.voices import Voices
from storage import (
    Database,
    accounts,
    audit,
    cases,
    company,
    deeds,
    entries,
    epochs,
    invitations,
    mailboxes,
    one_time,
    passkeys,
    pulse,
    queue,
    readership,
    recordings,
    rosters,
    sessions,
    tallies,
    visits,
    voices,
    wordings,
)


def open_desk(
    database: Database,
    *,
    living: LivingRoster,
    root: RootOfTrust,
    keys: Path,
    secret: bytes,
    now: Callable[[], int],
    wording: Callable[[], Wording],
    prepared_first: bool,
    answer_within_s: Mapping[str, int],
    cost: str = COST.as_text(),
) -> Desk:
    """The use cases of officers.  `keys`: the keys folder; `secret`: of the service, at least 32 bytes.

    `prepared_first`: the first answer to a child is made of prepared sentences (S53).  `answer_within_s`: urgency → seconds.
    """
    work = open_work(database, living, keys, wording, prepared_first=prepared_first)
    lookup = Sessions(database, accounts=accounts, sessions=sessions, roster=lambda at: living.current(now=at))
    sign_in = SignIn(
        database,
        lookup,
        accounts=accounts,
        rows=sessions,
        ledger=audit,
        shards=Shards(keys),
        secret=secret,
        cost=cost,
    )
    casework = Casework(
        database,
        cases=cases,
        mailboxes=mailboxes,
        sounds=voices,
        deeds=deeds,
        tallies=tallies,
        ledger=audit,
        roster_version=lambda at: living.current(now=at).version,
        first=work.prepared,
    )
    trust = Trust(root.as_text(), lambda: database.read(rosters.newest), lambda at: living.current(now=at))
    listing = Queue(database, queues=queue, ledger=audit, within=answer_within_s)
    watch = Watch(
        database,
        cases=cases,
        pulse=pulse,
        sessions=lookup,
        rows=sessions,
        visits=company,
        roster=lambda at: living.current(now=at),
        now=now,
    )
    return Desk(lookup, sign_in, listing, casework, work, trust, now, watch)


def open_joining(database: Database, living: LivingRoster, keys: Path, cost: str = COST.as_text()) -> Joining:
    return Joining(
        database,
        invitations=invitations,
        accounts=accounts,
        shards=Shards(keys),
        ledger=audit,
        roster=lambda at: living.current(now=at),
        cost=cost,
    )


def open_leaving(database: Database, keys: Path) -> Leaving:
    return Leaving(
        database,
        accounts=accounts,
        epochs=epochs,
        losing=readership,
        cases=cases,
        documents=rosters.newest,
        shards=Shards(keys),
        ledger=audit,
    )


def open_readership(database: Database) -> Readership:
    return Readership(database, rows=readership, accounts=accounts)


def open_codes(desk: Desk, database: Database, service: bytes, issuer: str) -> OneTimeCodes:
    return OneTimeCodes(
        database,
        desk.sign_in,
        rows=one_time,
        passkeys=passkeys,
        accounts=accounts,
        ledger=audit,
        service=service,
        issuer=issuer,
    )


def open_people(database: Database, living: LivingRoster, keys: Path, cost: str = COST.as_text()) -> People:
    joining = open_joining(database, living, keys, cost)
    return People(joining, open_leaving(database, keys), lambda: database.read(accounts.everybody))


@dataclass(frozen=True, slots=True)
class Translating:
    """The translators' desk, and that of recordings."""

    desk: WordingDesk
    voicing: Voicing


def open_wording_desk(database: Database, live: LiveWording, content: Callable[[], Content]) -> WordingDesk:
    return WordingDesk(database, rows=wordings, ledger=audit, live=live, content=content)


def open_voicing(database: Database, wording: WordingDesk, heard: Callable[[], Voices]) -> Voicing:
    """`heard`: what can be heard now."""
    return Voicing(
        VoiceDesk(database, rows=recordings, ledger=audit, wording=wording),
        lambda lang: heard().ids().get(lang, frozenset()),
        lambda lang, text: heard().find(lang, text),
    )


@dataclass(frozen=True, slots=True)
class Administering:
    """The administrators' desk and room.  `content`: what counts in this replica."""

    desk: ContentDesk
    content: Callable[[], Content]
    ruling: Ruling
    house: room.House


def open_console(
    desk: Desk,
    database: Database,
    translating: Translating,
    administering: Administering,
    auditing: Auditing,
    people: People,
    *,
    name: str,
    address: str,
    trial: bool,
    one_time_key: bytes | None = None,
    dist: Path = DIST,
) -> Starlette:
    """`address`: where browsers reach the console, "https://host" or a trial's "http://127.0.0.1:8080".

    `one_time_key`: the service's key, where officers may sign in with one-time codes.
    """
    origins = origins_of(address)
    listed = doors(desk)
    codes: OneTimeCodes | None = None
    if trial:
        listed += phrase_doors(desk)
    else:
        rp_id = urlsplit(address).hostname or ""
        codes = open_codes(desk, database, one_time_key, name) if one_time_key else None
        listed += passkey_doors(
            desk,
            Passkeys(
                desk,
                database,
                rows=passkeys,
                accounts=accounts,
                rp_id=rp_id,
                rp_name=name,
                origins=origins,
                codes=codes,
            ),
        )
    catalog = Catalog(lambda: translating.desk.live.wording, answers=lambda: administering.content().answers)
    pages = Pages(House(name, trial=trial, passkeys=not trial, codes=codes is not None), catalog, load_assets(dist))
    listed += figures_doors(Figures(database, tallies=tallies), pages, desk.now)
    listed += join_doors(desk, people.joining, pages) + people_doors(desk, people, pages)
    if codes is not None:
        listed += one_time_doors(desk, codes, pages)
    listed += audit_doors(desk, database, Trail(audit, accounts), auditing, pages)
    wording = translating.desk.live
    listed += content_doors(desk, administering.desk, pages, administering.content, lambda: wording.wording)

    async def reported(lang: str) -> frozenset[str]:
        since = month_of(desk.now()) - MONTHS + 1
        return reported_in(await database.read(lambda conn: tallies.of(conn, SAID, since)), lang)

    listed += room_doors(desk, database, administering.ruling, pages, administering.house)
    listed += teams_doors(desk, database, pages, administering.house.people, administering.content)
    listed += wording_doors(
        desk,
        translating.desk,
        pages,
        translating.voicing,
        Glossary(database, rows=entries, ledger=audit),
        Company(database, visits),
        administering.ruling.languages_of,
        reported,
    )
    return make_console(desk, pages, listed, origins=origins)


def origins_of(address: str) -> frozenset[str]:
    """The origin of `address`; a trial on this machine answers by number and by name."""
    parts = urlsplit(address)
    port = f":{parts.port}" if parts.port else ""
    hosts = {parts.hostname or ""}
    if hosts & {"127.0.0.1", "localhost"}:
        hosts = {"127.0.0.1", "localhost"}
    return frozenset(f"{parts.scheme}://{host}{port}" for host in hosts)

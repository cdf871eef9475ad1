"""A whole console on an in-memory database: the trial's officers, sealed cases, and a clock that tests set."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from bot.auditing_end import open_auditing
from bot.channels.web.headers import SecurityHeaders
from bot.console import room
from bot.console.app import doors, make_console, passkey_doors, phrase_doors
from bot.console.audit import Trail, audit_doors
from bot.console.catalog import Catalog
from bot.console.content import content_doors
from bot.console.doors import Door
from bot.console.endpoints import Desk
from bot.console.figures import figures_doors
from bot.console.join_doors import join_doors
from bot.console.one_time_doors import one_time_doors
from bot.console.pages import House, Pages, load_assets
from bot.console.passkeys import Passkeys
from bot.console.people import people_doors
from bot.console.room import room_doors
from bot.console.teams import teams_doors
from bot.console.texts import SOURCES
from bot.console.wording import wording_doors
from bot.console.wording_company import Company, reported_in
from bot.content.loader import load_content
from bot.content.model import Content
from bot.core.case import Wish
from bot.core.effects import Cover, Deliver, Feedback, Routing, Seal
from bot.core.private import Private
from bot.core.voice import SAID
from bot.core.writes import CaseHead, Decided, ForgetAnswers, ForgetMailbox, KeepVoice, Knock, OpenCase
from bot.office import open_codes, open_desk, open_people, open_voicing, open_wording_desk
from bot.revoicing import Revoicing
from bot.rewording import Rewording
from bot.sealing.case_code import new_code
from bot.sealing.chain import Head
from bot.sealing.chunks import seal_file
from bot.sealing.context import Context, new_id
from bot.sealing.keys import key_id
from bot.sealing.keys_folder import KeysFolder
from bot.sealing.mailbox import Mailbox, auth_hash, derive, emptied_mark
from bot.sealing.officer_keys import COST
from bot.sealing.roster import LivingRoster, sign_roster
from bot.sealing.roster_document import RootKeys, read_body, read_document
from bot.sealing.shards import Shards
from bot.sealing.signing import signing_public
from bot.sealing.stretch import Cost
from bot.sealing.today import DailyKeys
from bot.services import trial
from bot.services.auditing import Auditing
from bot.services.content_desk import ContentDesk
from bot.services.feedback import seal_feedback
from bot.services.figures import Figures
from bot.services.glossary import Glossary
from bot.services.officers.joining import Joining
from bot.services.officers.one_time import OneTimeCodes
from bot.services.report import Sealer
from bot.services.ruling import Ruling
from bot.services.session import NewMailbox
from bot.services.voice_turn import Sound
from bot.settings import Settings
from bot.starting import language_faults
from bot.wording.live import LiveWording, load_live
from bot.wording.voices import NO_VOICES, LiveVoices
from storage import (
    Database,
    accounts,
    audit,
    cases,
    entries,
    mailboxes,
    open_database,
    passkeys,
    rosters,
    tallies,
    visits,
)

DIST = Path(__file__).parents[2] / "bot" / "web" / "dist"
START = 1_790_000_000


@dataclass(slots=True)
class Clock:
    now: int = START

    def __call__(self) -> int:
        return self.now


@dataclass(frozen=True, slots=True)
class SeededCase:
    """A case as its reporter knows it."""

    id: bytes
    mailbox: Mailbox


@dataclass(slots=True, repr=False)
class World:
    database: Database
    clock: Clock
    trial: trial.Trial
    content: Content
    living: LivingRoster
    sealer: Sealer
    desk: Desk
    pages: Pages
    doors: tuple[Door, ...]
    origins: frozenset[str]
    keys: Path
    live: LiveWording
    rewording: Rewording
    auditing: Auditing
    joining: Joining
    voices: LiveVoices
    revoicing: Revoicing
    site: ASGIApp = field(init=False)

    def __post_init__(self) -> None:
        console = make_console(self.desk, self.pages, self.doors, origins=self.origins)
        site = Starlette(routes=[Mount("/console", console)])
        self.site = SecurityHeaders(site, secure=False, passkeys="/console")

    def phrase(self, login: str) -> str:
        assert login in {seat.login for seat in trial.SEATS}
        return self.trial.phrase

    async def case(
        self,
        words: Sequence[tuple[str, str]] = (("words-what", "They keep my passport."),),
        *,
        place: str = "PK-SD",
        answers: Mapping[str, tuple[str, ...]] | None = None,
        reasons: tuple[str, ...] = ("reason.danger-now",),
        urgency: str = "U0",
        language: str = "en",
        age: str = "12-14",
        concern: str = "work",
        pair_only: bool = False,
    ) -> SeededCase:
        """A report sealed and delivered the way the helpline does it."""
        now = self.clock()
        routing = Routing((place,), concern, pair_only=pair_only)
        draft, writes = self.sealer.begin(now)
        for ask, text in words:
            draft, more = self.sealer.seal_words(draft, Seal(ask, Private(text)), now)
            writes += more
        draft, more = self.sealer.fix(draft, routing, now)
        code, salt = new_code(), os.urandom(16)
        box = derive(code, salt, Cost.for_tests())
        kept = NewMailbox(box.id, code.locator, salt, auth_hash(box.auth), box.kem_public, Cost.for_tests().as_text())
        cover = Cover(age, reasons, concern, answers or {"danger": ("now",), "concern": (concern,)})
        deliver = Deliver(cover, language, place[:5], concern, urgency, routing)
        writes += [*more, *self.sealer.deliver(draft, kept, deliver, "web", now)]
        await self._take(writes)
        return SeededCase(draft.case, box)

    async def feedback(
        self, words: str = "More school buses.", concern: str = "proposal", about: str = "proposal"
    ) -> bytes:
        """Words about the service, sealed the way the helpline does it; returns the case."""
        routing = Routing((), concern, team=self.content.routing.feedback_team)
        said = Feedback(about, "", Private(words), concern, "ur", routing)
        writes = seal_feedback(self.sealer, said, "web", self.clock())
        await self._take(writes)
        return next(one.id for one in writes if isinstance(one, OpenCase))

    async def writes_back(self, case: SeededCase, text: str) -> None:
        """The child writes again."""
        found = await self.database.read(lambda conn: cases.find(conn, case.id))
        assert found is not None
        head = CaseHead(found.id, found.public, found.count, found.head)
        await self._take(self.sealer.write_back(head, text, self.clock()))

    async def sends_sound(self, case: SeededCase, sound: bytes, seconds: int) -> bytes:
        """The child sends a voice note, sealed the way the helpline does it; returns its record."""
        return await self._sends(case, "voice", sound, "", seconds)

    async def sends_picture(self, case: SeededCase, picture: bytes) -> bytes:
        """The child sends a picture, sealed the way the private page does it; returns its record."""
        return await self._sends(case, "picture", picture, "words-what", 0)

    async def _sends(self, case: SeededCase, kind: str, file: bytes, ask: str, seconds: int) -> bytes:
        found = await self.database.read(lambda conn: cases.find(conn, case.id))
        assert found is not None
        roster, record = self.living.current(now=self.clock()), new_id()
        context = Context(
            deployment=roster.deployment,
            roster_version=roster.version,
            case_id=found.id,
            record_id=record,
            kind=kind,
            seq=0,
            recipient=key_id(found.public),
        )
        sealed = Sound(record, seal_file(found.public, context, file), seconds, roster.version)
        head = CaseHead(found.id, found.public, found.count, found.head)
        added = self.sealer.add(head, kind, sealed.content(ask), self.clock(), id=record)
        await self._take([*added, KeepVoice(found.id, record, sealed.envelope)])
        return record

    async def takes_back(self, case: SeededCase, wish: Wish = Wish.STOP) -> None:
        """The child takes the report back, or lets the helpers go on."""
        found = await self.database.read(lambda conn: cases.find(conn, case.id))
        assert found is not None
        head = CaseHead(found.id, found.public, found.count, found.head)
        await self._take(self.sealer.tell_wish(head, wish, self.clock()))

    async def empties(self, case: SeededCase) -> None:
        """The child deletes every answer there is."""
        count, last = await self.database.read(lambda conn: mailboxes.head_of(conn, case.mailbox.id))
        mark = emptied_mark(case.mailbox, Head(count, last))
        await self._take([ForgetAnswers(case.mailbox.id, count, last, mark)])

    async def closes(self, case: SeededCase) -> None:
        """The child gives the mailbox up."""
        await self._take([ForgetMailbox(case.mailbox.id)])

    async def new_roster(self) -> None:
        """The root signs the same officers again; the service takes the newer roster over."""
        root_seed = KeysFolder(self.keys).find_or_make("trial-root")
        document = read_document(await self.database.read(rosters.newest))
        body = read_body(document.body)
        newer = replace(body, version=body.version + 1, issued=self.clock())
        signed = sign_roster(newer, RootKeys((signing_public(root_seed),), 1), [root_seed], document.keys)
        await self.database.write(lambda conn: rosters.put(conn, newer.version, self.clock() // 86_400, signed))
        self.living.load(signed, now=self.clock())

    async def trail(self) -> list[dict[str, Any]]:
        """Every entry of the audit log, in its order."""
        await self.database.write(audit.chain_new)
        return [json.loads(leaf.entry) for leaf in await self.database.read(audit.leaves)]

    async def _take(self, writes: Sequence[Any]) -> None:
        knock = Knock("test", None, (os.urandom(32),), self.clock())
        await self.database.take(knock, lambda _: None, lambda _: Decided(None, tuple(writes)))


@cache
def _said() -> tuple[Content, LiveWording]:
    """What the helpline and the console say, read once."""
    content = load_content()
    return content, load_live({**content.texts, **SOURCES}, content.place_names)


def _live() -> tuple[Content, LiveWording]:
    """Words of this world's own: what is published in it counts nowhere else."""
    content, read = _said()
    return content, LiveWording(read.wording.registry, read.released, read.base, read.wording.places)


async def make_world(
    folder: Path,
    *,
    origins: frozenset[str] = frozenset({"http://testserver"}),
    cost: Cost = COST,
    url: str = "sqlite:///:memory:",
    clock: Clock | None = None,
    assets: Path = DIST,
    passkeys_of: str = "",
    codes: bool = False,
    prepared_first: bool = False,
) -> World:
    """`cost`: what pass phrases cost; a browser's vault refuses less than a service's.

    `prepared_first`: as in a service, the first answer is made of prepared sentences; most tests are about other answers.
    `passkeys_of`: the host name that passkeys belong to; without one the pass phrase alone signs in.
    `codes`: one-time codes sign in too.
    """
    clock = clock or Clock()
    keys = KeysFolder(folder / "keys")
    keys.prepare()
    shards = Shards(folder / "keys")
    database = await open_database(url, migrate=True)
    content, live = _live()
    made = await trial.prepare(
        database,
        accounts=accounts,
        rosters=rosters,
        secrets=keys,
        shards=shards,
        countries=[code for code, place in content.places.items() if place.level == 0],
        now=clock(),
        cost=cost,
    )
    living = LivingRoster(made.root)
    living.load(await database.read(rosters.newest), now=clock())
    desk = open_desk(
        database,
        living=living,
        root=made.root,
        keys=folder / "keys",
        secret=keys.find_or_make("service"),
        now=clock,
        wording=lambda: live.wording,
        prepared_first=prepared_first,
        answer_within_s=content.routing.answer_within_s,
        cost=cost.as_text(),
    )
    pages = Pages(
        House("Hamrah", trial=True, passkeys=bool(passkeys_of), codes=codes),
        Catalog(lambda: live.wording),
        load_assets(assets),
    )
    sealer = Sealer(DailyKeys(folder / "keys"), living, content.routing.climb_after_s)
    counting = figures_doors(Figures(database, tallies=tallies), pages, clock)
    translating = open_wording_desk(database, live, lambda: content)
    voices = LiveVoices(NO_VOICES, live.wording.texts)
    voicing = open_voicing(database, translating, lambda: voices.now)
    settings = Settings.model_validate({"root_fingerprint": made.root.as_text()})
    ruling = Ruling(database, rows=entries, ledger=audit, settings=lambda: settings, faults=language_faults)

    async def reported(lang: str) -> frozenset[str]:
        return reported_in(await database.read(lambda conn: tallies.of(conn, SAID)), lang)

    auditing = open_auditing(database, folder / "keys", living.last().deployment)
    people = open_people(database, living, folder / "keys", cost.as_text())
    one_time = open_codes(desk, database, keys.find_or_make("service"), "Hamrah") if codes else None
    listed = (
        *doors(desk),
        *content_doors(
            desk, ContentDesk(database, rows=entries, ledger=audit), pages, lambda: content, lambda: live.wording
        ),
        *room_doors(desk, database, ruling, pages, room_of_tests(ruling)),
        *teams_doors(desk, database, pages, accounts.everybody, lambda: content),
        *wording_doors(
            desk,
            translating,
            pages,
            voicing,
            Glossary(database, rows=entries, ledger=audit),
            Company(database, visits),
            ruling.languages_of,
            reported,
        ),
        *counting,
        *join_doors(desk, people.joining, pages),
        *people_doors(desk, people, pages),
        *audit_doors(desk, database, Trail(audit, accounts), auditing, pages),
        *(_by_passkey(desk, database, passkeys_of, origins, one_time) if passkeys_of else phrase_doors(desk)),
        *(one_time_doors(desk, one_time, pages) if one_time else ()),
    )
    rewording = Rewording(database, live, lambda: voices.follow(live.wording.texts))
    revoicing = Revoicing(database, voices, folder / "clips", lambda: None)
    return World(
        database,
        clock,
        made,
        content,
        living,
        sealer,
        desk,
        pages,
        listed,
        origins,
        folder / "keys",
        live,
        rewording,
        auditing,
        people.joining,
        voices,
        revoicing,
    )


def room_of_tests(ruling: Ruling) -> room.House:
    async def checks() -> Sequence[room.Check]:
        return [("roster", True, "version 1"), ("content", False, "one fault")]

    async def poster(campaign: str, lang: str) -> str | None:
        return f"<svg>{campaign} {lang}</svg>"

    return room.House(checks, poster, lambda campaign: (f"https://x.example/#{campaign}",), accounts.everybody)


def _by_passkey(
    desk: Desk, database: Database, host: str, origins: frozenset[str], codes: OneTimeCodes | None
) -> tuple[Door, ...]:
    rows = Passkeys(
        desk,
        database,
        rows=passkeys,
        accounts=accounts,
        rp_id=host,
        rp_name="Hamrah",
        origins=origins,
        codes=codes,
    )
    return passkey_doors(desk, rows)

"""The real services on a real database: `await helpline.tells(...)`, `await helpline.officer_reads("amna")`.

Nothing is pretended but the clock and the cost of stretching a code: sealing, roster, storage and keys are those of the
program.  Officers open what was sent with keys that the services never see.
"""

import json
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from bot.core.case import Deed, Standing, do
from bot.core.events import Event, Looked, Sent, Wrote
from bot.core.flow import Flow
from bot.core.private import Private
from bot.sealing.chain import Head
from bot.sealing.chunks import file_hash, open_file
from bot.sealing.context import Context, new_id
from bot.sealing.keys import key_id, public_key
from bot.sealing.keys_folder import KeysFolder
from bot.sealing.record import open_record, record_hash
from bot.sealing.reply import seal_reply, sign_reply, write_reply
from bot.sealing.roster import LivingRoster
from bot.sealing.slot import open_slot, slot_context
from bot.sealing.slot_list import check_slots
from bot.sealing.stretch import Cost
from bot.sealing.today import DailyKeys
from bot.services.errands import Errands
from bot.services.outgoing import Contact, Outgoing
from bot.services.receive import Answer as Outcome
from bot.services.receive import Receive
from bot.services.report import Sealer
from bot.services.talk import Talk
from bot.services.unparsed import Unparsed
from bot.stores import MailboxStore
from storage import Database, cases, mailboxes, open_database, voices
from storage.revisions import require_newest
from storage.schema import cases as case_table
from storage.sqlite import MEMORY, SqliteDatabase
from tests.people import DAY_S, People, Person
from tests.talking import NOON, Answer, Ears, content, real_flow, seeker

IN_MEMORY = "sqlite:///:memory:"
_migrated: list[bytes] = []


@dataclass(frozen=True, slots=True)
class Report:
    """A case as an officer reads it.  `words`: (question, words) in order; `messages`: written back later.

    `check`: the question that proves who is writing and its answer, in order; `wishes`: whether helpers should stop.
    `voices`: (question, seconds, sound) of voice notes, in order.
    """

    case: bytes
    teams: tuple[str, ...]
    urgency: str
    language: str
    region: str
    concern: str
    cover: Mapping[str, Any]
    answers: Mapping[str, list[str]]
    words: tuple[tuple[str, str], ...]
    messages: tuple[str, ...]
    check: tuple[tuple[str, str], ...] = ()
    wishes: tuple[str, ...] = ()
    voices: tuple[tuple[str, int, bytes], ...] = ()


@dataclass(slots=True, repr=False)
class Helpline:
    """Everything between a channel and the database.  `now`: the one clock; `folder`: of the keys no database holds.

    `waited`: seconds that wrong codes had to wait; in tests nobody does.
    """

    folder: Path
    database: Database
    people: People
    flow: Flow
    keys: DailyKeys
    roster: LivingRoster
    sealer: Sealer
    receive: Receive
    errands: Errands
    talk: Talk
    unparsed: Unparsed
    now: int = NOON
    alarms: list[str] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    _phones: dict[tuple[str, str], "Reporter"] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def reporter(self, name: str = "sara", channel: str = "telegram") -> "Reporter":
        """Somebody with a phone: the same one for the same name."""
        contact = Contact(channel, name.encode(), f"chat of {name}".encode())
        return self._phones.setdefault((name, channel), Reporter(self, contact))

    async def tells(self, answers: Mapping[str, Answer] | None = None, *, name: str = "sara") -> str:
        """A whole report, from hello to the code."""
        reporter = self.reporter(name)
        await reporter.opens()
        return await reporter.tells_all(answers or {})

    def hang_up(self) -> None:
        """Forget every phone: a long run meets too many of them."""
        self._phones.clear()

    def next_number(self) -> int:
        return next(self._numbers)

    # --- the officers' side ---

    async def officer_reads(self, officer: str = "amna") -> list[Report]:
        """Every case that this officer's key opens, in the order of the database."""
        return await self.opened_by(self.people.officers[officer])

    async def opened_by(self, person: Person) -> list[Report]:
        ids = await self.case_ids()
        found = await self.database.read(lambda c: [self._open(c, id, person) for id in ids])
        return [report for report in found if report is not None]

    async def case_ids(self) -> list[bytes]:
        return await self.database.read(lambda c: list(c.execute(select(case_table.c.id)).scalars()))

    async def readers_of(self, case: bytes) -> set[str]:
        """The people whose keys have a slot, the recovery key included."""
        slots = await self.database.read(lambda c: cases.slots_of(c, case))
        everybody = [*self.people.officers.values(), *([self.people.recovery] if self.people.recovery else [])]
        names = {key_id(public_key(p.seed)): p.id for p in everybody}
        return {names[slot.key] for slot in slots}

    async def officer_answers(self, case: bytes, words: str, officer: str = "amna") -> None:
        """Open, claim and answer, as the console and the officer's vault do."""
        person = self.people.officers[officer]
        await self.database.write(lambda c: self._answer(c, case, words, person))

    def _open(self, conn: Connection, id: bytes, person: Person) -> Report | None:
        case, slots = cases.find(conn, id), cases.slots_of(conn, id)
        mine = next((s for s in slots if s.key == key_id(public_key(person.seed))), None)
        if case is None or mine is None:
            return None
        seed = self._case_seed(case, mine, person)
        check = check_slots(
            seed, case.slot_list, deployment=self.people.deployment, case_id=id, present={s.key: s.slot for s in slots}
        )
        assert check.holds
        opened = list(self._records(conn, case, seed))
        by_kind = dict(opened)
        told = [(kind, (held.get("ask", ""), held["text"])) for kind, held in opened if "text" in held]
        return Report(
            case=id,
            teams=case.teams,
            urgency=case.urgency,
            language=case.language,
            region=case.region,
            concern=case.concern,
            cover=by_kind["cover"],
            answers=by_kind["answers"]["answers"],
            words=tuple(pair for kind, pair in told if kind == "words" and not pair[0].startswith("check-")),
            messages=tuple(text for kind, (ask, text) in told if kind == "message" and not ask),
            check=tuple(pair for _, pair in told if pair[0].startswith("check-")),
            wishes=tuple(held["wish"] for _, held in opened if "wish" in held),
            voices=tuple(self._sound(conn, case, seed, held) for kind, held in opened if kind == "voice"),
        )

    def _sound(
        self, conn: Connection, case: cases.Case, seed: bytes, held: Mapping[str, Any]
    ) -> tuple[str, int, bytes]:
        """The sound that a record of the chain names by its hash."""
        for id in (r.id for r in cases.records_of(conn, case.id) if r.kind == "voice"):
            sealed = voices.file_of(conn, case.id, id, "voice")
            assert sealed is not None, "a record without its sound"
            if file_hash(sealed).hex() == held["hash"]:
                context = Context(
                    deployment=self.people.deployment,
                    roster_version=held["roster"],
                    case_id=case.id,
                    record_id=id,
                    kind="voice",
                    seq=0,
                    recipient=key_id(case.public),
                )
                return held["ask"], held["seconds"], open_file(seed, context, sealed)
        raise AssertionError("no sound has this hash")

    def _case_seed(self, case: cases.Case, slot: cases.Slot, person: Person) -> bytes:
        context = slot_context(
            deployment=self.people.deployment,
            roster_version=slot.roster,
            case_id=case.id,
            case_key=key_id(case.public),
            reader_key=slot.key,
        )
        return open_slot(person.seed, context, slot.slot)

    def _records(self, conn: Connection, case: cases.Case, seed: bytes) -> Iterator[tuple[str, Any]]:
        """Every record, opened; the chain is whole and ends where the case says."""
        head = Head()
        for record in cases.records_of(conn, case.id):
            context = Context(
                deployment=self.people.deployment,
                roster_version=record.roster,
                case_id=case.id,
                record_id=record.id,
                kind=record.kind,
                seq=record.seq,
                recipient=key_id(case.public),
                previous=head.last,
            )
            assert head.context_follows(context)
            yield record.kind, json.loads(open_record(seed, context, record.envelope).rstrip(b"\0"))
            head = head.after(record.envelope)
        assert (head.count, head.last) == (case.count, case.head)

    def _answer(self, conn: Connection, id: bytes, words: str, person: Person) -> None:
        case = cases.find(conn, id)
        assert case is not None
        standing = case.standing
        for deed in (Deed.OPEN, Deed.CLAIM, Deed.REPLY):
            after = do(standing, deed, by=person.id, version=standing.version)
            if isinstance(after, Standing):
                cases.move(conn, id, standing, after, now=self.now, answered=deed is Deed.REPLY)
                standing = after
        for mailbox, kem in mailboxes.of_case(conn, id):
            mailboxes.add_message(conn, mailbox, self._reply(conn, id, mailbox, kem, words, person))

    def _reply(
        self, conn: Connection, case: bytes, mailbox: bytes, kem: bytes, words: str, person: Person
    ) -> mailboxes.Message:
        count, last = mailboxes.head_of(conn, mailbox)
        context = Context(
            deployment=self.people.deployment,
            roster_version=self.roster.current(now=self.now).version,
            case_id=case,
            record_id=new_id(),
            kind="reply",
            seq=count,
            recipient=key_id(kem),
            previous=last,
        )
        payload = write_reply(context, person.id, self.now // DAY_S, words)
        envelope = seal_reply(kem, context, sign_reply(person.signing_seed, payload))
        return mailboxes.Message(
            context.record_id,
            context.seq,
            context.roster_version,
            envelope,
            record_hash(envelope),
            self.now // DAY_S,
        )


class Reporter(Ears):
    """One phone, in the words of `tests.talking.Talk`, through the real services."""

    def __init__(self, helpline: Helpline, contact: Contact) -> None:
        super().__init__(helpline.flow)
        self.helpline = helpline
        self.contact = contact
        self.outgoing: list[Outgoing] = []
        self.swept = False

    async def opens(self, lang: str = "en", audience: str = "skip") -> None:
        await self._play(self.opening(lang, audience))

    async def chooses(self, *keys: str) -> None:
        for key in keys:
            await self.hears(self.pressing(key))

    async def presses(self, key: str, turn: int | None = None) -> None:
        await self.hears(self.press(key, turn))

    async def writes(self, words: str, *, edited: bool = False) -> None:
        await self.hears(Wrote(0, Private(words), edited))

    async def sends(self, what: str, caption: str = "") -> None:
        await self.hears(Sent(0, what, Private(caption) if caption else None))

    async def looks(self) -> None:
        await self.hears(Looked(0))

    async def tells(self, answers: Mapping[str, Answer] | None = None) -> None:
        """Answer every question; ends at the review."""
        await self._play(self.telling(answers or {}))

    async def sends_report(self) -> str:
        """Send and return the case code."""
        await self.chooses("send")
        code = self.code()
        await self.chooses("code-saved")
        return code

    async def tells_all(self, answers: Mapping[str, Answer]) -> str:
        await self.tells(answers)
        return await self.sends_report()

    async def enters(self, code: str) -> None:
        """My messages, and the code."""
        await self.presses("!mail")
        await self.writes(code)

    async def hears(self, event: Event, *, number: int | None = None) -> bool:
        """One update and its errands; false when this update was taken before."""
        helpline = self.helpline
        number = helpline.next_number() if number is None else number
        self.latest, self.outgoing, self.swept = [], [], False
        timed = replace(event, at=helpline.now)
        answered = False
        async for outcome in helpline.talk.talk(self.contact, timed, source="test", number=number):
            answered = True
            self._hear(outcome)
        return answered

    def _hear(self, outcome: Outcome) -> None:
        self.outgoing += outcome.messages
        self.swept = self.swept or outcome.sweep
        says = [m.say for m in outcome.messages]
        self.latest += says
        self.everything += says

    async def _play(self, events: Iterator[Event]) -> None:
        for event in events:
            await self.hears(event)


@asynccontextmanager
async def open_helpline(
    folder: Path,
    url: str = IN_MEMORY,
    *,
    people: People | None = None,
    now: int = NOON,
    document: bytes | None = None,
    cost: Cost | None = None,
) -> AsyncIterator[Helpline]:
    """`folder`: for the keys that no database holds.  `document`: the signed roster, if it is to be a special one.

    `cost`: of stretching a code; next to nothing unless a test wants the real one.
    """
    people = people or People(now=now)
    database = await _in_memory() if url == IN_MEMORY else await open_database(url, migrate=True)
    folder = folder / "keys"
    keys = DailyKeys(folder)
    roster = LivingRoster(people.root)
    roster.load(document or people.document(), now=now)
    flow = real_flow(offices=tuple((t.id, t.name) for t in people.teams), voice_notes=True)
    sealer = Sealer(keys, roster, content().routing.climb_after_s)
    alarms: list[str] = []
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)  # nobody waits for real

    receive = Receive(database, keys, sealer, lambda: flow, seeker().seek)
    errands = Errands(
        MailboxStore(database),
        KeysFolder(folder).find_or_make("service"),
        cost or Cost.for_tests(),
        lambda: roster.current(now=helpline.now),
        alarms.append,
        wait=wait,
    )
    helpline = Helpline(
        folder=folder,
        database=database,
        people=people,
        flow=flow,
        keys=keys,
        roster=roster,
        sealer=sealer,
        receive=receive,
        errands=errands,
        talk=Talk(receive, errands),
        unparsed=Unparsed(database, keys, sealer),
        now=now,
        alarms=alarms,
        waited=waited,
    )
    try:
        yield helpline
    finally:
        errands.close()
        await database.close()


async def migrated() -> bytes:
    """A database that was migrated once, as SQLite writes it: migrating each time would take longer than most tests."""
    if not _migrated:
        first = await open_database(IN_MEMORY)
        _migrated.append(await first.read(lambda conn: _inside(conn).serialize()))
        await first.close()
    return _migrated[0]


async def _in_memory() -> Database:
    made = await migrated()
    database = SqliteDatabase(MEMORY)
    await database.write(lambda conn: _inside(conn).deserialize(made))
    await database.read(require_newest)
    return database


def _inside(conn: Connection) -> sqlite3.Connection:
    inside = conn.connection.driver_connection
    assert isinstance(inside, sqlite3.Connection)
    return inside

"""Reading a case and changing how it stands: seen by its readers only, traced, never done twice, never overwritten.

The server decides from clear fields; what was written stays sealed and passes through unread.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.core.case import MARKS, PUT_OFF, Deed, Refusal, Standing, Status, do, fits
from bot.core.errors import Conflict
from bot.core.months import month_of
from bot.core.voice import CONCERNS, FOR_SHEET, NOT_FOR_SHEET, SHEET, item_key
from bot.core.writes import KeepRecord, Tally
from bot.sealing.padding import REPLY
from bot.sealing.record import OVERHEAD_BYTES, record_hash
from bot.services.officers.ports import Case, Cases, Conn, Database, Mailboxes, Message, Slot
from bot.services.officers.seeing import find_visible
from bot.services.officers.sign_in import Signed
from bot.services.officers.trail import HOUR_S, Ledger, write_entry

DAY_S = 86_400
PICTURE = "picture"
"""Kind of the record that names a picture, and what the log says of looking at one."""
ANSWER_BYTES = OVERHEAD_BYTES + REPLY[-1]
"""Every answer has one length, in the mailbox and in the case (S9)."""


class Deeds(Protocol):
    """Answers already given to an action's key, so that repeating it does it once (R26)."""

    def done(self, conn: Conn, account: str, key: bytes) -> str | None: ...

    def remember(self, conn: Conn, account: str, key: bytes, action: str, answer: str, hour: int) -> None: ...


class Sounds(Protocol):
    """Sealed voice notes and pictures, beside the records that name them."""

    def file_of(self, conn: Conn, case: bytes, record: bytes, kind: str) -> bytes | None: ...


class Tallies(Protocol):
    """What is counted by month."""

    def add(self, conn: Conn, tally: Tally, n: int = 1) -> None: ...


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where answers to a case go.  `messages`: those still there; the reporter may have emptied it."""

    id: bytes
    public: bytes
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class OpenedCase:
    case: Case
    records: tuple[KeepRecord, ...]
    slots: tuple[Slot, ...]
    mailbox: Mailbox | None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer sealed twice: for the mailbox (`message`), and for the case (`record`).

    `seq`, `record_seq`: their numbers.  `roster`: version of the roster the page had checked.
    """

    message_id: bytes
    seq: int
    message: bytes
    record_id: bytes
    record_seq: int
    record: bytes
    roster: int
    shown: bytes | None = None
    """Data key of the message, for the first answer only: what it says is a prepared text (S53)."""


class First(Protocol):
    """What may be said first."""

    def may_be_first(self, case: bytes, mailbox: bytes, answer: "Answer", *, now: int) -> bool: ...


class Casework:
    """`cases`, `mailboxes`, `sounds`, `deeds`, `tallies`, `ledger`: storage's.

    `roster_version`: of the roster in force, checked now.
    """

    def __init__(
        self,
        database: Database,
        *,
        cases: Cases,
        mailboxes: Mailboxes,
        sounds: Sounds,
        deeds: Deeds,
        tallies: Tallies,
        ledger: Ledger,
        roster_version: Callable[[int], int],
        first: First,
    ) -> None:
        self._database = database
        self._cases = cases
        self._mailboxes = mailboxes
        self._sounds = sounds
        self._deeds = deeds
        self._tallies = tallies
        self._ledger = ledger
        self._roster_version = roster_version
        self._first = first

    async def open(self, who: Signed, case: bytes, *, now: int) -> OpenedCase | None:
        """Everything of a case, sealed; none when there is none for this officer.  The first opening is seen (R17)."""

        def work(conn: Conn) -> OpenedCase | None:
            found = self._visible(conn, who, case)
            if found is None:
                return None
            after = do(found.standing, Deed.OPEN, by=who.account.id, version=found.standing.version)
            assert isinstance(after, Standing), "opening is never refused"
            if after != found.standing:
                self._cases.move(conn, case, found.standing, after, now=now)
                found = self._visible(conn, who, case) or found
            self._trace(conn, who, Deed.OPEN.value, found, now)
            return self._whole(conn, found)

        return await self._once_more(work)

    async def sound(self, who: Signed, case: bytes, record: bytes) -> bytes | None:
        """A voice note of a case, sealed as it lies; none where the case is not this officer's or has no such note."""
        return await self._database.read(
            lambda conn: self._sounds.file_of(conn, case, record, "voice") if self._visible(conn, who, case) else None
        )

    async def picture(self, who: Signed, case: bytes, record: bytes, *, now: int) -> bytes | None:
        """A picture of a case, sealed as it lies, and an entry of who looked; none where the officer has none to look at."""

        def work(conn: Conn) -> bytes | None:
            found = self._visible(conn, who, case)
            file = None if found is None else self._sounds.file_of(conn, case, record, PICTURE)
            if found is not None and file is not None:
                self._trace(conn, who, PICTURE, found, now)
            return file

        return await self._database.write(work)

    async def act(
        self,
        who: Signed,
        case: bytes,
        deed: Deed,
        *,
        version: int,
        key: bytes,
        now: int,
        answer: Answer | None = None,
        until: int | None = None,
    ) -> Case | Refusal | None:
        """Do `deed` once, whatever happens to the answer on its way back; a colleague who was faster wins.

        `until`: second to which a case is put off.
        """
        assert (deed is Deed.REPLY) == (answer is not None)
        assert (deed in PUT_OFF) == (until is not None)

        def work(conn: Conn) -> Case | Refusal | None:
            found = self._visible(conn, who, case)
            if found is None or not fits(deed, feedback=found.concern in CONCERNS, urgency=found.urgency):
                return None
            action = f"{deed.value} {case.hex()}"
            if (before := self._deeds.done(conn, who.account.id, key)) is not None:
                return found if before == action else Refusal.ALREADY
            after = do(found.standing, deed, by=who.account.id, version=version)
            if isinstance(after, Refusal):
                return after
            if answer is not None:
                if answer.seq == 0 and not self._may_be_first(conn, found, answer, now):
                    return Refusal.PREPARED_FIRST
                self._answer(conn, found, answer, now)
            answered = answer is not None
            self._cases.move(conn, case, found.standing, after, now=now, answered=answered, until=until)
            if deed in MARKS:
                self._count_mark(conn, found, after.status)
            self._deeds.remember(conn, who.account.id, key, action, "done", now // HOUR_S)
            self._trace(conn, who, deed.value, found, now)
            return self._visible(conn, who, case)

        try:
            return await self._database.write(work)
        except Conflict:
            return Refusal.CHANGED

    def _visible(self, conn: Conn, who: Signed, case: bytes) -> Case | None:
        return find_visible(self._cases, conn, who, case)

    def _whole(self, conn: Conn, case: Case) -> OpenedCase:
        boxes = self._mailboxes.of_case(conn, case.id)
        mailbox = None
        if boxes:
            id, public = boxes[0]
            mailbox = Mailbox(id, public, tuple(self._mailboxes.messages(conn, id)))
        records = tuple(self._cases.records_of(conn, case.id))
        return OpenedCase(case, records, tuple(self._cases.slots_of(conn, case.id)), mailbox)

    def _may_be_first(self, conn: Conn, case: Case, answer: Answer, now: int) -> bool:
        """Nothing was ever answered, so only prepared words may be; a message that took this number is a conflict anyway."""
        boxes = self._mailboxes.of_case(conn, case.id)
        if not boxes or answer.roster != self._roster_version(now) or len(answer.message) != ANSWER_BYTES:
            return True  # refused in its place, for its own reason
        return self._first.may_be_first(case.id, boxes[0][1], answer, now=now)

    def _answer(self, conn: Conn, case: Case, answer: Answer, now: int) -> None:
        """Both copies or none.  Raises `Conflict` when the case or the mailbox has grown since it was sealed."""
        boxes = self._mailboxes.of_case(conn, case.id)
        sizes = {len(answer.message), len(answer.record)}
        if not boxes or sizes != {ANSWER_BYTES} or answer.roster != self._roster_version(now):
            raise Conflict("an answer that does not fit the mailbox, its size or the roster of now")
        day = now // DAY_S
        message = _sealed(case.id, answer.message_id, answer.seq, answer.message, answer.roster, day)
        record = _sealed(case.id, answer.record_id, answer.record_seq, answer.record, answer.roster, day)
        self._mailboxes.add_message(conn, boxes[0][0], message)
        self._cases.append(conn, record)

    def _count_mark(self, conn: Conn, case: Case, status: Status) -> None:
        """In the month the words came in, so that a reader who thinks again takes back what was counted before."""
        month = month_of(case.day * DAY_S)
        for mark, what in ((Deed.SHEET, FOR_SHEET), (Deed.NO_SHEET, NOT_FOR_SHEET)):
            change = (status is MARKS[mark]) - (case.standing.status is MARKS[mark])
            if change:
                self._tallies.add(conn, Tally(SHEET, item_key(case.concern, what), case.language, "", month), change)

    def _trace(self, conn: Conn, who: Signed, act: str, case: Case, now: int) -> None:
        write_entry(self._ledger, conn, who=who.key, act=act, handle=case.handle, now=now)

    async def _once_more(self, work: Callable[[Conn], OpenedCase | None]) -> OpenedCase | None:
        """Reading must not fail because a colleague opened the same case in the same moment."""
        try:
            return await self._database.write(work)
        except Conflict:
            return await self._database.write(work)


def _sealed(case: bytes, id: bytes, seq: int, envelope: bytes, roster: int, day: int) -> KeepRecord:
    return KeepRecord(id, case, seq, "reply", envelope, record_hash(envelope), roster, day)

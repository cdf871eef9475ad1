"""What officers write for one another in a case: notes, the story, the plan, reasons.  Sealed in the browser, kept unread.

A note is a record of the case and nothing else: this use case is given no mailbox, so none can reach a reporter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from bot.core.case import Refusal
from bot.core.errors import Conflict
from bot.core.writes import KeepRecord
from bot.sealing.note import KIND
from bot.sealing.padding import TEXT
from bot.sealing.record import OVERHEAD_BYTES, record_hash
from bot.services.officers.casework import DAY_S, Deeds
from bot.services.officers.ports import Case, Cases, Conn, Database
from bot.services.officers.seeing import find_visible
from bot.services.officers.sign_in import Signed
from bot.services.officers.trail import HOUR_S, Ledger, write_entry

SIZES: Final = frozenset(OVERHEAD_BYTES + size for size in TEXT)
ACT: Final = "note"
MOST_DUE: Final = 50


@dataclass(frozen=True, slots=True)
class SealedNote:
    """A note as the page sealed it.  `seq`: its number in the case; `roster`: version of the roster the page had checked."""

    id: bytes
    seq: int
    envelope: bytes
    roster: int
    remind: int | None = None
    """Epoch hour at which somebody has to look again; 0 takes an earlier reminder away, none leaves it."""

    def record(self, case: bytes, day: int) -> KeepRecord:
        return KeepRecord(self.id, case, self.seq, KIND, self.envelope, record_hash(self.envelope), self.roster, day)

    def fits(self, roster: int) -> bool:
        """Whether it has the size of a note and was sealed under the roster of now (S9, S11)."""
        return len(self.envelope) in SIZES and self.roster == roster


class Reminders(Protocol):
    """When somebody has to look at a case again."""

    def put(self, conn: Conn, case: bytes, due: int | None) -> None: ...

    def due_for(self, conn: Conn, teams: Sequence[str], hour: int, limit: int) -> Sequence[bytes]: ...


class Notes:
    """`cases`, `deeds`, `ledger`: storage's; `roster_version`: of the roster in force, checked now."""

    def __init__(
        self,
        database: Database,
        *,
        cases: Cases,
        deeds: Deeds,
        ledger: Ledger,
        reminders: Reminders,
        roster_version: Callable[[int], int],
    ) -> None:
        self._database = database
        self._cases = cases
        self._deeds = deeds
        self._ledger = ledger
        self._reminders = reminders
        self._roster_version = roster_version

    async def due(self, who: Signed, *, now: int) -> Sequence[Case]:
        """Cases of this officer's teams that somebody has to look at again."""

        def work(conn: Conn) -> Sequence[Case]:
            due = self._reminders.due_for(conn, who.teams, now // HOUR_S, MOST_DUE)
            found = (find_visible(self._cases, conn, who, case) for case in due)
            return [case for case in found if case is not None]

        return await self._database.read(work)

    async def keep(self, who: Signed, case: bytes, note: SealedNote, *, key: bytes, now: int) -> Case | Refusal | None:
        """Append `note` once; how the case stands does not change.  `CHANGED` when the case has grown since it was sealed."""

        def work(conn: Conn) -> Case | Refusal | None:
            found = find_visible(self._cases, conn, who, case)
            if found is None:
                return None
            action = f"{ACT} {case.hex()}"
            if (before := self._deeds.done(conn, who.account.id, key)) is not None:
                return found if before == action else Refusal.ALREADY
            if not note.fits(self._roster_version(now)):
                return Refusal.CHANGED
            self._cases.append(conn, note.record(case, now // DAY_S))
            if note.remind is not None:
                self._reminders.put(conn, case, note.remind or None)
            self._deeds.remember(conn, who.account.id, key, action, "done", now // HOUR_S)
            write_entry(self._ledger, conn, who=who.key, act=ACT, handle=found.handle, now=now)
            return found

        try:
            return await self._database.write(work)
        except Conflict:
            return Refusal.CHANGED

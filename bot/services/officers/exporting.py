"""Taking a case out: one officer asks, another agrees, then the first may, once and within two days (S39).

Each of the three leaves a sealed note (the reason, the second person's words of the key, that it was taken) and its entry.
"""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Final, Protocol

from bot.core.case import Refusal
from bot.core.errors import Conflict
from bot.core.voice import CONCERNS
from bot.services.officers.casework import DAY_S, Deeds
from bot.services.officers.notes import SealedNote
from bot.services.officers.ports import Case, Cases, Conn, Database
from bot.services.officers.seeing import find_visible
from bot.services.officers.sign_in import Signed
from bot.services.officers.trail import HOUR_S, Ledger, write_entry

VALID_DAYS: Final = 2


class Stage(Enum):
    """What is done about an export."""

    ASK = "ask"
    AGREE = "agree"
    TAKE = "take"


class Export(Protocol):
    @property
    def id(self) -> bytes: ...
    @property
    def asked(self) -> str: ...
    @property
    def agreed(self) -> str | None: ...
    @property
    def day(self) -> int: ...
    @property
    def used(self) -> bool: ...


class Exports(Protocol):
    def add(self, conn: Conn, *, id: bytes, case: bytes, asked: str, day: int) -> None: ...

    def of_case(self, conn: Conn, case: bytes) -> Sequence[Export]: ...

    def agree(self, conn: Conn, id: bytes, officer: str) -> None: ...

    def use(self, conn: Conn, id: bytes, officer: str) -> None: ...


class Exporting:
    """`roster_version`: of the roster in force, checked now."""

    def __init__(
        self,
        database: Database,
        *,
        cases: Cases,
        exports: Exports,
        deeds: Deeds,
        ledger: Ledger,
        roster_version: Callable[[int], int],
    ) -> None:
        self._database = database
        self._cases = cases
        self._exports = exports
        self._deeds = deeds
        self._ledger = ledger
        self._roster_version = roster_version

    async def of_case(self, who: Signed, case: bytes, *, now: int) -> Sequence[Export] | None:
        """Requests that can still be agreed to or taken; none when there is no such case for this officer."""

        def work(conn: Conn) -> Sequence[Export] | None:
            found = find_visible(self._cases, conn, who, case)
            return None if found is None else self._living(conn, case, now)

        return await self._database.read(work)

    async def go(
        self, who: Signed, case: bytes, export: bytes, stage: Stage, note: SealedNote, *, key: bytes, now: int
    ) -> Case | Refusal | None:
        """One stage, once; `NOT_TWO` whenever fewer than two persons stand behind it."""

        def work(conn: Conn) -> Case | Refusal | None:
            found = find_visible(self._cases, conn, who, case)
            if found is None or found.concern in CONCERNS:
                return None
            action = f"export {stage.value} {export.hex()}"
            if (before := self._deeds.done(conn, who.account.id, key)) is not None:
                return found if before == action else Refusal.ALREADY
            if not note.fits(self._roster_version(now)):
                return Refusal.CHANGED
            if stage is not Stage.ASK and export not in {one.id for one in self._living(conn, case, now)}:
                return Refusal.NOT_TWO
            self._do(conn, who, case, export, stage, now)
            self._cases.append(conn, note.record(case, now // DAY_S))
            self._deeds.remember(conn, who.account.id, key, action, "done", now // HOUR_S)
            write_entry(self._ledger, conn, who=who.key, act=f"export_{stage.value}", handle=found.handle, now=now)
            return found

        try:
            return await self._database.write(work)
        except Alone:
            return Refusal.NOT_TWO
        except Conflict:
            return Refusal.CHANGED

    def _living(self, conn: Conn, case: bytes, now: int) -> Sequence[Export]:
        oldest = now // DAY_S - VALID_DAYS
        return [one for one in self._exports.of_case(conn, case) if one.day >= oldest and not one.used]

    def _do(self, conn: Conn, who: Signed, case: bytes, export: bytes, stage: Stage, now: int) -> None:
        officer = who.account.id
        try:
            match stage:
                case Stage.ASK:
                    self._exports.add(conn, id=export, case=case, asked=officer, day=now // DAY_S)
                case Stage.AGREE:
                    self._exports.agree(conn, export, officer)
                case Stage.TAKE:
                    self._exports.use(conn, export, officer)
        except Conflict as error:
            raise Alone from error


class Alone(Exception):
    """Fewer than two persons; nothing of the transaction is kept."""

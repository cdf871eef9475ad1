"""No case without a living reader (R27): who could open each case that is kept, under this roster or under the next.

An officer can open what their wrapped keys open, as long as the service keeps these and shows them the queue; an ended
key opens too, but its owner must sign in before it is renewed, so such a case *sleeps*.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.core.roster import KeyId, Officer, Roster
from bot.services.officers.ports import Database

Conn = Any
Pair = tuple[str, KeyId]
STEP = 2_000
"""Cases looked at in one transaction: some hundredths of a second, so that no turn waits for it."""


class Rows(Protocol):
    """Storage's steps."""

    def step(self, conn: Conn, after: bytes, size: int) -> tuple[bytes, int]: ...

    def closed_to(self, conn: Conn, readers: Sequence[Pair], after: bytes, upto: bytes) -> Sequence[bytes]: ...

    def with_slot(self, conn: Conn, case_ids: Sequence[bytes], key: bytes) -> int: ...


class Owners(Protocol):
    def owners(self, conn: Conn) -> Sequence[tuple[KeyId, str]]: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """How many cases there are; of these `asleep`: only ended keys open them; `closed`: no officer can open them.

    `recoverable`: of the closed ones, those that the recovery key opens.
    """

    cases: int = 0
    asleep: int = 0
    closed: int = 0
    recoverable: int = 0


class Readership:
    """`last`: what the newest look found, none before the first."""

    def __init__(self, database: Database, *, rows: Rows, accounts: Owners) -> None:
        self._database = database
        self._rows = rows
        self._accounts = accounts
        self.last: Standing | None = None

    async def look(self, roster: Roster, *, now: int) -> Standing:
        """Look at every case, step by step; what changes meanwhile is seen by the next look."""
        owners = await self._database.read(self._accounts.owners)
        every, awake = readers(roster, owners), readers(roster, owners, now=now)
        found, after = Standing(), b""
        while True:
            upto, part = await self._database.read(lambda c, at=after: self._look(c, roster, every, awake, at))  # type: ignore[misc]
            if not part.cases:
                self.last = found
                return found
            found, after = _sum(found, part), upto

    async def newly_closed(self, before: Roster, after: Roster) -> int:
        """How many cases somebody can open under the roster `before` and nobody under `after`."""
        owners = await self._database.read(self._accounts.owners)
        old, new = readers(before, owners), readers(after, owners)
        count, at = 0, b""
        while True:
            upto, closed, looked = await self._database.read(lambda c, at=at: self._compare(c, old, new, at))  # type: ignore[misc]
            if not looked:
                return count
            count, at = count + closed, upto

    def _look(
        self, conn: Conn, roster: Roster, every: Sequence[Pair], awake: Sequence[Pair], after: bytes
    ) -> tuple[bytes, Standing]:
        upto, count = self._rows.step(conn, after, STEP)
        waiting = self._rows.closed_to(conn, awake, after, upto) if count else ()
        closed = self._rows.closed_to(conn, every, after, upto) if waiting else ()
        saved = self._rows.with_slot(conn, closed, roster.recovery.id) if closed and roster.recovery else 0
        return upto, Standing(count, len(waiting) - len(closed), len(closed), saved)

    def _compare(self, conn: Conn, old: Sequence[Pair], new: Sequence[Pair], after: bytes) -> tuple[bytes, int, int]:
        upto, count = self._rows.step(conn, after, STEP)
        closed = set(self._rows.closed_to(conn, new, after, upto)) if count else set()
        before = set(self._rows.closed_to(conn, old, after, upto)) if closed else set()
        return upto, len(closed - before), count


def readers(
    roster: Roster, owners: Iterable[tuple[KeyId, str]], *, now: int | None = None, without: Sequence[str] = ()
) -> list[Pair]:
    """Every (team, key) that opens something.  `now`: only of officers one of whose keys lives now.  `without`: officers."""
    officers = {o.id: o for o in roster.officers if not o.suspended and o.id not in without}
    if now is not None:
        officers = {id: officer for id, officer in officers.items() if officer.living_key(now)}
    kept = _by_owner(owners, officers)
    return [(team.id, key) for team in roster.teams for id in team.officers for key in kept.get(id, ())]


def _by_owner(owners: Iterable[tuple[KeyId, str]], officers: dict[str, Officer]) -> dict[str, list[KeyId]]:
    kept: dict[str, list[KeyId]] = {}
    for key, officer in owners:
        if officer in officers:
            kept.setdefault(officer, []).append(key)
    return kept


def _sum(a: Standing, b: Standing) -> Standing:
    return Standing(a.cases + b.cases, a.asleep + b.asleep, a.closed + b.closed, a.recoverable + b.recoverable)

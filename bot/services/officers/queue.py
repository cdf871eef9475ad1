"""The queue of an officer's teams: pages of sealed covers, each with the officer's own slot, and counters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from bot.core.case import MARKS, Deed, Status
from bot.services.officers.ports import Conn, Count, Cover, Database, Place, QueueRow, Queues
from bot.services.officers.sign_in import Signed
from bot.services.officers.trail import Ledger, write_entry

MOST_ROWS: Final = 50

_TO_DO = (Status.NEW, Status.OPENED, Status.IN_WORK)
_WAITING = (Status.ANSWERED, Status.PASSED_ON)
_OPEN = (*_TO_DO, *_WAITING)

VIEWS: Final[Mapping[str, tuple[Status, ...]]] = {
    "todo": _TO_DO,
    "mine": _OPEN,
    "unassigned": _TO_DO,
    "answered": _WAITING,
    "closed": (Status.CLOSED,),
    "feedback": (Status.NEW, Status.OPENED),
    "sheet": (MARKS[Deed.SHEET],),
}
"""Standing lists: name → which cases; "mine" and "unassigned" say more than their states."""

_ABOUT_US = ("feedback", "sheet")
"""Lists of words about this service; they stand in no other list, and no report stands in them."""


@dataclass(frozen=True, slots=True)
class View:
    """Which cases: of these teams in these states; `unassigned` only, or those one `officer` works on.

    `feedback`: words about this service instead of reports.
    """

    teams: tuple[str, ...]
    statuses: tuple[Status, ...]
    unassigned: bool = False
    officer: str | None = None
    feedback: bool = False


@dataclass(frozen=True, slots=True)
class After:
    """The last row of the page before."""

    urgency: str
    hour: int
    case: bytes


@dataclass(frozen=True, slots=True)
class Row:
    """A case of the list and its sealed cover; only cases that the officer holds a slot of are rows at all (S40)."""

    case: QueueRow
    cover: Cover


@dataclass(frozen=True, slots=True)
class Page:
    """`next`: where the following page begins, none at the end.  `stamp`: changes when the counters do."""

    rows: tuple[Row, ...]
    next: Place | None
    counts: Mapping[str, int]
    stamp: str


class Queue:
    """`queues`, `ledger`: storage's."""

    def __init__(self, database: Database, *, queues: Queues, ledger: Ledger) -> None:
        self._database = database
        self._queues = queues
        self._ledger = ledger

    async def page(self, who: Signed, view: str, after: After | None, *, limit: int, now: int) -> Page:
        """One page.  Handing out its covers is one entry of the audit log, apart from opening a case (S28)."""
        wanted = View(
            teams=who.teams,
            statuses=VIEWS[view],
            unassigned=view == "unassigned",
            officer=who.account.id if view == "mine" else None,
            feedback=view in _ABOUT_US,
        )
        size = min(limit, MOST_ROWS)

        def work(conn: Conn) -> Page:
            found = self._queues.page(conn, wanted, after, size)
            covers = self._queues.covers(conn, [row.id for row in found], who.keys) if found else {}
            rows = tuple(Row(row, covers[row.id]) for row in found if row.id in covers and covers[row.id].slots)
            if rows:
                write_entry(self._ledger, conn, who=who.key, act="covers", now=now)
            counts, stamp = self._counts(conn, who)
            return Page(rows, found[-1].place if len(found) == size else None, counts, stamp)

        return await self._database.write(work)

    async def counts(self, who: Signed) -> tuple[Mapping[str, int], str]:
        """How many cases each list holds, and a stamp that changes when one of them does."""
        return await self._database.read(lambda conn: self._counts(conn, who))

    def _counts(self, conn: Conn, who: Signed) -> tuple[Mapping[str, int], str]:
        rows = self._queues.counts(conn, who.teams)
        mine = self._queues.count_of(conn, who.account.id, _OPEN)
        told = sorted((row.team, row.status.value, row.urgency, row.taken, row.feedback, row.n) for row in rows)
        return _by_view(rows) | {"mine": mine}, sha256(repr((told, mine)).encode()).hexdigest()[:16]


def _by_view(rows: Sequence[Count]) -> dict[str, int]:
    """A case that two of the teams share counts in each."""
    return {
        view: sum(row.n for row in rows if row.status in statuses and _stands_in(view, row))
        for view, statuses in VIEWS.items()
    }


def _stands_in(view: str, row: Count) -> bool:
    return row.feedback == (view in _ABOUT_US) and not (view == "unassigned" and row.taken)

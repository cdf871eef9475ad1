"""The queue of an officer's teams: pages of sealed covers, each with the officer's own slot, and counters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.case import MARKS, Deed, Status
from bot.core.voice import CONCERNS
from bot.services.officers.narrowing import ANY, Narrow, View, narrowed, sifted
from bot.services.officers.ports import Conn, Count, Cover, Database, Place, QueueRow, Queues
from bot.services.officers.sign_in import Signed
from bot.services.officers.trail import Ledger, write_entry

MOST_ROWS: Final = 50
MOST_LOOKED_AT: Final = 500
"""Rows a page of a narrowed list looks at: few milliseconds, however many cases there are."""
HOUR_S: Final = 3600

_TO_DO = (Status.NEW, Status.OPENED, Status.IN_WORK)
_OPEN = (*_TO_DO, Status.ANSWERED, Status.PASSED_ON)

VIEWS: Final[Mapping[str, tuple[Status, ...]]] = {
    "todo": _TO_DO,
    "urgent": _TO_DO,
    "overdue": _TO_DO,
    "mine": _OPEN,
    "unassigned": _TO_DO,
    "waiting": (Status.ANSWERED,),
    "passed_on": (Status.PASSED_ON,),
    "asleep": _OPEN,
    "closed": (Status.CLOSED,),
    "feedback": (Status.NEW, Status.OPENED),
    "sheet": (MARKS[Deed.SHEET],),
}
"""Standing lists: name → which cases; "urgent", "overdue", "mine" and "unassigned" say more than their states.

"waiting": the last word was the officer's; the child's next one makes it "opened" (`heard`).
"""

_URGENT = ("U0", "U1")
COUNTED_TO: Final = 100
"""What is overdue depends on the time, so it is counted anew each time, and no further than this."""

_ABOUT_US = ("feedback", "sheet")
"""Lists of words about this service; they stand in no other list, and no report stands in them."""


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
    """`next`: where the following page begins, none at the end.  `within`: urgency → seconds in which a reporter should have
    an answer.
    """

    rows: tuple[Row, ...]
    next: Place | None
    counts: Mapping[str, int]
    within: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Glance:
    """`first`: the cases that the list begins with now.  `lines`: how these stand, and those that were asked about, each
    with whether it is in the list.

    No covers, so nothing that was told, and no entry in the log: a page may look by itself.
    """

    first: tuple[bytes, ...]
    lines: tuple[tuple[QueueRow, bool], ...]
    counts: Mapping[str, int]


class Queue:
    """`queues`, `ledger`: storage's.  `within`: urgency → seconds in which a reporter should have an answer.

    `look_at`: rows a page of a narrowed list looks at.
    """

    def __init__(
        self,
        database: Database,
        *,
        queues: Queues,
        ledger: Ledger,
        within: Mapping[str, int],
        look_at: int = MOST_LOOKED_AT,
    ) -> None:
        self._database = database
        self._queues = queues
        self._ledger = ledger
        self._within = within
        self._look_at = look_at

    async def page(
        self, who: Signed, view: str, after: After | None, *, limit: int, now: int, narrow: Narrow = ANY
    ) -> Page:
        """One page.  Handing out its covers is one entry of the audit log, apart from opening a case (S28)."""
        size = min(limit, MOST_ROWS)
        wanted = self._wanted(who, view, now)

        def work(conn: Conn) -> Page:
            found, further = self._sift(conn, who, wanted, narrow, after, size)
            covers = self._queues.covers(conn, [row.id for row in found], who.keys) if found else {}
            rows = tuple(Row(row, covers[row.id]) for row in found if row.id in covers and covers[row.id].slots)
            if rows:
                write_entry(self._ledger, conn, who=who.key, act="covers", now=now)
            counts = self._counts(conn, who, now)
            return Page(rows, further, counts, dict(self._within))

        return await self._database.write(work)

    async def glance(
        self, who: Signed, view: str, shown: Sequence[bytes], *, limit: int, now: int, narrow: Narrow = ANY
    ) -> Glance:
        """What changed in a list that is on a screen.  `shown`: the cases that stand there."""
        wanted = self._wanted(who, view, now)
        read, fits = narrowed(wanted, narrow, who.account.id)

        def look(conn: Conn) -> Glance:
            rows, _ = self._sift(conn, who, wanted, narrow, None, min(limit, MOST_ROWS))
            first = [row.id for row in rows]
            lines = self._queues.lines(conn, list({*first, *shown}), read.teams, who.keys)
            theirs = {line.id for line in lines}
            counts = self._counts(conn, who, now)
            listed = tuple((line, _is_in(read, line) and fits(line)) for line in lines)
            return Glance(tuple(id for id in first if id in theirs), listed, counts)

        return await self._database.read(look)

    def _sift(
        self, conn: Conn, who: Signed, wanted: View, narrow: Narrow, after: After | None, size: int
    ) -> tuple[Sequence[QueueRow], Place | None]:
        read, fits = narrowed(wanted, narrow, who.account.id)
        by_index = narrow.by_index and read.officer == wanted.officer
        looked_at = size if by_index else self._look_at
        looked = self._queues.page(conn, read, after, looked_at)
        return sifted(looked, fits, lambda row: row.place, size=size, looked_at=looked_at)

    def _counts(self, conn: Conn, who: Signed, now: int) -> Mapping[str, int]:
        rows = self._queues.counts(conn, who.teams)
        mine = self._queues.count_of(conn, who.account.id, _OPEN)
        late = self._queues.count_up_to(conn, self._wanted(who, "overdue", now), COUNTED_TO)
        return _by_view(rows) | {"mine": mine, "overdue": late}

    def _wanted(self, who: Signed, view: str, now: int) -> View:
        bands: tuple[tuple[str, int | None], ...] = ()
        if view == "urgent":
            bands = tuple((urgency, None) for urgency in _URGENT)
        elif view == "overdue":  # an hour counts once it is over, so nothing shows as late before it is
            bands = tuple((urgency, (now - limit) // HOUR_S - 1) for urgency, limit in self._within.items())
        return View(
            teams=who.teams,
            statuses=VIEWS[view],
            unassigned=view == "unassigned",
            officer=who.account.id if view == "mine" else None,
            feedback=view in _ABOUT_US,
            asleep=view == "asleep",
            bands=bands,
        )


def _is_in(view: View, row: QueueRow) -> bool:
    """The same as storage reads off its indexes, for one row."""
    standing = row.standing
    whose = standing.holder == view.officer if view.officer is not None else not (view.unassigned and standing.holder)
    place = (standing.asleep, row.concern in CONCERNS) == (view.asleep, view.feedback)
    band = any(row.urgency == urgency and (hour is None or row.hour <= hour) for urgency, hour in view.bands)
    return standing.status in view.statuses and whose and place and (band or not view.bands)


def _by_view(rows: Sequence[Count]) -> dict[str, int]:
    """A case that two of the teams share counts in each."""
    return {
        view: sum(row.n for row in rows if row.status in statuses and _stands_in(view, row))
        for view, statuses in VIEWS.items()
    }


def _stands_in(view: str, row: Count) -> bool:
    if row.feedback != (view in _ABOUT_US) or row.asleep != (view == "asleep"):
        return False
    return not (view == "unassigned" and row.taken) and not (view == "urgent" and row.urgency not in _URGENT)

"""A list made narrower: by team, urgency, language, kind of concern and whose it is.  Pure.

Team and urgency are read off the indexes that lists have.  The rest is looked at row by row, a bounded number of rows a
page, so that a page costs the same whatever is asked for; where few fit, it says from where to look further.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeVar

from bot.core.case import Standing, Status

NOBODY: Final = "nobody"
ME: Final = "me"


@dataclass(frozen=True, slots=True)
class Narrow:
    """Empty: any.  `who`: "nobody", "me" or the id of a colleague."""

    teams: frozenset[str] = frozenset()
    urgencies: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    concerns: frozenset[str] = frozenset()
    who: str = ""

    @property
    def by_index(self) -> bool:
        """Whether the indexes alone answer it."""
        return not self.languages and not self.concerns and self.who in ("", NOBODY)


ANY: Final = Narrow()
SETS: Final = ("teams", "urgencies", "languages", "concerns")
"""Names of the fields of which any value does."""


class Row(Protocol):
    @property
    def language(self) -> str: ...
    @property
    def concern(self) -> str: ...
    @property
    def standing(self) -> Standing: ...


Bands = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class View:
    """Which cases: of these teams in these states; `unassigned` only, or those one `officer` works on.

    `feedback`: words about this service instead of reports.  `asleep`: those that were put off.  `bands`: only these
    urgencies, each with the last hour since which the reporter waits, or any.
    """

    teams: tuple[str, ...]
    statuses: tuple[Status, ...]
    unassigned: bool = False
    officer: str | None = None
    feedback: bool = False
    asleep: bool = False
    bands: Bands = ()


def narrowed(view: View, narrow: Narrow, me: str) -> tuple[View, Callable[[Row], bool]]:
    """The list to read off the indexes, and which of its rows fit."""
    teams = tuple(team for team in view.teams if not narrow.teams or team in narrow.teams)
    bands = _bands(view.bands, narrow.urgencies)
    nothing = (bool(view.bands) and not bands) or not teams or (narrow.who == NOBODY and view.officer is not None)
    unassigned = view.unassigned or narrow.who == NOBODY
    holder = {"": view.officer if narrow.teams else None, NOBODY: None, ME: me}.get(narrow.who, narrow.who)
    read = replace(view, teams=teams, bands=bands, unassigned=unassigned)
    if nothing:
        read = replace(read, statuses=())
    elif narrow.teams and view.officer is not None:
        read = replace(read, officer=None)  # what one works on is found whatever the team; so by team, and then whose

    def fits(row: Row) -> bool:
        return (
            (not narrow.languages or row.language in narrow.languages)
            and (not narrow.concerns or row.concern in narrow.concerns)
            and (holder is None or row.standing.holder == holder)
        )

    return read, fits


def _bands(bands: Bands, urgencies: frozenset[str]) -> Bands:
    if not urgencies:
        return bands
    if not bands:
        return tuple((urgency, None) for urgency in sorted(urgencies))
    return tuple((urgency, hour) for urgency, hour in bands if urgency in urgencies)


T = TypeVar("T", bound=Row)
P = TypeVar("P")


def sifted(
    looked: Sequence[T], fits: Callable[[Row], bool], place: Callable[[T], P], *, size: int, looked_at: int
) -> tuple[list[T], P | None]:
    """Up to `size` of the rows that were looked at, and from where to look further, none at the end of the list."""
    rows = [row for row in looked if fits(row)][:size]
    if len(rows) == size:
        return rows, place(rows[-1])
    return rows, place(looked[-1]) if len(looked) == looked_at else None

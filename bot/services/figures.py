"""Counts as people may see them: by what, language, audience and month, small ones not told (disclosure control).

For the commands and the console alike; whose counts they are is never known here.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from bot.core.counting import CALL, START
from bot.core.disclosure import told
from bot.core.months import month_name
from bot.core.voice import ANSWERED, FOR_SHEET, HELPED, NOT_FOR_SHEET, PROPOSAL, SAID, SHEET, item_key
from bot.core.writes import Tally

FEEDBACK_KINDS = (HELPED, SAID, ANSWERED)
KINDS = (*FEEDBACK_KINDS, CALL, START)

T = TypeVar("T")
Conn = Any


@dataclass(frozen=True, slots=True)
class Line:
    """One count.  `item`: a page, an entry, a campaign; `answer`: what was said of it, if anything; `month`: as "2026-03"."""

    kind: str
    item: str
    answer: str
    language: str
    audience: str
    month: str
    count: int | str


class Database(Protocol):
    async def read(self, fn: Callable[[Conn], T]) -> T: ...


class Tallies(Protocol):
    def of(self, conn: Conn, kind: str, since: int = 0) -> Sequence[tuple[Tally, int]]: ...


class Figures:
    def __init__(self, database: Database, *, tallies: Tallies) -> None:
        self._database = database
        self._tallies = tallies

    async def lines(self, *kinds: str, since: int = 0) -> list[Line]:
        """Counts of `kinds` from month `since` on, oldest first."""
        found = await self._database.read(lambda conn: [self._tallies.of(conn, kind, since) for kind in kinds])
        return [_line(tally, n) for rows in found for tally, n in rows]

    async def proposals(self, since: int = 0) -> Mapping[str, int | str]:
        """How many of the proposals that came since then are marked for the yearly sheet, and how many are not to be in it.

        In sum only: a language in which few write would tell who did.
        """
        rows = await self._database.read(lambda conn: self._tallies.of(conn, SHEET, since))
        sums: Counter[str] = Counter()
        for tally, n in rows:
            sums[tally.item] += n
        return {what: told(sums[item_key(PROPOSAL, what)]) for what in (FOR_SHEET, NOT_FOR_SHEET)}


def _line(tally: Tally, n: int) -> Line:
    item, _, answer = ("", "", tally.item) if tally.kind == ANSWERED else _parts(tally)
    return Line(tally.kind, item, answer, tally.lang, tally.audience, month_name(tally.month), told(n))


def _parts(tally: Tally) -> tuple[str, str, str]:
    return (tally.item, "", "") if tally.kind == START else tally.item.rpartition(":")

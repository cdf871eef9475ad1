"""The page of figures: counts for supervisors and administrators, as plain tables that need no script.

It holds no case and nothing sealed; numbers that could point at somebody are not told.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from bot.console.catalog import Catalog
from bot.console.doors import Door, Knock, Refused
from bot.console.pages import Pages
from bot.core.counting import CALL
from bot.core.disclosure import FEWEST
from bot.core.months import month_of
from bot.core.voice import FOR_SHEET, NOT_FOR_SHEET
from bot.services.figures import KINDS, Figures, Line
from bot.services.officers.account import Role

COUNTERS: Final = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR, Role.ANALYST})
MONTHS: Final = 12
"""How far back the page looks, this month included; the command tells more."""

_TEMPLATE = "figures.html"
_ANSWERS = ("button.face-", "button.matter-", "button.call-")


def figures_doors(figures: Figures, pages: Pages, now: Callable[[], int]) -> tuple[Door, ...]:
    page = FiguresPage(figures, pages, now)
    return (Door("/figures", "GET", page.page, roles=COUNTERS, refused=page.refused),)


class FiguresPage:
    def __init__(self, figures: Figures, pages: Pages, now: Callable[[], int]) -> None:
        self._figures = figures
        self._pages = pages
        self._now = now

    async def page(self, knock: Knock) -> Response:
        since = month_of(self._now()) - MONTHS + 1
        lines = await self._figures.lines(*KINDS, since=since)
        marked = await self._figures.proposals(since)
        tag = self._pages.catalog.language(knock.request.query_params.get("lang"))
        says = _Names(self._pages.catalog, tag)
        tables = [(kind, [says.row(line) for line in lines if line.kind == kind]) for kind in KINDS]
        return self._pages.render(
            knock.request, _TEMPLATE, tables=tables, marked=(marked[FOR_SHEET], marked[NOT_FOR_SHEET]), fewest=FEWEST
        )

    def refused(self, request: Request, refused: Refused) -> Response | None:
        """Whoever is not signed in is shown where to; what one may not see is not there."""
        if refused.status != 401:
            return None
        return self._pages.render(request, _TEMPLATE, status=401, tables=None, marked=None, fewest=FEWEST)


class _Names:
    """What ids are called in one language."""

    def __init__(self, catalog: Catalog, tag: str) -> None:
        self._words: Mapping[str, str] = catalog.everything(tag)
        self._say = partial(catalog.say, tag)

    def row(self, line: Line) -> Sequence[str | int]:
        """Item, answer, count, language, audience, month: what matters first, for the narrow screen."""
        audience = self._say(f"screen.who.{line.audience}", line.audience) if line.audience else ""
        language = self._words.get(f"language.{line.language}", line.language)
        return (self._item(line), self._answer(line.answer), line.count, language, audience, line.month)

    def _item(self, line: Line) -> str:
        if line.kind == CALL:
            return self._say(f"helpline.{line.item}.name", line.item)
        return self._words.get(f"ask.about.{line.item}", line.item)

    def _answer(self, answer: str) -> str:
        if answer == "words":
            return self._words["figures.words"]
        found = (self._say(prefix + answer, "") for prefix in _ANSWERS)
        return next(filter(None, found), answer)

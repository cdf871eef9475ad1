"""Where a text stands: the screens and questions that show it, as a reader sees them, and the texts around it."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Final

from starlette.responses import Response

from bot.content.model import Content
from bot.core.flow import Screen
from bot.services.glossary import Term
from bot.services.wording_desk import Line, WordingDesk
from bot.wording.exchange import safe_cell

SPOTS_SHOWN: Final = 3
AROUND: Final = 2
"""Texts before and after, as they stand in the content."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One place.  `name`: of the screen, question or step.  `lines`, `buttons`: ids of texts, in the order they are seen."""

    name: str
    lines: tuple[str, ...]
    buttons: tuple[str, ...]


def beside(desk: WordingDesk, lang: str, id: str, lines: Sequence[Line]) -> dict[str, object]:
    """What the page shows of a text's places, how many there are, and the texts around it."""
    spots = spots_of(desk.content, id)
    texts = desk.live.wording.texts[lang]
    return {
        "spots": [drawn(spot, texts, id) for spot in spots[:SPOTS_SHOWN]],
        "places": len(spots),
        "around": around(lines, id),
    }


def glossary_file(lang: str, terms: Sequence[Term]) -> Response:
    """CSV as Weblate takes a glossary; cells a table program would run begin with an apostrophe."""
    out = StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(("source", "target", "translator_comments"))
    for term in terms:
        table.writerow([safe_cell(one) for one in (term.english, term.words, term.note)])
    headers = {"content-disposition": f'attachment; filename="glossary-{lang}.csv"'}
    return Response(out.getvalue(), media_type="application/octet-stream", headers=headers)


def spots_of(content: Content, id: str) -> list[Spot]:
    """Every place that shows this text, as it does for the readers who get it."""
    return [spot for spot in _all(content, id) if id in (*spot.lines, *spot.buttons)]


def drawn(spot: Spot, texts: Mapping[str, str], id: str) -> dict[str, object]:
    """A place in one language, with the text in question marked."""
    return {
        "name": spot.name,
        "lines": [(one, texts.get(one, one), one == id) for one in spot.lines],
        "buttons": [(one, texts.get(one, one), one == id) for one in spot.buttons],
    }


def around(lines: Sequence[Line], id: str) -> list[Line]:
    """The texts nearest to this one, without itself: a translator sees what was said before and comes after."""
    at = next((n for n, line in enumerate(lines) if line.id == id), 0)
    near = lines[max(0, at - AROUND) : at + AROUND + 1]
    return [line for line in near if line.id != id]


def _all(content: Content, id: str) -> Iterator[Spot]:
    for screen in content.screens.values():
        yield _screen(screen, id)
    for ask in content.asks:
        yield Spot(f"report: {ask.id}", (ask.text,), tuple(choice.label for choice in ask.choices))
    for tool in content.tools.values():
        for step in tool.steps:
            own = id if id in step.texts.values() else next(iter(step.texts.values()))
            yield Spot(f"{tool.id}: {step.id}", (own,), tuple(option.label for option in step.options))


def _screen(screen: Screen, id: str) -> Spot:
    own = id if id in screen.texts.values() else screen.texts.get("") or next(iter(screen.texts.values()))
    return Spot(screen.id, (own, *(text.id for text in screen.more)), tuple(one.label for one in screen.choices))

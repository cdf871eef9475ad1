"""Every page for the youngest has a picture, and a picture is a few flat shapes: nothing to run, to fetch or to translate.

What may stand in one is listed, not what may not: a picture is served from our own origin, and a list of dangers is never whole.
"""

import re
from collections.abc import Iterator, Mapping
from xml.parsers import expat

from bot.content.finding import Finding
from bot.content.model import Content
from bot.content.pictures import COVER
from bot.core.screens import YOUNGEST

LARGEST = 4 * 1024
"""Bytes: a second on the slowest line, and every answer of the web chat can be as long as the longest."""

CANVAS = "0 0 320 200"

SHAPES = frozenset({"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
ATTRIBUTES = frozenset(
    {
        *("d", "points", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width", "height", "transform"),
        *("fill", "fill-rule", "opacity", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin"),
        "stroke-dasharray",
    }
)
_ROOT = frozenset({"xmlns", "viewBox"})
_VALUE = re.compile(r"[\w#., +-]*", re.ASCII)
_MOVED = re.compile(r"((translate|scale|rotate)\([\d., -]*\) ?)*", re.ASCII)
"""Numbers, names and colours: without brackets, colons and slashes there is no address, and no way to name another shape."""


def picture_findings(content: Content) -> Iterator[Finding]:
    for id, page in content.pages.items():
        if YOUNGEST in page.texts and id not in content.pictures:
            what = f'"{id}" has words for children under twelve and no picture'
            yield Finding(_where(id), "picture-missing", what, "draw one, or leave out text.u12")
    for id, svg in content.pictures.items():
        yield from _belongs(content, id)
        if len(svg) > LARGEST:
            what = f"{len(svg)} bytes, at most {LARGEST} fit"
            yield Finding(_where(id), "picture-large", what, "draw fewer shapes, or round the numbers")
        yield from _drawn(id, svg)


def _belongs(content: Content, id: str) -> Iterator[Finding]:
    if id == COVER:
        return
    if id not in content.pages:
        what = f'there is no page "{id}"'
        yield Finding(_where(id), "picture-unknown", what, "name the file after its page, or take it away")
    elif YOUNGEST not in content.pages[id].texts:
        what = f'"{id}" has no words for children under twelve, so nobody sees it'
        yield Finding(_where(id), "picture-unknown", what, "add text.u12 to the page, or take the picture away")


def _drawn(id: str, svg: bytes) -> Iterator[Finding]:
    faults: list[tuple[str, str]] = []
    depth = 0

    def opened(name: str, given: Mapping[str, str]) -> None:
        nonlocal depth
        faults.extend(_element(name, given, outermost=depth == 0))
        depth += 1

    def closed(_: str) -> None:
        nonlocal depth
        depth -= 1

    def said(words: str) -> None:
        if words.strip():
            faults.append(("text stands in it", "draw it without words: they would not be translated"))

    def declared(*_: object) -> None:
        faults.append(("a DOCTYPE or an instruction stands in it", "begin the file with <svg"))

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = opened, closed, said
    parser.StartDoctypeDeclHandler = parser.ProcessingInstructionHandler = declared
    try:
        parser.Parse(svg, True)
    except expat.ExpatError as broken:
        yield Finding(_where(id), "picture-broken", f"no XML: {broken}", "correct it there")
        return
    for what, remedy in dict.fromkeys(faults):
        yield Finding(_where(id), "picture-shape", what, remedy)


def _element(name: str, given: Mapping[str, str], *, outermost: bool) -> Iterator[tuple[str, str]]:
    if name not in SHAPES:
        yield f"<{name}> is no plain shape", "use " + ", ".join(sorted(SHAPES))
    if outermost != (name == "svg"):
        yield "it is not one <svg>", "put every shape into one <svg>"
    if outermost and given.get("viewBox") != CANVAS:
        yield "it has another size than the rest", f'write viewBox="{CANVAS}"'
    for attribute, value in given.items():
        if attribute not in ATTRIBUTES and not (outermost and attribute in _ROOT):
            yield f'"{attribute}" of <{name}> is not allowed', "draw with shapes, fill and stroke only"
        elif attribute != "xmlns" and not (_MOVED if attribute == "transform" else _VALUE).fullmatch(value):
            yield f'"{attribute}" of <{name}> holds more than numbers and colours', "write it plainly"


def _where(id: str) -> str:
    return f"pictures/{id}.svg"

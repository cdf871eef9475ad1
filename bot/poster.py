"""A poster to print: a few neutral words in one language and a square to scan, as one SVG on an A4 page.

Whoever walks past must not learn what it is for; the words come from the catalogs and are held to that (`unsaid`).
Fonts are those of the machine that prints: an SVG in a browser finds them by the same names as our pages.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

import segno

WIDTH, HEIGHT = 210, 297
"""Millimetres of an A4 page, which are also the units of the drawing."""
QUIET_MODULES = 4
"""White around a code that a scanner needs (ISO/IEC 18004)."""

_FONTS = {
    "nastaliq": "'Noto Nastaliq Urdu', 'Jameel Noori Nastaleeq', 'Noto Naskh Arabic', serif",
    "naskh": "'Noto Naskh Arabic', 'Geeza Pro', 'Traditional Arabic', serif",
}
_SCRIPTS = ("", " Bengali", " Devanagari", " Sinhala", " Tamil", " Thaana")
_PLAIN_FONT = ", ".join(
    ("system-ui", *(f"'Noto Sans{script}'" for script in _SCRIPTS), "'Noto Serif Tibetan'", "sans-serif")
)


@dataclass(frozen=True, slots=True)
class Way:
    """A way into the chat: what stands above its code, and the address inside it."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Words:
    """What stands on the page.  `direction`: "ltr" or "rtl"; `font`: the registry's class of font."""

    lang: str
    direction: str
    font: str
    title: str
    lines: tuple[str, ...]
    scan: str


def draw(words: Words, ways: Sequence[Way]) -> str:
    """Return the poster.  `ways`: one or two."""
    large = 2.2 if words.font == "nastaliq" else 1.45
    y = 40.0
    parts = []
    for size, text in ((15.0, words.title), *((8.5, line) for line in words.lines)):
        for row in wrapped(text, size):
            parts.append(_text(row, WIDTH / 2, y, size))
            y += size * large
        y += 4
    parts += _codes(ways, words.direction, y)
    parts += [_text(row, WIDTH / 2, HEIGHT - 22 + 10 * n, 7) for n, row in enumerate(wrapped(words.scan, 7))]
    return _page(words, parts)


def wrapped(text: str, size: float) -> Iterator[str]:
    """Rows that fit the page: SVG breaks no lines by itself.  A letter counts half its size, which no script exceeds by much."""
    most = int((WIDTH - 30) / (size * 0.5))
    row = ""
    for word in text.split():
        if row and len(row) + 1 + len(word) > most:
            yield row
            row = word
        else:
            row = f"{row} {word}".strip()
    if row:
        yield row


def _codes(ways: Sequence[Way], direction: str, y: float) -> Iterator[str]:
    """Beside one another in reading order, each with its label above and its address below, for those without a camera."""
    side = min(110.0 if len(ways) == 1 else 82.0, HEIGHT - 50 - y)
    ordered = ways if direction == "ltr" else ways[::-1]
    for n, way in enumerate(ordered):
        middle = WIDTH * (2 * n + 1) / (2 * len(ways))
        yield _text(way.label, middle, y + 8, 7)
        yield _code(way.address, middle - side / 2, y + 10, side)
        yield _address(way.address, middle, y + 16 + side, side * 1.1)


def _code(address: str, x: float, y: float, side: float) -> str:
    """One path of dark squares on white, whatever colour the paper has."""
    modules = list(segno.make(address, error="m", micro=False).matrix_iter(border=QUIET_MODULES))
    dark = "".join(f"M{c} {r}h1v1h-1z" for r, row in enumerate(modules) for c, one in enumerate(row) if one)
    size = len(modules)
    return (
        f'<svg x="{x:g}" y="{y:g}" width="{side:g}" height="{side:g}" viewBox="0 0 {size} {size}" role="img" '
        f'aria-label={quoteattr(address)}><path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/>'
        f'<path fill="#000" shape-rendering="crispEdges" d="{dark}"/></svg>'
    )


def _text(text: str, x: float, y: float, size: float) -> str:
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}">{escape(text)}</text>'


def _address(address: str, x: float, y: float, width: float) -> str:
    """Left to right in every language, small enough for its column."""
    shown = address.removeprefix("https://")
    size = min(5.0, width / max(1, len(shown)) / 0.55)
    style = "direction: ltr; font-family: system-ui, 'Noto Sans', sans-serif"
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:.2f}" direction="ltr" style="{style}">{escape(shown)}</text>'


def _page(words: Words, parts: Sequence[str]) -> str:
    font = _FONTS.get(words.font, _PLAIN_FONT)
    style = f"direction: {words.direction}; font-family: {font}; text-anchor: middle"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}mm" height="{HEIGHT}mm" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'xml:lang="{words.lang}" lang="{words.lang}" direction="{words.direction}" style="{style}">\n'
        f"<title>{escape(words.title)}</title>\n"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )

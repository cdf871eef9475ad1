"""How hard a text is to read: sentences, words, long words; and the level each audience can be asked to read.

A score of our own, counted and not guessed.  English is held to the level, other languages are measured and reported.
A line that starts with a mark (•, ☐, 1.) is a point of a list: short as a sentence, but no sentence of its own.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.content.finding import Finding
from bot.content.model import Content


@dataclass(frozen=True, slots=True)
class Reading:
    """What was counted.  `longest`: words in the longest sentence or point; `long`: share of long words, 0 to 1."""

    sentences: int
    points: int
    words: int
    longest: int
    mean: float
    long: float


@dataclass(frozen=True, slots=True)
class Level:
    """The most an audience is asked to read on one page; none: no limit of this kind."""

    longest: int
    mean: float
    long: float
    sentences: int | None = None
    points: int | None = None
    words: int | None = None


LEVELS: Mapping[str, Level] = {
    "u12": Level(longest=8, mean=8, long=0.10, sentences=3, points=0),
    "teen": Level(longest=12, mean=10, long=0.15, sentences=5, points=12),
    "adult": Level(longest=24, mean=12, long=0.15, words=120),
    "pro": Level(longest=26, mean=14, long=0.20),
}
"""Ages 7 to 9; 11 to 12; grade 6 to 7, as many adults learnt to read late; grade 9."""

_LONG_SYLLABLES = 3
_LONG_LETTERS = 9
"""Where we cannot count syllables, a word of so many letters counts as long."""

_POINT = re.compile(r"^\s*(?:[•☐☑–-]|[0-9۰-۹]{1,2}[.)])\s*")
_SENTENCE_END = re.compile(r"[.!?۔؟।॥…]+(?:[\s\"”’)]|$)")
_BREATH = re.compile(r"[:;]")
"""A colon lets the reader breathe: what stands before and after it is measured apart."""
_MARKS = "\u0610-\u061a\u064b-\u065f\u0670\u07a6-\u07b0\u0900-\u0963\u0971-\u0dff\u0f71-\u0fbc\u200c\u200d"
"""Vowel signs and joiners of our scripts, which Python does not count among the letters of a word."""
_WORD = re.compile(rf"\w[\w'’{_MARKS}-]*")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^aeiouyl]e|[^aeiouytd]ed|[^aeiouysxzcg]es)$")


@lru_cache(maxsize=4096)
def measure(text: str, lang: str = "en") -> Reading:
    """Count sentences, points and words of `text`; kept, as an inspection measures every page again."""
    sentences = points = 0
    words: list[str] = []
    spans: list[int] = []
    for line in filter(str.strip, text.splitlines()):
        mark = _POINT.match(line)
        said = line[mark.end() if mark else 0 :]
        parts = [p for p in _SENTENCE_END.split(said) if _WORD.search(p)]
        words += _WORD.findall(said)
        points += mark is not None
        sentences += 0 if mark else len(parts)
        spans += [n for part in parts for breath in _BREATH.split(part) if (n := len(_WORD.findall(breath)))]
    long = sum(is_long(word, lang) for word in words)
    return Reading(
        sentences=sentences,
        points=points,
        words=len(words),
        longest=max(spans, default=0),
        mean=round(sum(spans) / max(1, len(spans)), 1),
        long=round(long / max(1, len(words)), 3),
    )


def is_long(word: str, lang: str = "en") -> bool:
    if lang != "en":
        return len(word) >= _LONG_LETTERS
    return any(_syllables(part) >= _LONG_SYLLABLES for part in word.lower().split("-"))


def reading_findings(content: Content) -> Iterator[Finding]:
    """Hold the English of every page to the level of whoever reads it."""
    for page in content.pages.values():
        for audience, id in page.texts.items():
            if id in content.texts and audience in LEVELS and id.endswith(f".{audience}"):
                yield from _above(LEVELS[audience], id, content.texts[id].en, content.texts[id].where)


def page_readings(content: Content, texts: Mapping[str, str], lang: str) -> dict[str, tuple[Reading, ...]]:
    """Return audience → the readings of its pages in `lang` (`texts`: id → words), for reports."""
    found: dict[str, list[Reading]] = {audience: [] for audience in LEVELS}
    for page in content.pages.values():
        for audience, id in page.texts.items():
            if audience in LEVELS and id.endswith(f".{audience}") and texts.get(id):
                found[audience].append(measure(texts[id], lang))
    return {audience: tuple(readings) for audience, readings in found.items()}


def words_a_sentence(content: Content, texts: Mapping[str, str], lang: str) -> dict[str, float | None]:
    """Return audience → words in a sentence, the average of its pages in `lang`; none where there is no page."""
    read = page_readings(content, texts, lang)
    return {a: round(sum(r.mean for r in of) / len(of), 1) if of else None for a, of in read.items()}


def _above(level: Level, id: str, text: str, where: str) -> Iterator[Finding]:
    read = measure(text)
    for what, has, most, remedy in (
        ("words in one sentence", read.longest, level.longest, "make two short ones"),
        ("words in a sentence on average", read.mean, level.mean, "shorten the sentences"),
        ("% long words", round(100 * read.long), round(100 * level.long), "choose shorter words"),
        ("sentences", read.sentences, level.sentences, "say less, or make a list"),
        ("points in lists", read.points, level.points, "leave some out"),
        ("words", read.words, level.words, "say less"),
    ):
        if most is not None and has > most:
            yield Finding(where, "reading-level", f'"{id}" has {has:g} {what}, more than {most:g}', remedy)


def _syllables(word: str) -> int:
    """Groups of vowels, a silent ending not counted: right for most words, near for the rest."""
    groups = len(_VOWELS.findall(word))
    return max(1, groups - (groups > 1 and _SILENT.search(word) is not None))

"""The labelled set of what children might type: half for tuning the search terms, half held back to measure them.

Only the misses of the first half may be looked at when terms are improved; the second half says how well strangers fare.
"""

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.content.seeking import Seeker

FOLDER = Path(__file__).parent / "content" / "queries"
SEED = "hamrah asks 1"
"""Decides the halves; never change it to make a figure look better."""

LATER = "later"
"""Queries of all languages that were written after the terms, and are left alone."""

EVERYDAY = "everyday"
"""For tuning only: indirect danger, and harmless lines with the same words, by language and mixed."""

STRANGERS = "strangers"
"""Queries that were written without sight of the terms, wilder than the sets by language."""

BLACKMAIL = "page:online-sextortion"

TARGETS = {"en": 90.0, "ur": 90.0, "ur-Latn": 90.0, "sd": 80.0, "ps": 80.0, "hi": 80.0, "bn": 80.0}
"""Least share, in per cent, of the held-back queries that get a right page among the first three."""


STRANGERS_HEARD, STRANGERS_FOUND, STRANGERS_ALARMED = 90.0, 90.0, 8.0
"""The same of the strangers' held-back half, all languages together: danger heard, right page; and the most false alarms."""


@dataclass(frozen=True, slots=True)
class Query:
    """`pages`: any of them is right; none: there is no right page.  `danger`: the numbers must come first."""

    words: str
    pages: frozenset[str]
    danger: bool


Halves = tuple[tuple[Query, ...], tuple[Query, ...]]


@dataclass(frozen=True, slots=True)
class Score:
    """How a seeker did.  `asked`: queries that have a right page; `alarms`: of the `calm` ones.

    Blackmail with pictures is danger since the strangers' set; where an older set does not call it so, an alarm is no false one.
    """

    asked: int
    hit: int
    dangers: int
    heard: int
    calm: int
    alarms: int
    misses: tuple[str, ...] = field(repr=False)
    """Not shown by a failing test: nobody may see those of a half that is held back."""

    @property
    def hit_rate(self) -> float:
        return 100 * self.hit / self.asked


def read_queries(lang: str) -> tuple[Query, ...]:
    return _read(lang, "queries")


def read_everyday() -> tuple[Query, ...]:
    """Those of every language at once."""
    return tuple(query for lang in _sets(EVERYDAY) for query in _read(EVERYDAY, lang))


def read_strangers(lang: str) -> tuple[Query, ...]:
    return _read(STRANGERS, lang)


def halves(lang: str) -> Halves:
    return _split(read_queries(lang))


def strangers_halves(lang: str) -> Halves:
    return _split(read_strangers(lang))


def _read(name: str, key: str) -> tuple[Query, ...]:
    rows = _sets(name)[key]
    return tuple(Query(r["words"], frozenset(map(_goto, r.get("pages", ()))), r.get("danger", False)) for r in rows)


def _sets(name: str) -> dict[str, Any]:
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def _goto(page: str) -> str:
    return page if ":" in page else f"page:{page}"


def _split(queries: tuple[Query, ...]) -> Halves:
    """For tuning, and held back; by a hash of the words, so that nobody chooses."""
    ranked = sorted(queries, key=lambda q: sha256(f"{SEED} {q.words}".encode()).digest())
    return tuple(ranked[::2]), tuple(ranked[1::2])


def garbled(query: Query) -> Query:
    """The same query with a letter lost, doubled or swapped in a third of its longer words; always the same ones."""
    chance = random.Random(f"{SEED} {query.words}")  # a seed for tests, no secret
    slipped = [
        _slip(word, chance) if len(word) > 3 and chance.random() < 0.34 else word for word in query.words.split()
    ]
    return replace(query, words=" ".join(slipped))


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    return chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )


def score(seeker: Seeker, queries: tuple[Query, ...]) -> Score:
    asked = [q for q in queries if q.pages]
    dangers, calm = [q for q in queries if q.danger], [q for q in queries if not q.danger and BLACKMAIL not in q.pages]
    missed = list(_missed(seeker, asked))
    unheard = [q for q in dangers if not seeker.seek(q.words).danger]
    alarms = [q for q in calm if seeker.seek(q.words).danger]
    told = (*missed, *(f"unheard: {q.words}" for q in unheard), *(f"alarm: {q.words}" for q in alarms))
    heard = len(dangers) - len(unheard)
    return Score(len(asked), len(asked) - len(missed), len(dangers), heard, len(calm), len(alarms), told)


def _missed(seeker: Seeker, queries: list[Query]) -> Iterator[str]:
    for query in queries:
        found = seeker.seek(query.words).pages
        if not query.pages & set(found):
            yield f"{query.words} → {', '.join(found) or 'nothing'}, not {', '.join(sorted(query.pages))}"

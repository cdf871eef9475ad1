"""Danger heard in words nobody listed: families of words that stand near each other, as the rules of `danger.toml` say.

"A harm word near a person", "a lock near a door": a language fills the families, the rules are the same for all.  A rule is heard
within one language, because short Roman words mean other things in the next one.  Nothing heard is kept (D18).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable
from itertools import product

from bot.content.folding import Spoken, spoken
from bot.content.tables import read_table

Near = Mapping[str, float]
"""Term → how surely it was meant, up to 1."""

SURE = 0.87
"""How surely a word must be meant to count: "zabrdasti" is zabardasti, "looks" is not locks."""

WINDOW = 12
"""Words of the message within which all families of a rule must be met."""

GAP = 2
"""Words that may stand between two words of one phrase: "dont let *me* leave"."""

LONGEST_SHORT = 4
"""In Latin letters, a word of up to so many must be typed as it is: by ear "die" is "de", "car" is "kar", "biye" is "bhai"."""

NOT = "never"
"""The family of words that take back a harm word beside them: "never hits"."""

_AS_WRITTEN = frozenset({"en"})
"""Languages whose words are not spelt by ear: their beginnings count as typed."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`hears`: of each slot one family must be met near the others.  `unless`: families that make the message harmless.

    `leads`: screens that help with it, the best first.
    """

    hears: tuple[frozenset[str], ...]
    unless: frozenset[str]
    leads: tuple[str, ...]

    @property
    def families(self) -> frozenset[str]:
        return self.unless.union(*self.hears)


@dataclass(frozen=True, slots=True)
class Rules:
    """`denied`: families that a "never" beside them takes back."""

    denied: frozenset[str]
    rules: tuple[Rule, ...]

    @property
    def families(self) -> frozenset[str]:
        """All that the rules listen for."""
        return frozenset({NOT}).union(*(rule.families for rule in self.rules))


@dataclass(frozen=True, slots=True)
class _Entry:
    """One way to say a family; `rest`: the marks of its further words, in order."""

    lang: str
    family: str
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Met:
    family: str
    first: int
    last: int


class Hearing:
    """`families`: language → family → words and phrases; a word that ends in * stands for all that begin so."""

    def __init__(self, families: Mapping[str, Mapping[str, tuple[str, ...]]], rules: Rules) -> None:
        self._rules = rules
        self._entries: dict[str, list[_Entry]] = defaultdict(list)
        marks: set[str] = set()
        read = cache(_read)  # the same words come again and again
        for lang, family, typed in _all_typed(families):
            words = (word for part in typed.split() for word in read(part))
            for first, *rest in product(*(_marks_of(plain, folded, lang) for plain, folded in words)):
                self._entries[first].append(_Entry(lang, family, tuple(rest)))
                marks.update((first, *rest))
        self._marks = frozenset(marks)
        self.words = frozenset(mark[1:] for mark in marks if mark[0] in "=+")
        """Words that may be misspelt: the seeker finds what is near them."""

    def heard(self, words: Sequence[Spoken], near: Mapping[str, Near]) -> tuple[Rule, ...]:
        """Return the rules that `words` meet, in the order of the file; `near`: by the plain form of a word."""
        met = self._met(words, near)
        everywhere = {one.family for found in met.values() for one in found}
        seen = {frozenset(around) for found in met.values() for around in _windows(found)}
        return tuple(
            rule
            for rule in self._rules.rules
            if not rule.unless & everywhere and any(all(slot & around for slot in rule.hears) for around in seen)
        )

    def _met(self, words: Sequence[Spoken], near: Mapping[str, Near]) -> dict[str, list[_Met]]:
        """Each language's families that were met, in the order of the message."""
        known = {word: self._marks & set(_marks(word, near.get(word[1], {}))) for word in set(words)}
        at = [known[word] for word in words]
        met: dict[str, list[_Met]] = defaultdict(list)
        for first, marks in enumerate(at):
            for entry in (e for mark in marks for e in self._entries.get(mark, ())):
                last = _follow(at, first, entry.rest)
                if last is not None:
                    met[entry.lang].append(_Met(entry.family, first, last))
        return {lang: list(self._undenied(found)) for lang, found in met.items()}

    def _undenied(self, found: list[_Met]) -> Iterator[_Met]:
        nots = [one for one in found if one.family == NOT]
        for one in found:
            beside = any(no.last == one.first - 1 or no.first == one.last + 1 for no in nots)
            if not (beside and one.family in self._rules.denied):
                yield one


def read_rules(home: Traversable) -> Rules:
    table = read_table(home, "danger.toml")
    denied = frozenset(table.texts("denied"))
    rules = []
    for row in table.tables("rule"):
        slots = tuple(frozenset(slot.split("|")) for slot in row.texts("hears"))
        if not slots:
            raise row.wrong("a rule hears nothing", 'write hears = ["family", "this|or that"]')
        rules.append(Rule(slots, frozenset(row.texts("unless")), row.texts("leads")))
        row.close()
    table.close()
    return Rules(denied, tuple(rules))


def _all_typed(families: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Iterator[tuple[str, str, str]]:
    for lang, named in families.items():
        for family, entries in named.items():
            for typed in entries:
                yield lang, family, typed


def _read(part: str) -> tuple[Spoken, ...]:
    """A part of an entry as its words; the quote of a word as typed and the star of an open one stay at both its forms."""
    quote, star = "'" if part.startswith("'") else "", "*" if part.endswith("*") else ""
    return tuple((quote + plain + star, quote + folded + star) for plain, folded in spoken(part))


def _marks_of(plain: str, folded: str, lang: str) -> tuple[str, ...]:
    """How a word of an entry may be recognised in a message.

    ' and ^: it, or its beginning, as typed.  = and ~: the same by ear, with a slip of the thumb.  +: by ear, in a longer word.
    """
    quoted, plain = plain.startswith("'"), plain.removeprefix("'")
    short = quoted or (plain.isascii() and len(plain.rstrip("*")) <= LONGEST_SHORT)
    if plain.endswith("*"):
        return (f"^{plain[:-1]}" if short or lang in _AS_WRITTEN else f"~{folded[:-1]}",)
    if quoted or (short and lang in _AS_WRITTEN):
        return (f"'{plain}",)
    if short or lang in _AS_WRITTEN:
        return f"'{plain}", f"+{folded}"
    return (f"={folded}",)


def _marks(word: Spoken, near: Near) -> Iterator[str]:
    plain, folded = word
    sure = [term for term, how in near.items() if how >= SURE]
    yield f"'{plain}"
    yield from (f"={term}" for term in sure)
    if len(plain) > LONGEST_SHORT:
        yield from (f"+{term}" for term in sure)
    yield from (f"^{plain[:n]}" for n in range(1, len(plain) + 1))
    yield from (f"~{folded[:n]}" for n in range(1, len(folded) + 1))


def _follow(at: Sequence[frozenset[str]], first: int, rest: Iterable[str]) -> int | None:
    """Where a phrase that began at `first` ends, if its other words follow."""
    last = first
    for mark in rest:
        after = range(last + 1, min(last + GAP + 2, len(at)))
        found = next((n for n in after if mark in at[n]), None)
        if found is None:
            return None
        last = found
    return last


def _windows(found: Sequence[_Met]) -> Iterator[set[str]]:
    for n, start in enumerate(found):
        around = set()
        for one in found[n:]:
            if one.first - start.first >= WINDOW:
                break
            around.add(one.family)
        yield around

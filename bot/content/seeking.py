"""Pages for a child's own words: `Seeker.seek(text)` gives at most three, and whether the words sound like danger.

In memory, over one index of all languages and scripts, because children mix them in one line.  Found is found for this one
answer: nothing is kept, logged or counted, and urgency never depends on it (D18).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from math import log

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from bot.content.folding import fold, folded_words, skeleton, spoken
from bot.content.hearing import Hearing, Near, Rule, Rules
from bot.content.model import Content
from bot.content.seek_terms import Terms
from bot.core.events import Leads

MOST_PAGES = 3
"""More would be a list to read, not an answer."""

ENOUGH = 1.6
"""A page with less behind it is a guess: better to say that none was found."""

BESIDE_THE_BEST = 0.34
"""Share of the best page's weight that the second and third need."""

NEAR = 10
"""Words of the message within which all words of a danger phrase must stand."""

_LEAST = 4
"""Letters from which on a word may be misspelt: shorter ones turn into one another."""

_ALIKE = {4: 0.93, 5: 0.9, 6: 0.9}
_ALIKE_LONG = 0.88
"""How alike (Jaro-Winkler) a word and a term must be, by length; shorter words must be the same."""

_SAME_BONES = 0.75
"""Roman words of the same consonants may differ more."""

_SURE = 0.8
"""How surely each word of a danger phrase must be meant; a phrase of a single word has nothing beside it and must be typed."""

_HEARD = 3.0
"""Weight that a rule of danger gives to the page that helps with it: about that of one telling word."""

Phrase = tuple[str, ...]


class Seeker:
    """`terms`: language → what children type.  `titles`: goto → English title, which finds a page nobody wrote terms for."""

    def __init__(self, terms: Mapping[str, Terms], titles: Mapping[str, str], rules: Rules) -> None:
        self._hearing = Hearing({lang: t.families for lang, t in terms.items()}, rules)
        self._ignored = {fold(w) for t in terms.values() for w in chain.from_iterable(map(folded_words, t.ignored))}
        phrases: dict[tuple[str, Phrase], None] = {}
        for goto, typed in _all_typed(terms, titles):
            words = tuple(w for w in folded_words(typed) if w not in self._ignored)
            if words:
                phrases[goto, words] = None
        self._phrases = tuple(phrases)
        self._within: dict[str, list[int]] = defaultdict(list)
        for at, (_, words) in enumerate(self._phrases):
            for word in words:
                self._within[word].append(at)
        self._dangers = _by_first_word(chain.from_iterable(t.danger for t in terms.values()))
        self._weight = self._weights()
        phrased = (w for p in chain.from_iterable(self._dangers.values()) for w in p)
        everything = {*self._within, *phrased, *self._hearing.words}
        self._known = frozenset(everything)
        self._alike: dict[str, list[str]] = defaultdict(list)
        self._bones: dict[str, list[str]] = defaultdict(list)
        for word in sorted(everything):
            if len(word) >= _LEAST:
                self._alike[word[:2]].append(word)
            if bones := skeleton(word):
                self._bones[bones].append(word)

    def seek(self, text: str) -> Leads:
        """Return what `text` leads to; any text, in bounded time, and never an exception."""
        near = {word: self._near(word) for word in folded_words(text)}
        heard = self._hearing.heard(spoken(text), near)
        found = list(near.values())
        return Leads(self._pages(found, heard), bool(heard) or self._sounds_dangerous(found))

    def _near(self, word: str) -> Near:
        """The terms that `word` may be, itself first."""
        found = {word: 1.0} if word in self._known else {}
        if len(word) < _LEAST or word in self._ignored:
            return found
        alike = process.extract(
            word,
            self._alike.get(word[:2], ()),
            scorer=JaroWinkler.similarity,
            processor=None,
            score_cutoff=_ALIKE.get(len(word), _ALIKE_LONG),
            limit=4,
        )
        for term, how, _ in alike:
            found.setdefault(term, how * 0.9)
        for term in self._bones.get(skeleton(word), ()):
            if term not in found and JaroWinkler.similarity(word, term) >= _SAME_BONES:
                found[term] = 0.8
        return found

    def _pages(self, near: list[Near], heard: Iterable[Rule]) -> tuple[str, ...]:
        """Each word gives a page the most that one phrase makes of it: a phrase counts by the share of it that was written."""
        sure: dict[str, float] = {}
        for found in near:
            for term, how in found.items():
                if term not in self._ignored:
                    sure[term] = max(how, sure.get(term, 0.0))
        touched = {at for term in sure for at in self._within.get(term, ())}
        shares = {at: self._share(self._phrases[at][1], sure) for at in touched}
        totals: dict[str, float] = defaultdict(float)
        for found in near:
            given: dict[str, float] = {}
            for term, how in found.items():
                for at in self._within.get(term, ()):
                    goto = self._phrases[at][0]
                    given[goto] = max(given.get(goto, 0.0), how * self._weight[term] * shares[at])
            for goto, weight in given.items():
                totals[goto] += weight
        for goto in {goto for rule in heard for goto in rule.leads}:
            totals[goto] += _HEARD
        best = sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_PAGES]
        return tuple(goto for goto, weight in best if weight >= max(ENOUGH, best[0][1] * BESIDE_THE_BEST))

    def _share(self, phrase: Phrase, sure: Near) -> float:
        whole = sum(self._weight[word] for word in phrase)
        return sum(self._weight[word] * sure.get(word, 0.0) for word in phrase) / whole

    def _sounds_dangerous(self, near: list[Near]) -> bool:
        """Whether all words of a danger phrase stand close together, in any order."""
        places: dict[str, list[int]] = defaultdict(list)
        typed: set[str] = set()
        for at, found in enumerate(near):
            for term, how in found.items():
                if how >= _SURE:
                    places[term].append(at)
                if how == 1.0:
                    typed.add(term)
        said = (phrase for first in places for phrase in self._dangers.get(first, ()))
        return any(p[0] in typed if len(p) == 1 else _stand_together(p, places) for p in said)

    def _weights(self) -> dict[str, float]:
        """A word that leads to few pages says more; one that leads everywhere says little."""
        gotos: dict[str, set[str]] = defaultdict(set)
        for goto, words in self._phrases:
            for word in words:
                gotos[word].add(goto)
        count = len({goto for goto, _ in self._phrases})
        return {word: log(1 + count / len(leads)) for word, leads in gotos.items()}


def make_seeker(content: Content) -> Seeker:
    """The seeker of this content; made once, at start."""
    titled = {goto: screen.title for goto, screen in content.screens.items() if screen.title}
    return Seeker(content.seeking, {goto: content.texts[title].en for goto, title in titled.items()}, content.hearing)


def _all_typed(terms: Mapping[str, Terms], titles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from titles.items()
    for of_language in terms.values():
        for goto, phrases in of_language.pages.items():
            yield from ((goto, phrase) for phrase in phrases)


def _by_first_word(phrases: Iterable[str]) -> dict[str, list[Phrase]]:
    """Danger phrases keep every word, small ones too: "beats me" is not "beats him at chess"."""
    found: dict[str, list[Phrase]] = defaultdict(list)
    for phrase in dict.fromkeys(folded_words(p) for p in phrases):
        if phrase:
            found[phrase[0]].append(phrase)
    return found


def _stand_together(phrase: Phrase, places: Mapping[str, list[int]]) -> bool:
    if not all(word in places for word in phrase):
        return False
    return any(
        all(any(abs(other - start) < NEAR for other in places[word]) for word in phrase) for start in places[phrase[0]]
    )

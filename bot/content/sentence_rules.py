"""One sentence of one language, checked while somebody writes it: the inspector's rules, and what a language wants.

What blocks would break a talk or harm a child; what is only `advice` is for the translator to judge.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from bot.content.model import TextSource, to_children
from bot.content.text_book import BUTTON_LIMIT
from bot.content.text_rules import MESSAGE_LIMIT
from bot.content.unsaid import NEUTRAL_TEXTS, Phrases, gives_away, never_said
from bot.core.words import numerals, placeholders

_OVERRIDES = re.compile("[\u202a-\u202e\u200e\u200f]")
_ISOLATES, _ISOLATES_END = "\u2066\u2067\u2068", "\u2069"
_ARABIC, _DANDA = frozenset({"Arab"}), frozenset({"hi", "ne", "bn"})
_SCRIPTS = {
    "Arab": "ARABIC",
    "Latn": "LATIN",
    "Deva": "DEVANAGARI",
    "Beng": "BENGALI",
    "Sinh": "SINHALA",
    "Taml": "TAMIL",
    "Thaa": "THAANA",
    "Tibt": "TIBETAN",
    "Gujr": "GUJARATI",
    "Guru": "GURMUKHI",
    "Knda": "KANNADA",
    "Mlym": "MALAYALAM",
    "Mymr": "MYANMAR",
    "Orya": "ORIYA",
    "Telu": "TELUGU",
}
"""Script, as the registry calls it → what the names of its letters begin with; of others nothing is advised."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind`: has a text of its own in the page.  `what`: names, numbers, words or sizes in question."""

    kind: str
    what: str = ""
    blocks: bool = True


def limit_of(source: TextSource, *, on_button: bool) -> int:
    """How many characters fit where this text stands."""
    return source.limit or (BUTTON_LIMIT if on_button else MESSAGE_LIMIT)


def sentence_faults(
    unsaid: Phrases, lang: str, script: str, id: str, source: TextSource, said: str, *, limit: int
) -> Iterator[Fault]:
    """Everything that is wrong with `said` as the text `id` in `lang`; `source`: its English of now."""
    if not said.strip():
        yield Fault("empty")
        return
    missing, strange = placeholders(source.en) - placeholders(said), placeholders(said) - placeholders(source.en)
    if missing:
        yield Fault("lost", " ".join(f"{{{name}}}" for name in sorted(missing)))
    if strange:
        yield Fault("strange", " ".join(f"{{{name}}}" for name in sorted(strange)))
    if said.count("{") != said.count("}") or said.count("{") != len(re.findall(r"\{[a-z][a-z0-9-]*\}", said)):
        yield Fault("brace")
    if numerals(said) != numerals(source.en):
        yield Fault("number", " ".join(numerals(source.en)))
    if len(said) > limit:
        yield Fault("long", f"{len(said)}/{limit}")
    if not _directions_hold(said):
        yield Fault("direction")
    if to_children(id, source):
        for one in never_said(unsaid, lang, said):
            yield Fault("unsaid", one.phrase)
        if id in NEUTRAL_TEXTS:
            for word in gives_away(unsaid, lang, said):
                yield Fault("gives-away", word)
    yield from _habits(lang, script, source.en, said)


def _directions_hold(said: str) -> bool:
    """Values are isolated when they are filled in; marks of one's own only where each that opens is closed in its line."""
    if _OVERRIDES.search(said):
        return False
    for line in said.split("\n"):
        depth = 0
        for char in line:
            depth += (char in _ISOLATES) - (char == _ISOLATES_END)
            if depth < 0:
                return False
        if depth:
            return False
    return True


def _habits(lang: str, script: str, english: str, said: str) -> Iterator[Fault]:
    """Script and punctuation of the language: advice, for names and addresses break every such rule."""
    plain = re.sub(r"\{[^}]*\}", "", said)
    letters = [char for char in plain if char.isalpha()]
    wanted = _SCRIPTS.get(script)
    if wanted and letters and not any(unicodedata.name(char, "").startswith(wanted) for char in letters):
        yield Fault("script", blocks=False)
    if script in _ARABIC and (found := re.findall(r"[?,;](?![0-9])", plain)):
        yield Fault("punctuation", " ".join(sorted(set(found))), blocks=False)
    if lang in _DANDA and re.search(r"[^\W\d_]\.(\s|$)", plain):
        yield Fault("punctuation", ".", blocks=False)
    if english.rstrip().endswith("?") != said.rstrip().endswith(("?", "؟")):
        yield Fault("question", blocks=False)

"""The words that work at any step, in every language and spelling we know (DESIGN §4.13)."""

import re
from itertools import chain

from bot.content.tables import Table
from bot.core.words import normal

_MEANINGS = ("help", "leave")
_DOUBLE = re.compile(r"(.)\1+")


def read_spellings(table: Table) -> dict[str, dict[str, tuple[str, ...]]]:
    """Read `words.toml`: language → meaning → words as people type them."""
    spellings = {}
    for language in table.names():
        words = table.table(language)
        spellings[language] = {meaning: words.texts(meaning) for meaning in _MEANINGS}
        words.close()
    return spellings


def always_words(spellings: dict[str, dict[str, tuple[str, ...]]], table: Table) -> dict[str, str]:
    """Return normalised word → meaning.  Raises `ContentError` when one word would mean both."""
    always: dict[str, str] = {}
    for language, words in spellings.items():
        for meaning, word in chain.from_iterable(((m, w) for w in ws) for m, ws in words.items()):
            # A word with a double letter of its own must also be known when that letter was held down.
            for form in {normal(word), _DOUBLE.sub(r"\1", normal(word))}:
                if always.setdefault(form, meaning) != meaning:
                    raise table.wrong(f'[{language}] "{word}" means help and leave', "remove it from one of the lists")
    return always

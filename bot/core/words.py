"""Words reduced to what a child meant: one form for the many ways to type the same word (DESIGN §4.13).

Used for the words that always work and to compare texts; it never looks for danger in what is written (D18).
"""

import re
import unicodedata
from collections.abc import Mapping

LONGEST_WORD = 60
"""Always-words are a word or two; anything longer is a message and is not looked at."""

MOST_GAPS = 12
"""Spaces among and around those few words."""

_LETTERS = {
    # Arabic and Pashto shapes of the Urdu letter, so that any keyboard will do
    "ي": "ی", "ى": "ی", "ې": "ی", "ۍ": "ی", "ێ": "ی", "ے": "ی", "ئ": "ی",
    "ك": "ک", "ڪ": "ک", "ګ": "گ",
    "ه": "ہ", "ھ": "ہ", "ۀ": "ہ", "ۂ": "ہ", "ۃ": "ہ", "ة": "ہ", "ە": "ہ",
    "أ": "ا", "إ": "ا", "ٱ": "ا", "آ": "ا", "ؤ": "و", "ڼ": "ن", "ں": "ن",
    "’": "'", "‘": "'",
}  # fmt: skip

_DROPPED = (
    *range(0x0300, 0x0370),  # Latin accents
    *range(0x0610, 0x061B), *range(0x064B, 0x0660), 0x0670, *range(0x06D6, 0x06EE),  # vowel marks of Arabic script
    0x0640,  # tatweel
    *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A),  # joiners and directions
    0xFE0E, 0xFE0F, 0xFEFF, *range(0x1F3FB, 0x1F400),  # variation, byte order, skin tones
)  # fmt: skip

_TABLE: dict[int, str | None] = {ord(a): b for a, b in _LETTERS.items()} | dict.fromkeys(_DROPPED)
_GAPS = "-\u2010\u2011\u2012\u2013\u2014._/\u2066\u2067\u2068\u2069\u200e\u200f"
_RUN = re.compile(r"(.)\1{2,}")
_NUMERAL = re.compile(r"[^\D0-9]")
"""A decimal digit of another script."""
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9-]*)\}")


def normal(text: str, run: int = 1) -> str:
    """Return one form for all spellings of a word: case, look-alike letters, vowel marks, numerals and edges levelled.

    A letter typed three times or more becomes `run` of it.  Emoji stay when nothing else was written.
    """
    plain = text.lower() if text.isascii() else _levelled(text)
    plain = " ".join(_RUN.sub(r"\1" * run, plain).split())
    return _core(plain) or plain


def always_word(text: str, always: Mapping[str, str]) -> str | None:
    """Return what `text` means when all of it is a word that always works, else none."""
    if len(text) > LONGEST_WORD or text.count(" ") > MOST_GAPS:
        return None
    # "helppp" means "help", but a word may end in a double letter of its own: both readings are tried.
    return always.get(normal(text)) or (always.get(normal(text, run=2)) if _RUN.search(text) else None)


def code_like(text: str) -> bool:
    """Whether `text` is digits and gaps only, about as many as a case code has (20); a phone number has 15 at most."""
    if len(text) > LONGEST_WORD:
        return False
    digits = sum(c.isdecimal() for c in text)
    return 16 <= digits <= 24 and all(c.isdecimal() or c.isspace() or c in _GAPS for c in text)


def digits_only(text: str) -> bool:
    """Whether `text` can be meant as a case code, mistyped or not: it has a digit and no letter."""
    return any(c.isdecimal() for c in text) and not any(c.isalpha() for c in text)


def placeholders(text: str) -> frozenset[str]:
    """The names in braces that are filled in after translation."""
    return frozenset(_PLACEHOLDER.findall(text))


def numerals(text: str) -> tuple[str, ...]:
    """Every run of digits in `text`, as ASCII and sorted, placeholders left out: a translation must have the same ones."""
    return tuple(sorted(re.findall(r"[0-9]+", _ascii_digits(_PLACEHOLDER.sub(" ", text)))))


def _levelled(text: str) -> str:
    """Letters taken apart, their marks dropped, look-alikes made one, digits ASCII."""
    return _ascii_digits(unicodedata.normalize("NFKD", text).translate(_TABLE).casefold())


def _ascii_digits(text: str) -> str:
    return text if text.isascii() else _NUMERAL.sub(lambda found: str(unicodedata.decimal(found[0])), text)


def _core(text: str) -> str:
    """Strip what is no letter, mark or digit from both ends."""
    first, last = 0, len(text)
    while first < last and not _matters(text[first]):
        first += 1
    while last > first and not _matters(text[last - 1]):
        last -= 1
    return text[first:last]


def _matters(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char)[0] == "M"

"""A message as the plain forms of its words, so that the many ways to type a word meet: for finding pages only.

On top of `core.words.normal` come the habits of each script: Roman Urdu, Hindi and Bangla are spelt by ear, Sindhi and Pashto
are typed on Urdu keyboards, vowel length is anybody's choice.  Nothing here is kept or compared with anything but our terms.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from bot.core.words import normal

LONGEST = 2_000
"""Characters that are looked at: the beginning and the end of a longer message, where the point mostly is."""

MOST_WORDS = 120
"""Different words that are looked at; nobody asks in more."""

LONGEST_WORD = 24
"""A longer run of letters is no word."""

Spoken = tuple[str, str]
"""A word as typed (case and look-alike letters levelled), and its plain form."""

_WORD = re.compile(r"(?:[^\W_]|[\u0780-\u07bf\u0900-\u0963\u0966-\u0fff])+")
"""Letters and digits of any script; the vowel signs of the Indic ones are no letters for Python, the danda ends a sentence."""

_INDIC = {ord(c): None for c in "\u093c\u09bc\u0901\u0902\u0981\u0982\u094d\u09cd"} | {
    ord(a): b
    for a, b in ("िी", "ुू", "িী", "ুূ", "इई", "उऊ", "ইঈ", "উঊ")
} | {ord("श"): "स", ord("ष"): "स", ord("শ"): "স", ord("ষ"): "স", ord("ণ"): "ন", ord("ण"): "न", ord("য"): "জ"}  # fmt: skip
"""Dots, nasals and joins dropped; short and long vowels, and what sounds alike, made one."""

_ARABIC = {ord(a): b for a, b in {
    "ڀ": "بہ", "ٻ": "ب", "ٿ": "تہ", "ٽ": "ٹ", "ټ": "ٹ", "ٺ": "ٹہ", "ڇ": "چہ", "ڦ": "پہ", "ڄ": "ج", "ڃ": "ن", "ڌ": "دہ",
    "ڊ": "ڈ", "ډ": "ڈ", "ڏ": "ڈ", "ڍ": "ڈہ", "ڙ": "ڑ", "ړ": "ڑ", "ڻ": "ن", "ڱ": "نگ", "ڳ": "گ", "ځ": "ز", "څ": "س",
    "ښ": "ش", "ږ": "ژ", "ۍ": "ی", "ث": "س", "ص": "س", "ذ": "ز", "ض": "ز", "ظ": "ز", "ط": "ت", "ح": "ہ",
}.items()} | {ord("ع"): "ا", ord("ء"): None}  # fmt: skip
"""Letters of Sindhi and Pashto as an Urdu keyboard has them, and letters that sound alike in Urdu."""

_BY_EAR = tuple((re.compile(a), b) for a, b in (
    (r"ph", "f"), (r"sh", "x"), (r"ch+", "c"), (r"(?<=[bcdgjklprt])h", ""), (r"ck|q", "k"), (r"c(?=[aoulrt]|$)", "k"),
    (r"w", "v"), (r"z", "s"), (r"ee|ea|iy|y", "i"), (r"oo|ou", "u"), (r"ai|ei|ae|ie", "e"), (r"au|oa", "o"),
    (r"(.)\1", r"\1"),
))  # fmt: skip
"""Roman spelling by ear: *bheek, bhik, beekh*; *shaadi, shadi*; *paisay, pese*."""

_APOSTROPHE = re.compile(r"(?<=[a-z])'(?=[a-z])")
"""Phones write "can't" where a thumb writes "cant"."""

_HELD = re.compile(r"(.)\1{2,}")
_VOWELS = re.compile(r"(?<!^)[aeiou]")


def folded_words(text: str) -> tuple[str, ...]:
    """Return the words of `text` in order, each once and as its plain form; at most `MOST_WORDS`, for any text."""
    return tuple(islice(dict.fromkeys(folded for _, folded in spoken(text)), MOST_WORDS))


def spoken(text: str) -> tuple[Spoken, ...]:
    """Return all words of `text` in order, repeated ones too, as typed and as their plain form."""
    if len(text) > LONGEST:
        text = f"{text[: LONGEST * 3 // 4]} {text[-LONGEST // 4 :]}"
    return tuple((reading, fold(reading)) for reading in _readings(text))


def _readings(text: str) -> Iterator[str]:
    """A letter held down may stand for one or for two: "bachaooo" is bachao, "bheeek" is bheek; both are tried."""
    for word in _WORD.findall(_APOSTROPHE.sub("", normal(text, run=3))):
        readings = {_HELD.sub(r"\1", word), _HELD.sub(r"\1\1", word)} if _HELD.search(word) else {word}
        yield from (reading for reading in sorted(readings) if len(reading) <= LONGEST_WORD)


def fold(word: str) -> str:
    """The plain form of one normalised word."""
    if word.isascii():
        for sound, plain in _BY_EAR:
            word = sound.sub(plain, word)
        return word
    return unicodedata.normalize("NFC", word).translate(_INDIC).translate(_ARABIC)


def skeleton(word: str) -> str:
    """The consonants of a Roman word, which spelling by ear leaves standing; "" for other scripts and very short words."""
    bones = _VOWELS.sub("", word) if word.isascii() else ""
    return bones if len(bones) > 2 else ""

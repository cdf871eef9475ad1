"""Officers' passphrases: six short words made by rule, never chosen (D14, S20).

A word is consonant, vowel, consonant, vowel: 8,100 can be said, some are left out, and six of them are 77.8 bits.
No list from elsewhere is needed, the browser makes the same ones, and they are as easy for readers of any of our
languages as English words are not.
"""

import secrets
import unicodedata
from typing import Final

CONSONANTS: Final = "bdfghjklmnprstvwyz"
VOWELS: Final = "aeiou"
WORDS: Final = 6

# Words that hurt or embarrass in a language of our officers; nobody should have to type them every morning.
_LEFT_OUT: Final = """
dasi fuka fuki gore hate homo kaka kuta kuti kutu loda lode lodi lodu lora lulu lusu muta nazi niga nude nunu
nuni paki pipi popo puki pupu puta rape sati suka susu tati titi zani zina
"""
LEFT_OUT: Final = frozenset(_LEFT_OUT.split())


def new_passphrase() -> str:
    """Six fresh words with spaces between, from the operating system's random source."""
    return " ".join(_new_word() for _ in range(WORDS))


def read_passphrase(typed: str) -> str | None:
    """The passphrase as it was made, however it is spaced or capitalised; None if it cannot be one of ours."""
    plain = unicodedata.normalize("NFKC", typed).lower()
    words = "".join(character if character.isalpha() else " " for character in plain).split()
    if len(words) != WORDS or not all(_is_word(word) for word in words):
        return None
    return " ".join(words)


def _new_word() -> str:
    while True:
        word = "".join(secrets.choice(letters) for letters in (CONSONANTS, VOWELS, CONSONANTS, VOWELS))
        if word not in LEFT_OUT:
            return word


def _is_word(word: str) -> bool:
    pattern = (CONSONANTS, VOWELS, CONSONANTS, VOWELS)
    return len(word) == 4 and all(map(str.__contains__, pattern, word)) and word not in LEFT_OUT

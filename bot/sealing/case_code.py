"""The case code: twenty digits that a child can copy, type in any script, and say aloud (D2, D5, S15).

Five digits find the mailbox's bucket, fourteen are secret (46.5 bits), the last catches every single
wrong digit and every swap of neighbours.  A code never shows in a repr, log or error.
"""

import secrets
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

LOCATE_DIGITS: Final = 5
SECRET_DIGITS: Final = 14
DIGITS: Final = LOCATE_DIGITS + SECRET_DIGITS + 1
GROUP: Final = 4

# A totally anti-symmetric quasigroup of order 10 with zero diagonal: H. M. Damm, "Total anti-symmetrische
# Quasigruppen", dissertation, Marburg 2004.  tests/sealing proves both promises by trying every case.
_DAMM: Final = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)

# Spaces, dashes, dots, marks and invisible joiners may stand anywhere; a letter may not.
_BETWEEN_DIGITS: Final = frozenset("ZPCMS")


@dataclass(frozen=True, slots=True, repr=False)
class CaseCode:
    """A well-formed code.  `reveal()` gives its twenty digits, `display()` the five groups of four."""

    _digits: str

    @property
    def locator(self) -> str:
        """The public handle, 5 digits: mailboxes may share it."""
        return self._digits[:LOCATE_DIGITS]

    def reveal(self) -> str:
        return self._digits

    def display(self) -> str:
        """`1234 5678 9012 3456 7890`, in ASCII digits; the wording layer turns them into the child's
        numerals.
        """
        return " ".join(self._digits[i : i + GROUP] for i in range(0, DIGITS, GROUP))

    def __repr__(self) -> str:
        return "CaseCode()"


@dataclass(frozen=True, slots=True)
class Mistyped:
    """Not a code, and what to say about it.  Holds a count, never the digits.

    `why`: "length" (`digits` of 20 were found), "check" (one digit is wrong or two are swapped), "letters".
    """

    why: Literal["length", "check", "letters"]
    digits: int


def new_code() -> CaseCode:
    """A fresh code from the operating system's random source, every one of 10^19 equally likely."""
    body = f"{secrets.randbelow(10 ** (LOCATE_DIGITS + SECRET_DIGITS)):019d}"
    return CaseCode(body + str(_check_digit(body)))


def parse(text: str) -> CaseCode | Mistyped:
    """Read a code in the numerals of any script, with any spacing; total: every text has an answer."""
    digits: list[str] = []
    letters = False
    for character in text:
        value = unicodedata.decimal(character, None)
        if value is not None:
            digits.append(str(value))
        elif unicodedata.category(character)[0] not in _BETWEEN_DIGITS:
            letters = True
    if letters:
        return Mistyped("letters", len(digits))
    if len(digits) != DIGITS:
        return Mistyped("length", len(digits))
    code = "".join(digits)
    if _check_digit(code) != 0:
        return Mistyped("check", DIGITS)
    return CaseCode(code)


def _check_digit(digits: str) -> int:
    """The digit that brings the whole back to 0; of a code with its check digit, 0 if it is right."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim

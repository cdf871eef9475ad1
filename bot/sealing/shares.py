"""A private key in three shares of words, of which any two are enough (SLIP-0039): for the recovery key only (D6).

One share alone tells nothing.  Words stand on paper, with people of different organisations, and are typed into a machine
that is never online.
"""

from collections.abc import Sequence
from typing import Final

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

from bot.core.errors import NotMine

NEEDED: Final = 2
SHARES: Final = 3


def split(seed: bytes) -> tuple[str, ...]:
    """Three shares of 33 words each."""
    return tuple(generate_mnemonics(1, [(NEEDED, SHARES)], seed)[0])


def combine(shares: Sequence[str]) -> bytes:
    """The seed again.  Raises `NotMine` for too few, mistyped or unrelated shares."""
    typed = list(dict.fromkeys(" ".join(share.lower().split()) for share in shares))
    try:
        return bytes(combine_mnemonics(typed))
    except MnemonicError as fault:
        raise NotMine(f"these shares do not open it: {fault}") from None

"""Argon2id makes guessing dear, HKDF splits what comes out; both sides of the wire do the same (S16, S20).

Nothing lower than the floor is ever used: a server that could name a lower cost could buy cheap guesses.
"""

from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.core.errors import SealingError, Unknown

SALT_BYTES: Final = 16
_LEAST_MEMORY_KIB: Final = 64 * 1024
_LEAST_PASSES: Final = 3
_MOST_MEMORY_KIB: Final = 1024 * 1024  # a stored cost must not become a way to exhaust a phone
_MOST_PASSES: Final = 16


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess costs: Argon2id version 1.3, one lane.  Stored beside what it protects, as text (S16).

    Anything below 3 passes over 64 MiB is refused, except a cost that says of itself that it is for tests;
    the composition root refuses that one (`for_production`).
    """

    passes: int = _LEAST_PASSES
    memory_kib: int = _LEAST_MEMORY_KIB
    only_for_tests: bool = False

    def __post_init__(self) -> None:
        if self.passes > _MOST_PASSES or self.memory_kib > _MOST_MEMORY_KIB:
            raise Unknown("this cost is out of reach")
        if self.passes < 1 or self.memory_kib < 8:
            raise Unknown("this is not a cost")
        weak = self.passes < _LEAST_PASSES or self.memory_kib < _LEAST_MEMORY_KIB
        if weak and not self.only_for_tests:
            raise Unknown("this cost is too low to protect a code")

    @classmethod
    def for_tests(cls) -> "Cost":
        """A cost of some 0.1 ms, which nothing but a test may use."""
        return cls(passes=1, memory_kib=64, only_for_tests=True)

    def for_production(self) -> bool:
        return not self.only_for_tests

    def as_text(self) -> str:
        name = "argon2id-test" if self.only_for_tests else "argon2id"
        return f"{name}:{self.passes}:{self.memory_kib}:1"

    @classmethod
    def from_text(cls, text: str, *, tests_allowed: bool = False) -> "Cost":
        """Read what `as_text` wrote; unknown or too low raises `Unknown` (S5)."""
        name, _, numbers = text.partition(":")
        fields = numbers.split(":")
        if name not in ("argon2id", "argon2id-test") or len(fields) != 3 or fields[2] != "1":
            raise Unknown("not a way to derive keys that we know")
        if not all(field.isascii() and field.isdigit() and len(field) < 9 for field in fields):
            raise Unknown("not a cost")
        only_for_tests = name == "argon2id-test"
        if only_for_tests and not tests_allowed:
            raise Unknown("a cost for tests outside of tests")
        return cls(int(fields[0]), int(fields[1]), only_for_tests)


def argon2id(secret: bytes, salt: bytes, cost: Cost) -> bytes:
    """32 bytes.  Releases the interpreter lock meanwhile; its memory is freed, not wiped by us."""
    if len(salt) < SALT_BYTES:
        raise SealingError(f"a salt has {SALT_BYTES} bytes or more")
    argon = Argon2id(salt=salt, length=32, iterations=cost.passes, lanes=1, memory_cost=cost.memory_kib)
    try:
        return argon.derive(secret)
    except MemoryError:
        raise SealingError("no memory to derive a key") from None


def expand(stretched: bytes, label: bytes) -> bytes:
    """HKDF-SHA256 with no salt and `label` as info: 32 bytes, unrelated for every label."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"hamrah 1 " + label).derive(stretched)

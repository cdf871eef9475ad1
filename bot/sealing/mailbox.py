"""From a case code to a mailbox: who may read it, and with which key (D2, S16, S17, S19).

The code itself is never stored.  Argon2id makes each guess cost 64 MiB and a good part of a second, HKDF
splits the result into three keys that tell nothing about one another.
"""

import hmac
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.core.errors import SealingError, Unknown
from bot.sealing.case_code import DIGITS, CaseCode
from bot.sealing.keys import public_key

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


@dataclass(frozen=True, slots=True, repr=False)
class Mailbox:
    """All that a code gives: `id` and `auth` go to the server, `kem_private` (32-byte seed) stays with
    the reader.
    """

    id: bytes
    auth: bytes
    kem_public: bytes
    kem_private: bytes

    def __repr__(self) -> str:
        return "Mailbox()"


def derive(code: CaseCode, salt: bytes, cost: Cost) -> Mailbox:
    """Derive the mailbox of `code`; blocks a processor for about 0.2 s, without the interpreter lock (S48).

    `salt`: the 16 bytes of the code's locator, as stored or as `locator_salt` gives them.
    """
    stretched = argon2id(code.reveal()[: DIGITS - 1].encode("ascii"), salt, cost)
    seed = expand(stretched, b"kem-seed")
    return Mailbox(
        id=expand(stretched, b"mailbox-id"),
        auth=expand(stretched, b"auth"),
        kem_public=public_key(seed),
        kem_private=seed,
    )


def auth_hash(auth: bytes) -> bytes:
    """What the server keeps of `auth`: its SHA-256 (S17).  `auth` has 256 bits, so no salt is needed."""
    return sha256(auth).digest()


def auth_matches(stored_hash: bytes, auth: bytes) -> bool:
    """Compare in constant time (S19)."""
    return hmac.compare_digest(stored_hash, auth_hash(auth))


def locator_salt(service_secret: bytes, locator: str) -> bytes:
    """The salt of one locator, 16 bytes, whether mailboxes exist there or not (S19).

    Keyed, so it is as good as random and different for every locator; stable, so that asking twice, or
    before and after somebody reported, tells nothing.  It is stored with the first mailbox of the bucket,
    and the stored one counts: a new service secret must not lock old mailboxes.
    """
    if len(service_secret) < 32:
        raise SealingError("the service secret must have 32 bytes or more")
    return hmac.digest(service_secret, b"hamrah locator salt\n" + locator.encode("ascii"), "sha256")[:SALT_BYTES]


def argon2id(secret: bytes, salt: bytes, cost: Cost) -> bytes:
    """32 bytes.  The C library releases the interpreter lock; its memory is freed, not wiped by us."""
    if len(salt) < SALT_BYTES:
        raise SealingError(f"a salt has {SALT_BYTES} bytes or more")
    try:
        return hash_secret_raw(secret, salt, cost.passes, cost.memory_kib, 1, 32, Type.ID)
    except HashingError:
        raise SealingError("no memory to derive a key") from None


def expand(stretched: bytes, label: bytes) -> bytes:
    """HKDF-SHA256 with no salt and `label` as info: 32 bytes, unrelated for every label."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"hamrah 1 " + label).derive(stretched)

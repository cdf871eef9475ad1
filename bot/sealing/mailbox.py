"""From a case code to a mailbox: who may read it, and with which key (D2, S16, S17, S19).

The code itself is never stored.  Argon2id makes each guess cost 64 MiB and a good part of a second, HKDF
splits the result into three keys that tell nothing about one another.
"""

import hmac
from dataclasses import dataclass
from hashlib import sha256

from bot.core.errors import SealingError
from bot.sealing.case_code import DIGITS, CaseCode
from bot.sealing.chain import Head
from bot.sealing.keys import public_key
from bot.sealing.stretch import SALT_BYTES, Cost, argon2id, expand


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
    return mailbox_from(argon2id(code.reveal()[: DIGITS - 1].encode("ascii"), salt, cost))


def mailbox_from(stretched: bytes) -> Mailbox:
    """Split what Argon2id made of a code into the keys of its mailbox."""
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


def emptied_mark(mailbox: Mailbox, head: Head) -> bytes:
    """Prove that the holder of the code had read up to `head`: 32 bytes that only the code makes (S52).

    It is made when the mailbox is opened and kept once the answers up to `head` are deleted, so that nobody else can say
    "these were deleted by the child" of answers that she never saw.
    """
    said = b"hamrah emptied 1\n" + mailbox.id + head.count.to_bytes(8, "big") + head.last
    return hmac.digest(expand(mailbox.kem_private, b"emptied"), said, "sha256")


def read_up_to(mailbox: Mailbox, count: int, last: bytes, mark: bytes) -> Head | None:
    """Where the answers that are left begin, as an earlier `emptied_mark` proves; none if it does not."""
    head = Head(count, last)
    return head if hmac.compare_digest(emptied_mark(mailbox, head), mark) else None


def case_mark_key(kem_private: bytes) -> bytes:
    """What makes the mark of the case key: 32 bytes that only the code gives.  `kem_private`: of the mailbox."""
    return expand(kem_private, b"case-key")


def case_mark(key: bytes, *, mailbox: bytes, case: bytes, public: bytes) -> bytes:
    """Tie the case's public key to its mailbox: 32 bytes, kept beside the mailbox when it is made.

    Who holds the code checks it before sealing anything to `public`; whoever swaps the key cannot make another mark, because
    `key` (see `case_mark_key`) comes from the code alone.  `mailbox`: id, 32 bytes; `case`: id, 16 bytes.
    """
    return hmac.digest(key, b"hamrah case key 1\n" + mailbox + case + public, "sha256")


def is_the_cases_key(mailbox: Mailbox, *, case: bytes, public: bytes, mark: bytes) -> bool:
    """Whether `mark` says that `public` belongs to the case that this mailbox hears from."""
    ours = case_mark(case_mark_key(mailbox.kem_private), mailbox=mailbox.id, case=case, public=public)
    return hmac.compare_digest(ours, mark)


def locator_salt(service_secret: bytes, locator: str) -> bytes:
    """The salt of one locator, 16 bytes, whether mailboxes exist there or not (S19).

    Keyed, so it is as good as random and different for every locator; stable, so that asking twice, or
    before and after somebody reported, tells nothing.  It is stored with the first mailbox of the bucket,
    and the stored one counts: a new service secret must not lock old mailboxes.
    """
    if len(service_secret) < 32:
        raise SealingError("the service secret must have 32 bytes or more")
    return hmac.digest(service_secret, b"hamrah locator salt\n" + locator.encode("ascii"), "sha256")[:SALT_BYTES]

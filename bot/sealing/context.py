"""Where a sealed item belongs.  Sealed to one place, it opens in no other (D7, S3).

HPKE proves nothing about the sender, and the server chooses what it shows: so every envelope is tied to its
deployment, case, place in the case and recipient, and moving, swapping or replaying it makes it unreadable.
"""

import secrets
import struct
from dataclasses import dataclass
from typing import Final

PROTOCOL: Final = 1
ID_BYTES: Final = 16
HASH_BYTES: Final = 32
MOST_NUMBER: Final = 2**53 - 1  # what a browser counts exactly
NOTHING_BEFORE: Final = bytes(HASH_BYTES)
"""`previous` of the first record of a case, and of the first reply of a mailbox."""

_LABEL = b"hamrah context"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """`deployment`, `case_id`, `record_id`: 16 bytes.  `recipient`: id of the key it is sealed to, 16 bytes.

    `kind`: an ASCII word, e.g. "cover", "answer", "reply".  `seq`: 0, 1, 2 … within the case (or
    mailbox). `previous`: hash of the record before it, 32 bytes.  `roster_version`: of the roster checked
    before sealing.
    """

    deployment: bytes
    roster_version: int
    case_id: bytes
    record_id: bytes
    kind: str
    seq: int
    recipient: bytes
    previous: bytes = NOTHING_BEFORE
    protocol: int = PROTOCOL

    def __post_init__(self) -> None:
        for name in ("deployment", "case_id", "record_id", "recipient"):
            if len(getattr(self, name)) != ID_BYTES:
                raise ValueError(f"{name} must be {ID_BYTES} bytes")
        if len(self.previous) != HASH_BYTES:
            raise ValueError(f"previous must be {HASH_BYTES} bytes")
        for name in ("protocol", "roster_version", "seq"):
            if not 0 <= getattr(self, name) <= MOST_NUMBER:
                raise ValueError(f"{name} must be 0 to 2^53 - 1")
        if not self.kind.isascii() or not 0 < len(self.kind) <= 32:
            raise ValueError("kind must be 1 to 32 ASCII characters")

    def canonical(self) -> bytes:
        """One way to write it: each field after its length (2 bytes, big-endian), numbers as 8 bytes."""
        fields = (
            _LABEL,
            struct.pack(">Q", self.protocol),
            self.deployment,
            struct.pack(">Q", self.roster_version),
            self.case_id,
            self.record_id,
            self.kind.encode("ascii"),
            struct.pack(">Q", self.seq),
            self.recipient,
            self.previous,
        )
        return b"".join(struct.pack(">H", len(field)) + field for field in fields)


def new_id() -> bytes:
    """A random id, 16 bytes: it tells nobody when or in which order something was made (D15)."""
    return secrets.token_bytes(ID_BYTES)

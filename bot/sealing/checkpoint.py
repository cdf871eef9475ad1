"""Signed checkpoints of the audit log, and witnesses' signatures on them (S37).

Written as a signed note with the C2SP checkpoint and cosignature/v1 formats, so that any public witness can cosign:
origin, size and root on a line each, an empty line, then one line per signature.
"""

import base64
import binascii
import struct
from dataclasses import dataclass
from hashlib import sha256

from bot.sealing.fields import Malformed, base64_text
from bot.sealing.signing import SIGNATURE_BYTES, sign, signed_by, signing_public

_ED25519 = b"\x01"
_COSIGNATURE = b"\x04"
_DASH = "\u2014"
_MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How long the log `origin` is, and what its root is then."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64_text(self.root)}\n"


def sign_checkpoint(seed: bytes, checkpoint: Checkpoint) -> str:
    """The note signed by the log itself; the key's name is the origin."""
    label, message = _as_signed(checkpoint)
    key = _key_hash(checkpoint.origin, _ED25519, signing_public(seed))
    return checkpoint.text() + "\n" + _line(checkpoint.origin, key + sign(seed, label, message))


def cosign(seed: bytes, name: str, note: str, *, now: int) -> str:
    """The note with a witness's line more.  A witness first checks consistency with what it signed before."""
    stamped = _cosigned(note, now)
    signature = sign(seed, stamped[0], stamped[1])
    key = _key_hash(name, _COSIGNATURE, signing_public(seed))
    return note + _line(name, key + struct.pack(">Q", now) + signature)


def read_checkpoint(note: str) -> Checkpoint:
    """What a note says, not yet believed."""
    lines = _body(note).split("\n")
    if len(lines) != 4 or not lines[0] or not lines[1].isascii() or not lines[1].isdigit() or len(lines[1]) > 15:
        raise Malformed("not a checkpoint")
    root = _decoded(lines[2])
    if len(root) != 32 or str(int(lines[1])) != lines[1]:
        raise Malformed("not a checkpoint")
    return Checkpoint(lines[0], int(lines[1]), root)


def signed_by_log(note: str, public: bytes) -> bool:
    checkpoint = read_checkpoint(note)
    label, message = _as_signed(checkpoint)
    key = _key_hash(checkpoint.origin, _ED25519, public)
    return any(
        signed_by(public, label, message, blob[4:])
        for name, blob in _signatures(note)
        if name == checkpoint.origin and blob[:4] == key
    )


def cosigned_at(note: str, name: str, public: bytes) -> int | None:
    """When the witness `name` signed (epoch seconds), or None if it did not."""
    key = _key_hash(name, _COSIGNATURE, public)
    for signer, blob in _signatures(note):
        if signer != name or blob[:4] != key or len(blob) != 12 + SIGNATURE_BYTES:
            continue
        (when,) = struct.unpack_from(">Q", blob, 4)
        label, message = _cosigned(note, when)
        if signed_by(public, label, message, blob[12:]):
            return int(when)
    return None


def _as_signed(checkpoint: Checkpoint) -> tuple[bytes, bytes]:
    origin, _, rest = checkpoint.text().partition("\n")
    return origin.encode() + b"\n", rest.encode()


def _cosigned(note: str, when: int) -> tuple[bytes, bytes]:
    return b"cosignature/v1\n", f"time {when}\n{_body(note)}".encode()


def _body(note: str) -> str:
    body, gap, _ = note.partition("\n\n")
    if not gap or len(note) > _MOST_BYTES:
        raise Malformed("not a signed note")
    return body + "\n"


def _signatures(note: str) -> list[tuple[str, bytes]]:
    found = []
    for line in note.partition("\n\n")[2].splitlines():
        dash, _, rest = line.partition(" ")
        name, _, blob = rest.partition(" ")
        if dash == _DASH and name and blob:
            found.append((name, _decoded(blob)))
    return found


def _line(name: str, blob: bytes) -> str:
    return f"{_DASH} {name} {base64_text(blob)}\n"


def _key_hash(name: str, kind: bytes, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("not base64") from None

"""Backups: a stream of any length, sealed to one key that lies offline (R18).

header (12) · deployment (16) · id (16) · hour (8) · recipient (16) · HPKE of the stream's key (1168) · nonce prefix (7) ·
chunks of 65536 + 16 bytes, each tied to all that stands before and to its place; the last one says that it is the last.
"""

import secrets
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.core.errors import ConfigError, Damaged
from bot.sealing.context import Context
from bot.sealing.keys import key_id, load_public
from bot.sealing.record import KEY_BYTES, WRAPPED_KEY_BYTES
from bot.sealing.suite import HEADER_BYTES, TAG_BYTES, Form, bound, check_header, header, hpke_open, hpke_seal

CHUNK_BYTES: Final = 64 * 1024
_LABEL: Final = struct.Struct(">16s16sQ16s")
_PREFIX_BYTES: Final = 7
_PLACE: Final = struct.Struct(">IB")  # index, last
_CUT: Final = "the backup is cut short"


@dataclass(frozen=True, slots=True)
class Label:
    """What stands readable on a backup.  `hour`: since the epoch, when its content was true; ids of 16 bytes."""

    deployment: bytes
    id: bytes
    hour: int
    recipient: bytes

    def context(self) -> Context:
        return Context(
            deployment=self.deployment,
            roster_version=0,
            case_id=bytes(16),
            record_id=self.id,
            kind="backup",
            seq=self.hour,
            recipient=self.recipient,
        )


def read_public(file: Path) -> bytes:
    """The key that backups are sealed to.  Raises `ConfigError` where the file holds none."""
    try:
        public = bytes.fromhex(file.read_text("ascii").strip())
        load_public(public)
    except Exception as error:
        raise ConfigError(
            f"{file.name} is not the public half of a backup key: `hamrah backup-key` makes one"
        ) from error
    return public


def seal_archive(public: bytes, deployment: bytes, hour: int, parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the pieces of a backup, in order, never holding more than a chunk and a part."""
    label = Label(deployment, secrets.token_bytes(16), hour, key_id(public))
    context, file_key, prefix = label.context(), secrets.token_bytes(KEY_BYTES), secrets.token_bytes(_PREFIX_BYTES)
    yield header(Form.ARCHIVE) + _LABEL.pack(label.deployment, label.id, label.hour, label.recipient)
    yield hpke_seal(public, Form.ARCHIVE, context, file_key) + prefix
    cipher, tied_to = AESGCM(file_key), bound(Form.ARCHIVE, context)
    index, waiting = 0, bytearray()
    for part in parts:
        waiting += part
        while len(waiting) > CHUNK_BYTES:  # the last chunk is never known before the end
            place = _PLACE.pack(index, 0)
            yield cipher.encrypt(prefix + place, bytes(waiting[:CHUNK_BYTES]), tied_to + place)
            del waiting[:CHUNK_BYTES]
            index += 1
    place = _PLACE.pack(index, 1)
    yield cipher.encrypt(prefix + place, bytes(waiting), tied_to + place)


def read_label(file: BinaryIO) -> Label:
    """What a backup says of itself, unproven until it is opened.  Raises `Damaged` or `Unknown`."""
    start = file.read(HEADER_BYTES + _LABEL.size)
    check_header(start, Form.ARCHIVE)
    if len(start) < HEADER_BYTES + _LABEL.size:
        raise Damaged(_CUT)
    return Label(*_LABEL.unpack_from(start, HEADER_BYTES))


def open_archive(seed: bytes, file: BinaryIO) -> Iterator[bytes]:
    """Yield what was sealed, in pieces.  Raises `Damaged` at the first one that was changed, moved or cut, and `NotMine`
    where another key opens it: so nothing counts before the last piece came.
    """
    label = read_label(file)
    context = label.context()
    wrapped, prefix = file.read(WRAPPED_KEY_BYTES), file.read(_PREFIX_BYTES)
    if len(prefix) < _PREFIX_BYTES:
        raise Damaged(_CUT)
    cipher = AESGCM(hpke_open(seed, Form.ARCHIVE, context, wrapped))
    tied_to = bound(Form.ARCHIVE, context)
    index, sealed = 0, file.read(CHUNK_BYTES + TAG_BYTES)
    while True:
        following = file.read(CHUNK_BYTES + TAG_BYTES)
        place = _PLACE.pack(index, not following)
        try:
            yield cipher.decrypt(prefix + place, sealed, tied_to + place)
        except InvalidTag:
            raise Damaged(f"piece {index} of the backup was changed, or the backup is cut short there") from None
        if not following:
            return
        index, sealed = index + 1, following

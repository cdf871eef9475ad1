"""Files: 64 KiB chunks, each tied to its index and to whether it is the last (S2).

header (12) · HPKE of the file key: enc (1120), key and tag (48) · nonce prefix (7) · chunks of 65536 + 16 bytes.
Sizes are Padmé's, 64 KiB at least (S9), so a thief learns little from them: at most 12 % is added.
"""

import secrets
import struct
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.core.errors import Damaged, TooLong
from bot.core.failpoints import reach
from bot.core.note import MOST_BYTES
from bot.sealing.context import Context
from bot.sealing.record import KEY_BYTES, WRAPPED_KEY_BYTES
from bot.sealing.suite import HEADER_BYTES, TAG_BYTES, Form, bound, check_header, header, hpke_open, hpke_seal

CHUNK_BYTES: Final = 64 * 1024
_PREFIX_BYTES: Final = 7
_PREFIX_AT: Final = HEADER_BYTES + WRAPPED_KEY_BYTES
_CHUNKS_AT: Final = _PREFIX_AT + _PREFIX_BYTES
_SEALED_CHUNK_BYTES: Final = CHUNK_BYTES + TAG_BYTES
_LENGTH: Final = struct.Struct(">Q")
_PLACE: Final = struct.Struct(">IB")  # index, last


def seal_file(case_public: bytes, context: Context, content: bytes) -> bytes:
    """Seal a file of up to 20 MiB; raises `TooLong` beyond.  Types and counts are somebody else's rules (S34)."""
    padded = _pad(content)
    file_key = secrets.token_bytes(KEY_BYTES)
    prefix = secrets.token_bytes(_PREFIX_BYTES)
    cipher, tied_to = AESGCM(file_key), bound(Form.FILE, context)
    parts = [header(Form.FILE), hpke_seal(case_public, Form.FILE, context, file_key), prefix]
    for start in range(0, len(padded), CHUNK_BYTES):
        if start:
            reach("F15")
        place = _PLACE.pack(start // CHUNK_BYTES, start + CHUNK_BYTES >= len(padded))
        parts.append(cipher.encrypt(prefix + place, padded[start : start + CHUNK_BYTES], tied_to + place))
    return b"".join(parts)


def open_file(case_seed: bytes, context: Context, envelope: bytes) -> bytes:
    """Return the whole file or raise; a chunk that was swapped, dropped, repeated or cut is `Damaged`."""
    check_header(envelope, Form.FILE)
    if len(envelope) < _CHUNKS_AT + _SEALED_CHUNK_BYTES:
        raise Damaged(f"{len(envelope)} bytes is too short for a file")
    file_key = hpke_open(case_seed, Form.FILE, context, envelope[HEADER_BYTES:_PREFIX_AT])
    cipher, tied_to = AESGCM(file_key), bound(Form.FILE, context)
    prefix, sealed = envelope[_PREFIX_AT:_CHUNKS_AT], envelope[_CHUNKS_AT:]
    padded = bytearray()
    for index, start in enumerate(range(0, len(sealed), _SEALED_CHUNK_BYTES)):
        place = _PLACE.pack(index, start + _SEALED_CHUNK_BYTES >= len(sealed))
        try:
            padded += cipher.decrypt(prefix + place, sealed[start : start + _SEALED_CHUNK_BYTES], tied_to + place)
        except InvalidTag:
            raise Damaged(f"chunk {index} was changed or moved") from None
    return _unpad(bytes(padded))


def file_hash(envelope: bytes) -> bytes:
    """How the record of a file names it: SHA-256 of the whole envelope, 32 bytes; so the chain covers files too."""
    return sha256(b"hamrah file\n" + envelope).digest()


def padme(length: int) -> int:
    """The padded size of `length` bytes (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", 2019)."""
    exponent = length.bit_length() - 1
    free_bits = exponent - exponent.bit_length()
    mask = (1 << max(free_bits, 0)) - 1
    return max((length + mask) & ~mask, CHUNK_BYTES)


def _pad(content: bytes) -> bytes:
    if len(content) > MOST_BYTES:
        raise TooLong(f"{len(content)} bytes, at most {MOST_BYTES}")
    whole = _LENGTH.pack(len(content)) + content
    return whole.ljust(padme(len(whole)), b"\0")


def _unpad(padded: bytes) -> bytes:
    (length,) = _LENGTH.unpack_from(padded)
    end = _LENGTH.size + length
    if length > MOST_BYTES or len(padded) != padme(end) or any(padded[end:]):
        raise Damaged("padding is not as we write it")
    return padded[_LENGTH.size : end]

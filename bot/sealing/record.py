"""A record: one text under a fresh data key, the data key sealed to the case key (S1, S2).

header (12) · HPKE of the data key: enc (1120), key and tag (48) · nonce (12) · AES-256-GCM of the padded
text. A later message needs nobody's private key; one unwrapped slot opens all records of the case.
"""

import secrets
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.core.errors import Damaged
from bot.sealing.context import Context
from bot.sealing.padding import TEXT, pad, unpad
from bot.sealing.suite import (
    ENC_BYTES,
    HEADER_BYTES,
    TAG_BYTES,
    Form,
    bound,
    check_header,
    header,
    hpke_open,
    hpke_seal,
)

KEY_BYTES = 32
NONCE_BYTES = 12
WRAPPED_KEY_BYTES = ENC_BYTES + KEY_BYTES + TAG_BYTES
OVERHEAD_BYTES = HEADER_BYTES + WRAPPED_KEY_BYTES + NONCE_BYTES + TAG_BYTES

_NONCE_AT = HEADER_BYTES + WRAPPED_KEY_BYTES
_BODY_AT = _NONCE_AT + NONCE_BYTES


def seal_record(
    case_public: bytes,
    context: Context,
    text: bytes,
    buckets: tuple[int, ...] = TEXT,
    data_key: bytes | None = None,
) -> bytes:
    """Seal `text` (0 to 32 KiB - 2 bytes) into one envelope of three possible sizes.

    `data_key`: 32 fresh random bytes, used for this record only; made here unless the caller has to show them.

    Raises `TooLong`, or another `SealingError`; then nothing has been written anywhere (S6).
    """
    padded = pad(text, buckets)
    data_key = data_key or secrets.token_bytes(KEY_BYTES)
    nonce = secrets.token_bytes(NONCE_BYTES)
    wrapped_key = hpke_seal(case_public, Form.RECORD, context, data_key)
    body = AESGCM(data_key).encrypt(nonce, padded, bound(Form.RECORD, context))
    return header(Form.RECORD) + wrapped_key + nonce + body


def open_record(case_seed: bytes, context: Context, envelope: bytes, buckets: tuple[int, ...] = TEXT) -> bytes:
    """Return the text.  Raises `Unknown`, `NotMine` or `Damaged`; never part of a text."""
    _check_size(envelope, buckets)
    data_key = hpke_open(case_seed, Form.RECORD, context, envelope[HEADER_BYTES:_NONCE_AT])
    return open_body(data_key, context, envelope, buckets)


def open_body(data_key: bytes, context: Context, envelope: bytes, buckets: tuple[int, ...] = TEXT) -> bytes:
    """The text of one record whose own data key (32 bytes) was shown; it opens no other.  Raises as `open_record`."""
    _check_size(envelope, buckets)
    if len(data_key) != KEY_BYTES:
        raise Damaged("not a data key")
    nonce, body = envelope[_NONCE_AT:_BODY_AT], envelope[_BODY_AT:]
    try:
        padded = AESGCM(data_key).decrypt(nonce, body, bound(Form.RECORD, context))
    except InvalidTag:
        raise Damaged("the text was changed") from None
    return unpad(padded, buckets)


def _check_size(envelope: bytes, buckets: tuple[int, ...]) -> None:
    check_header(envelope, Form.RECORD)
    if len(envelope) - OVERHEAD_BYTES not in buckets:
        raise Damaged(f"{len(envelope)} bytes is not the size of a record")


def record_hash(envelope: bytes) -> bytes:
    """What the next record names as `previous`: SHA-256 of the whole envelope, 32 bytes."""
    return sha256(b"hamrah record\n" + envelope).digest()

"""The one suite we seal with, and the header that says so in every envelope (S5).

HPKE (RFC 9180) base mode, X-Wing, HKDF-SHA256, AES-256-GCM.  There is nothing to negotiate: an envelope
with any other number is refused, so nobody can talk us down to something weaker.
"""

import struct
from enum import IntEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from bot.core.errors import Damaged, NotMine, SealingError, Unknown
from bot.sealing.context import Context
from bot.sealing.keys import key_id, load_private, load_public

MAGIC = b"HMRH"
FORMAT = 1
KEM_XWING = 0x647A
KDF_HKDF_SHA256 = 0x0001
AEAD_AES_256_GCM = 0x0002

_HEADER = struct.Struct(">4sBBHHH")
HEADER_BYTES = _HEADER.size
ENC_BYTES = 1120
TAG_BYTES = 16


class Form(IntEnum):
    """What an envelope is; part of its header, so that one can never be taken for another."""

    RECORD = 1
    SLOT = 2
    FILE = 3
    ARCHIVE = 4


def header(form: Form) -> bytes:
    """12 bytes: magic, format version, form, and the HPKE ids of KEM, KDF and AEAD."""
    return _HEADER.pack(MAGIC, FORMAT, form, KEM_XWING, KDF_HKDF_SHA256, AEAD_AES_256_GCM)


def check_header(envelope: bytes, form: Form) -> None:
    """Raise `Damaged` for what is not an envelope of ours, `Unknown` for another version, form or
    algorithm.
    """
    if len(envelope) < HEADER_BYTES or envelope[:4] != MAGIC:
        raise Damaged("not an envelope")
    if envelope[:HEADER_BYTES] != header(form):
        raise Unknown(f"header {envelope[4:HEADER_BYTES].hex()} is not one we accept for a {form.name.lower()}")


def bound(form: Form, context: Context) -> bytes:
    """What every key and every ciphertext of an envelope is tied to: header, then context (D7)."""
    return header(form) + context.canonical()


def hpke_seal(public: bytes, form: Form, context: Context, plain: bytes) -> bytes:
    """`enc` (1120 bytes), then ciphertext and tag.  The context must name this very key as its recipient."""
    if context.recipient != key_id(public):
        raise SealingError("the context names another recipient than the key")
    try:
        return _suite().encrypt(plain, load_public(public), bound(form, context))
    except ValueError:
        raise Damaged("not a usable public key") from None


def hpke_open(seed: bytes, form: Form, context: Context, sealed: bytes) -> bytes:
    """Raise `NotMine` when the key does not fit, or the envelope was moved or changed: HPKE cannot tell
    which.
    """
    try:
        return _suite().decrypt(sealed, load_private(seed), bound(form, context))
    except (InvalidTag, ValueError):
        raise NotMine("this key does not open it here") from None


def _suite() -> Suite:
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

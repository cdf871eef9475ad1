"""Ed25519 signatures with a label before the message, so that one signed for a purpose serves no other.

A signing key is a 32-byte seed.  Post-quantum protection covers sealing, not signatures: a forger of the
future can sign today's rosters too late to be shown to anybody.
"""

import secrets

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bot.core.errors import SealingError

SIGNATURE_BYTES = 64

ROSTER = b"hamrah roster 1\n"
EPOCH_KEY = b"hamrah epoch key 1\n"
REPLY = b"hamrah reply 1\n"
NOTE = b"hamrah note 1\n"


def new_signing_seed() -> bytes:
    return secrets.token_bytes(32)


def signing_public(seed: bytes) -> bytes:
    """32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign(seed: bytes, label: bytes, message: bytes) -> bytes:
    """64 bytes over `label` and `message`."""
    if not label.endswith(b"\n"):
        raise SealingError("a label ends with a line break, so that none is the beginning of another")
    return Ed25519PrivateKey.from_private_bytes(seed).sign(label + message)


def signed_by(public: bytes, label: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` is that of `public`; a malformed key or signature is simply not."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, label + message)
    except (InvalidSignature, ValueError):
        return False
    return True

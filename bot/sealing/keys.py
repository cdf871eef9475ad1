"""X-Wing key pairs (ML-KEM-768 with X25519): whoever breaks one of the two still reads nothing.

The private half is a 32-byte seed everywhere, so that Python and the browser keep the same bytes.
"""

import secrets
from functools import lru_cache
from hashlib import sha256, shake_256

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey

from bot.core.errors import Damaged
from bot.core.roster import KeyId

SEED_BYTES = 32
PUBLIC_BYTES = 1216
_MLKEM_SEED_BYTES = 64
_MLKEM_PUBLIC_BYTES = 1184


def new_seed() -> bytes:
    """A fresh private key, 32 bytes from the operating system."""
    return secrets.token_bytes(SEED_BYTES)


def public_key(seed: bytes) -> bytes:
    """The public half of `seed`: ML-KEM-768 key (1184 bytes), then X25519 key (32)."""
    mlkem, x25519 = _expand(seed)
    return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()


@lru_cache(maxsize=4096)
def key_id(public: bytes) -> KeyId:
    """First 16 bytes of the SHA-256 of a public key: how slots and contexts name it."""
    return sha256(public).digest()[:16]


@lru_cache(maxsize=4096)
def load_public(public: bytes) -> MLKEM768X25519PublicKey:
    """Parse 1216 bytes.  Public keys only are remembered; a private key is never kept."""
    if len(public) != PUBLIC_BYTES:
        raise Damaged(f"a public key has {PUBLIC_BYTES} bytes, not {len(public)}")
    try:
        return MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC_BYTES]),
            X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC_BYTES:]),
        )
    except ValueError:
        raise Damaged("not a public key") from None


def load_private(seed: bytes) -> MLKEM768X25519PrivateKey:
    return MLKEM768X25519PrivateKey(*_expand(seed))


def _expand(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    """draft-connolly-cfrg-xwing-kem, section 5.2: SHAKE-256 to 96 bytes, ML-KEM seed first."""
    if len(seed) != SEED_BYTES:
        raise Damaged(f"a private key has {SEED_BYTES} bytes, not {len(seed)}")
    expanded = shake_256(seed).digest(_MLKEM_SEED_BYTES + 32)
    return (
        MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED_BYTES]),
        X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED_BYTES:]),
    )

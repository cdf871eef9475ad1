"""An officer's private keys, wrapped so that neither our server nor the passphrase alone can open them (D14, S20).

KEK = HKDF(Argon2id(passphrase) with the server's shard).  The shard is given out after login and destroyed at the end
of the epoch; then an old backup and the right passphrase together open nothing (D5).  This twin of the browser's
vault serves tests, drills and the trial's first officers.
"""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.core.errors import NotMine, SealingError, Unknown
from bot.core.roster import KeyId
from bot.sealing.passphrase import read_passphrase
from bot.sealing.stretch import Cost, argon2id, expand

SHARD_BYTES: Final = 32
COST: Final = Cost(passes=3, memory_kib=128 * 1024)
_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12
WRAPPED_BYTES: Final = len(_VERSION) + _NONCE_BYTES + 64 + 16


@dataclass(frozen=True, slots=True, repr=False)
class OfficerSecrets:
    """`seed`: X-Wing private key of the epoch; `signing_seed`: Ed25519.  32 bytes each."""

    seed: bytes
    signing_seed: bytes

    def __repr__(self) -> str:
        return "OfficerSecrets()"


def stretch_passphrase(passphrase: str, salt: bytes, cost: Cost = COST) -> bytes:
    """32 bytes from a generated passphrase; one that cannot be ours is refused, so nobody can set an own one."""
    made = read_passphrase(passphrase)
    if made is None:
        raise SealingError("a passphrase is six words as the console made them")
    if cost.for_production() and cost.memory_kib < COST.memory_kib:
        raise Unknown("this cost is too low to protect an officer's keys")
    return argon2id(made.encode("ascii"), salt, cost)


def login_proof(stretched: bytes) -> bytes:
    """What a trial's login sends instead of a passkey: 32 bytes that tell nothing about the wrapping key."""
    return expand(stretched, b"login-proof")


def login_proof_hash(proof: bytes) -> bytes:
    """What the server keeps of it."""
    return sha256(proof).digest()


def wrap(secrets_of: OfficerSecrets, stretched: bytes, shard: bytes, *, officer: str, epoch_key: KeyId) -> bytes:
    """93 bytes to keep on the server: version, nonce, and both seeds, tied to this officer and epoch key."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    plain = secrets_of.seed + secrets_of.signing_seed
    sealed = AESGCM(_wrapping_key(stretched, shard)).encrypt(nonce, plain, _bound(officer, epoch_key))
    return _VERSION + nonce + sealed


def unwrap(wrapped: bytes, stretched: bytes, shard: bytes, *, officer: str, epoch_key: KeyId) -> OfficerSecrets:
    """Raises `NotMine` when passphrase, shard, officer or epoch do not fit: one cannot tell which."""
    if wrapped[:1] != _VERSION or len(wrapped) != WRAPPED_BYTES:
        raise Unknown("not wrapped in a way we know")
    nonce, sealed = wrapped[1 : 1 + _NONCE_BYTES], wrapped[1 + _NONCE_BYTES :]
    try:
        plain = AESGCM(_wrapping_key(stretched, shard)).decrypt(nonce, sealed, _bound(officer, epoch_key))
    except InvalidTag:
        raise NotMine("passphrase or shard does not fit") from None
    return OfficerSecrets(seed=plain[:32], signing_seed=plain[32:])


def _wrapping_key(stretched: bytes, shard: bytes) -> bytes:
    if len(shard) != SHARD_BYTES:
        raise SealingError(f"a shard has {SHARD_BYTES} bytes")
    return expand(stretched + shard, b"officer-kek")


def _bound(officer: str, epoch_key: KeyId) -> bytes:
    return b"hamrah officer keys 1\n" + epoch_key + officer.encode("ascii")

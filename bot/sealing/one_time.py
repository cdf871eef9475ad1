"""One-time codes of officers' apps (RFC 6238): six digits, thirty seconds, and their secrets sealed under the service's key.

A secret is no key to any report: it only lets somebody in who also proved the pass phrase (S21).
"""

import hmac
import secrets
from base64 import b32encode
from typing import Final
from urllib.parse import quote

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from bot.core.errors import Damaged

DIGITS: Final = 6
STEP_S: Final = 30
AROUND: Final = 1
"""Steps before and after now that count too: a phone's clock may be half a minute off (RFC 6238, 5.2)."""
SECRET_BYTES: Final = 20
"""RFC 4226, 4: at least 128 bits, 160 recommended."""
_NONCE_BYTES: Final = 12


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def code_at(secret: bytes, step: int) -> str:
    """The six digits of a step.  SHA-1, since the apps people have know nothing else; as HMAC it stands (RFC 6238, 1.2)."""
    return TOTP(secret, DIGITS, SHA1(), STEP_S).generate(step * STEP_S).decode("ascii")  # noqa: S303


def step_of(secret: bytes, code: str, *, now: int) -> int | None:
    """The step around `now` (epoch seconds) whose code this is, the newest first; none when it is no such code."""
    here = now // STEP_S
    steps = [step for step in range(here - AROUND, here + AROUND + 1) if step > 0]
    fitting = [step for step in steps if hmac.compare_digest(code_at(secret, step), code)]
    return fitting[-1] if fitting else None


def read_code(typed: str) -> str | None:
    """Six digits in any script's numerals, spaces left out; none when it is anything else."""
    kept = "".join(typed.split())
    if len(kept) != DIGITS or not all(letter.isdecimal() for letter in kept):
        return None
    return "".join(str(int(letter)) for letter in kept)


def written(secret: bytes) -> str:
    """What a person types into an app, 32 letters and digits."""
    return b32encode(secret).decode("ascii")


def address(secret: bytes, *, issuer: str, name: str) -> str:
    """What a QR code tells an app."""
    label = f"{quote(issuer, safe='')}:{quote(name, safe='')}"
    return f"otpauth://totp/{label}?secret={written(secret)}&issuer={quote(issuer, safe='')}"


def seal_secret(service: bytes, account: str, secret: bytes) -> bytes:
    """Sealed to one account: moved to another row it does not open."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _key(service).encrypt(nonce, secret, account.encode())


def open_secret(service: bytes, account: str, sealed: bytes) -> bytes:
    """Raises `Damaged` when it was changed, moved, or the service has another key now."""
    try:
        return _key(service).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], account.encode())
    except (InvalidTag, ValueError):
        raise Damaged("a secret of one-time codes does not open") from None


def _key(service: bytes) -> AESGCM:
    return AESGCM(hmac.digest(service, b"hamrah one-time codes", "sha256"))

"""A chat, sealed so that only the notifier finds it again (D10).

HPKE to a key of the notifier that changes every thirty days; the private half of the one before is kept as long as a notice
sealed to it may live, then destroyed.  Whoever holds the database alone learns nothing, not even which rows name one chat.
"""

import json
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from bot.core.errors import Damaged, Lapsed, TooLong, Unknown
from bot.sealing.keys import load_private, load_public, public_key
from bot.sealing.keys_folder import KeysFolder

PERIOD_S = 30 * 86_400
PLAIN_BYTES = 256
"""Address and language, padded, so that the length tells nothing."""

_PREFIX = struct.Struct(">BI")
_VERSION = 1
_SIZE = struct.Struct(">H")
_NAME = "notifier"


class NotifierKeys:
    """The private halves, for the notifier alone."""

    def __init__(self, folder: KeysFolder) -> None:
        self._folder = folder

    def public(self, now: int) -> tuple[int, bytes]:
        """The period of `now` and the public key that counts in it."""
        period = now // PERIOD_S
        return period, public_key(self._folder.find_or_make(_name(period)))

    def open(self, row: bytes, sealed: bytes) -> tuple[bytes, str]:
        """Address and language.  Raises `Lapsed` when its key is gone, `Damaged` when it was changed or moved."""
        if len(sealed) < _PREFIX.size:
            raise Damaged("too short")
        version, period = _PREFIX.unpack_from(sealed)
        if version != _VERSION:
            raise Unknown(f"version {version}")
        seed = self._folder.find(_name(period))
        if seed is None:
            raise Lapsed
        prefix = sealed[: _PREFIX.size]
        try:
            plain = _suite().decrypt(sealed[_PREFIX.size :], load_private(seed), _bound(prefix, row))
        except (InvalidTag, ValueError):
            raise Damaged("changed, moved or made for another key") from None
        size = _SIZE.unpack_from(plain)[0]
        address, lang = json.loads(plain[_SIZE.size : _SIZE.size + size])
        return bytes.fromhex(address), str(lang)

    def destroy_lapsed(self, *, now: int) -> None:
        """Nothing sealed two periods ago still counts."""
        oldest = now // PERIOD_S - 1
        for name in self._folder.names(f"{_NAME}-"):
            period = name.rpartition("-")[2]
            if period.isdigit() and int(period) < oldest:
                self._folder.destroy(name)


class ChatSealer:
    """For whoever receives: the public half alone, asked for once a period."""

    def __init__(self, keys: NotifierKeys) -> None:
        self._ask = keys.public
        self._period, self._public = -1, b""

    def __call__(self, row: bytes, address: bytes, lang: str, now: int) -> bytes:
        """`row`: id of the row that holds it.  Raises `TooLong` for what is no address of a chat."""
        if now // PERIOD_S != self._period:
            self._period, self._public = self._ask(now)
        prefix = _PREFIX.pack(_VERSION, self._period)
        return prefix + _suite().encrypt(_padded(address, lang), load_public(self._public), _bound(prefix, row))


def _padded(address: bytes, lang: str) -> bytes:
    plain = json.dumps([address.hex(), lang]).encode()
    if len(plain) > PLAIN_BYTES - _SIZE.size:
        raise TooLong("an address of a chat is shorter")
    return (_SIZE.pack(len(plain)) + plain).ljust(PLAIN_BYTES, b"\0")


def _bound(prefix: bytes, row: bytes) -> bytes:
    return b"hamrah notice\n" + prefix + row


def _name(period: int) -> str:
    return f"{_NAME}-{period:06d}"


def _suite() -> Suite:
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

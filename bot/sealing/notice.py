"""A chat, sealed so that only the notifier finds it again (D10).

HPKE to a key of the notifier that changes every thirty days; the private half of the one before is kept as long as a notice
sealed to it may live, then destroyed.  Whoever holds the database alone learns nothing, not even which rows name one chat.
"""

import json
import os
import secrets
import struct
from pathlib import Path
from typing import NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from bot.core.errors import Damaged, Lapsed, TooLong, Unknown
from bot.sealing.keys import load_private, load_public, public_key
from bot.sealing.keys_folder import KeysFolder

PERIOD_S = 30 * 86_400
PLAIN_BYTES = 256
"""Address and language, padded, so that the length tells nothing."""


class Chat(NamedTuple):
    """Who asked to be told.  `said`: id of the message that told them last, so that it can be taken back; 0: none."""

    address: bytes
    lang: str
    said: int = 0


class Public(Protocol):
    """Whoever knows the notifier's public half."""

    def public(self, now: int) -> tuple[int, bytes]:
        """The newest period there is a key of, and its public half."""


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

    def seal(self, row: bytes, chat: Chat, now: int) -> bytes:
        """The same chat anew: with what was said there."""
        return _sealed(*self.public(now), row, chat)

    def open(self, row: bytes, sealed: bytes) -> Chat:
        """Raises `Lapsed` when its key is gone, `Damaged` when it was changed or moved."""
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
        address, lang, *said = json.loads(plain[_SIZE.size : _SIZE.size + size])
        return Chat(bytes.fromhex(address), str(lang), int(said[0]) if said else 0)

    def destroy_lapsed(self, *, now: int) -> None:
        """Nothing sealed two periods ago still counts."""
        oldest = now // PERIOD_S - 1
        for name in self._folder.names(f"{_NAME}-"):
            period = name.rpartition("-")[2]
            if period.isdigit() and int(period) < oldest:
                self._folder.destroy(name)


class ChatSealer:
    """For whoever receives: the public half alone, asked for once a period."""

    def __init__(self, keys: Public) -> None:
        self._ask = keys.public
        self._period, self._public = -1, b""

    def __call__(self, row: bytes, address: bytes, lang: str, now: int) -> bytes:
        """`row`: id of the row that holds it.  Raises `TooLong` for what is no address of a chat, `Lapsed` without a key."""
        if now // PERIOD_S != self._period:
            self._period, self._public = self._ask(now)
        return _sealed(self._period, self._public, row, Chat(address, lang))


class PublishedKey:
    """The public half as the notifier's own process told it, in a file beside the keys of those who receive.

    They hold no private half then: whoever has them, their memory and their folder finds nobody who asked.
    """

    def __init__(self, keys: Path) -> None:
        self._path = keys / "notifier.pub"

    def find(self) -> tuple[int, bytes] | None:
        try:
            told = self._path.read_bytes()
        except FileNotFoundError:
            return None
        return _PERIOD.unpack_from(told)[0], told[_PERIOD.size :]

    def public(self, now: int) -> tuple[int, bytes]:
        """Raises `Lapsed` while the notifier never told one."""
        found = self.find()
        if found is None:
            raise Lapsed
        return found

    def silent_s(self, now: int) -> int | None:
        """Seconds since the notifier was heard by any replica; none: never."""
        try:
            return max(0, now - int(self._path.stat().st_mtime))
        except FileNotFoundError:
            return None

    def keep(self, period: int, public: bytes, now: int) -> None:
        """Raises `Damaged` for what is no key."""
        if self.find() != (period, public):
            self._write(period, public)
        os.utime(self._path, (now, now))

    def _write(self, period: int, public: bytes) -> None:
        try:
            load_public(public)
        except ValueError:
            raise Damaged("not a public key") from None
        draft = self._path.with_name(f".{self._path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(_PERIOD.pack(period) + public)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)


_PERIOD = struct.Struct(">I")


def _sealed(period: int, public: bytes, row: bytes, chat: Chat) -> bytes:
    prefix = _PREFIX.pack(_VERSION, period)
    return prefix + _suite().encrypt(_padded(chat), load_public(public), _bound(prefix, row))


def _padded(chat: Chat) -> bytes:
    said = [chat.said] if chat.said else []
    plain = json.dumps([chat.address.hex(), chat.lang, *said]).encode()
    if len(plain) > PLAIN_BYTES - _SIZE.size:
        raise TooLong("an address of a chat is shorter")
    return (_SIZE.pack(len(plain)) + plain).ljust(PLAIN_BYTES, b"\0")


def _bound(prefix: bytes, row: bytes) -> bytes:
    return b"hamrah notice\n" + prefix + row


def _name(period: int) -> str:
    return f"{_NAME}-{period:06d}"


def _suite() -> Suite:
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

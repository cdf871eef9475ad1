"""Daily keys: what a running talk needs until tomorrow, and nobody afterwards (D8, D9, D11).

Conversation state, wrapped case keys and delivery tickets lie under the queue key (three generations); a
chat is found by a keyed hash of its id (pepper, two generations).  A key that lapses is overwritten, and
with it goes everything it sealed, in every copy of the database.
"""

import hmac
import secrets
import struct
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.core.errors import Damaged, Lapsed, Unknown
from bot.sealing.keys_folder import KeysFolder

DAY_S: Final = 86_400
QUEUE_GENERATIONS: Final = 3
PEPPER_GENERATIONS: Final = 2
_SKEW_S: Final = 600  # replicas' clocks may differ: around midnight neighbours' keys are still or already known

_QUEUE = "queue"
_PEPPER = "pepper"
_VERSION: Final = 1
_PREFIX = struct.Struct(">BI")  # version, day
_NONCE_BYTES: Final = 12
_BODY_AT: Final = _PREFIX.size + _NONCE_BYTES
OVERHEAD_BYTES: Final = _BODY_AT + 16


class DailyKeys:
    """Keys of today and the days before, read from the keys folder once and kept while they live.

    `now` is epoch seconds UTC.  Safe to share between threads: the worst that can happen is reading a
    file twice.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = KeysFolder(folder)
        self._queue_keys: dict[int, AESGCM] = {}
        self._peppers: dict[int, bytes] = {}
        self._swept_on = -1

    def seal_for_today(self, purpose: str, plain: bytes, aad: bytes = b"", *, now: int) -> bytes:
        """Seal `plain` until its generation lapses, two to three days from now.  Adds 33 bytes.

        It opens only for the same `purpose` (an ASCII word) and `aad` (the row it belongs to).
        """
        day = self._turn(now)
        key = self._queue_keys.get(day) or self._queue_key(day, make=True)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        prefix = _PREFIX.pack(_VERSION, day)
        return prefix + nonce + key.encrypt(nonce, plain, _bound(prefix, purpose, aad))

    def open_today(self, purpose: str, sealed: bytes, aad: bytes = b"", *, now: int) -> bytes:
        """Raises `Lapsed` when its key is gone, `Damaged` when it was changed, moved or made for
        something else.
        """
        today = self._turn(now)
        if len(sealed) < OVERHEAD_BYTES:
            raise Damaged(f"{len(sealed)} bytes is too short")
        version, day = _PREFIX.unpack_from(sealed)
        if version != _VERSION:
            raise Unknown(f"version {version}")
        if not today - QUEUE_GENERATIONS < day <= today + 1:
            raise Lapsed
        key = self._queue_keys.get(day) or self._queue_key(day, make=False)
        try:
            return key.decrypt(
                sealed[_PREFIX.size : _BODY_AT],
                sealed[_BODY_AT:],
                _bound(sealed[: _PREFIX.size], purpose, aad),
            )
        except InvalidTag:
            raise Damaged("changed, moved or made for something else") from None

    def conversation_keys(self, channel: str, who: bytes, *, now: int) -> tuple[bytes, ...]:
        """Names under which the open conversation of `who` may be stored, 32 bytes each, today's first.

        Look for all, store under the first: a talk that goes on past midnight moves to the new name.
        A pseudonym, not anonymity: whoever holds the pepper can try all chat ids (D8).
        """
        today = self._turn(now)
        named = struct.pack(">H", len(channel)) + channel.encode("ascii") + who
        peppers = [self._pepper(today, today)]
        for day in (today - 1, today + 1):
            if day < today or now % DAY_S >= DAY_S - _SKEW_S:
                peppers.append(self._pepper(day, today))
        return tuple(hmac.digest(pepper, named, "sha256") for pepper in peppers if pepper)

    def destroy_lapsed(self, *, now: int) -> None:
        """Overwrite and remove keys past their generation.  Happens by itself while there is traffic; the
        sweeper
        calls it hourly so that a quiet night keeps the promise too."""
        settled_day = (now - _SKEW_S) // DAY_S
        oldest = {_QUEUE: settled_day - QUEUE_GENERATIONS + 1, _PEPPER: settled_day - PEPPER_GENERATIONS + 1}
        self._queue_keys = {day: key for day, key in self._queue_keys.items() if day >= oldest[_QUEUE]}
        self._peppers = {day: key for day, key in self._peppers.items() if day >= oldest[_PEPPER]}
        for kind, first_kept in oldest.items():
            for name in self._folder.names(f"{kind}-"):
                if _day_of(name) < first_kept:
                    self._folder.destroy(name)
        self._swept_on = settled_day

    def _turn(self, now: int) -> int:
        if (now - _SKEW_S) // DAY_S != self._swept_on:
            self._folder.prepare()
            self.destroy_lapsed(now=now)
        return now // DAY_S

    def _queue_key(self, day: int, *, make: bool) -> AESGCM:
        name = _name(_QUEUE, day)
        key = self._folder.find_or_make(name) if make else self._folder.find(name)
        if key is None:
            raise Lapsed
        self._queue_keys[day] = AESGCM(key)
        return self._queue_keys[day]

    def _pepper(self, day: int, today: int) -> bytes | None:
        known = self._peppers.get(day)
        if known is not None:
            return known
        name = _name(_PEPPER, day)
        pepper = self._folder.find_or_make(name) if day == today else self._folder.find(name)
        if pepper is not None or day < today:
            self._peppers[day] = pepper or b""  # nobody makes a key for a past day any more
        return pepper


def _bound(prefix: bytes, purpose: str, aad: bytes) -> bytes:
    return b"hamrah today\n" + prefix + struct.pack(">H", len(purpose)) + purpose.encode("ascii") + aad


def _name(kind: str, day: int) -> str:
    return f"{kind}-{day:06d}"


def _day_of(name: str) -> int:
    """The day in a key file's name; a name that is not ours belongs to no day and is left alone."""
    day = name.rpartition("-")[2]
    return int(day) if day.isascii() and day.isdigit() else 1 << 62

"""Keys over time: a new one each epoch, kept cases sealed anew to it, the old one destroyed (D5, S13).

The officer's browser makes the key and seals; nothing here ever opens.  Each step stands by itself, so that whatever is
cut off goes on at the next sign-in: until the last step the old key still opens what it opened before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from bot.core.case import Refusal
from bot.core.errors import Conflict, Damaged
from bot.core.failpoints import reach
from bot.core.roster import KeyId, Roster
from bot.sealing.keys import PUBLIC_BYTES, key_id
from bot.sealing.officer_keys import WRAPPED_BYTES
from bot.sealing.roster import EPOCH_S, with_keys
from bot.sealing.roster_document import SignedKey
from bot.sealing.signing import EPOCH_KEY, signed_by
from bot.sealing.slot import SLOT_BYTES
from bot.sealing.slot_list import listed_slots, slot_hash
from bot.services.officers.account import Bundle, BundleRow
from bot.services.officers.ports import Case, Cases, Conn, Database, Slot
from bot.services.officers.seeing import find_visible
from bot.services.officers.sign_in import Signed
from bot.services.officers.trail import Ledger, write_entry

DAY_S: Final = 86_400
RENEW_S: Final = 14 * DAY_S
"""So long before its end a key is renewed."""
OVERLAP_S: Final = DAY_S
"""So long the old key stays after the new one: an upload begun before may still be sealed to it."""
MOST_KEYS: Final = 4
AT_ONCE: Final = 50
_CLOCK_SKEW_S: Final = 600


class Shards(Protocol):
    def find_or_make(self, officer: str, epoch_key: KeyId) -> bytes: ...

    def destroy_others(self, officer: str, kept: Sequence[KeyId]) -> None: ...


class Bundles(Protocol):
    def bundles(self, conn: Conn, account: str) -> Sequence[BundleRow]: ...

    def add_bundle(self, conn: Conn, account: str, bundle: Bundle) -> None: ...

    def drop_bundle(self, conn: Conn, account: str, key: KeyId) -> None: ...


class Epoch(Protocol):
    def waiting(
        self, conn: Conn, old: Sequence[KeyId], new: KeyId, teams: Sequence[str], limit: int
    ) -> Sequence[bytes]: ...

    def count_waiting(self, conn: Conn, old: Sequence[KeyId], new: KeyId, teams: Sequence[str]) -> int: ...

    def drop_keys(self, conn: Conn, keys: Sequence[KeyId]) -> int: ...

    def announce(self, conn: Conn, version: int, before: bytes, after: bytes) -> None: ...


class SlotWriter(Protocol):
    def add_slots(self, conn: Conn, case: bytes, new: Mapping[bytes, bytes], roster: int, listed: bytes) -> None: ...


class Documents(Protocol):
    def newest(self, conn: Conn) -> bytes: ...


class Living(Protocol):
    def current(self, *, now: int) -> Roster: ...

    def load(self, document: bytes, *, now: int) -> Roster: ...


@dataclass(frozen=True, slots=True)
class Announced:
    """A key as its officer's vault made it.  `starts`, `ends`: epoch seconds; `wrapped`: the private half (D14)."""

    public: bytes
    starts: int
    ends: int
    signature: bytes
    wrapped: bytes


class Epochs:
    """`living`: the roster in use; `documents`: the signed ones."""

    def __init__(
        self,
        database: Database,
        *,
        bundles: Bundles,
        shards: Shards,
        epochs: Epoch,
        cases: Cases,
        slots: SlotWriter,
        documents: Documents,
        ledger: Ledger,
        living: Living,
    ) -> None:
        self._database = database
        self._bundles = bundles
        self._shards = shards
        self._epochs = epochs
        self._cases = cases
        self._slots = slots
        self._documents = documents
        self._ledger = ledger
        self._living = living

    async def due(self, who: Signed, *, now: int) -> bool:
        """Whether this officer's key ends soon or has ended, and the roster would take a new one."""
        known = self._living.current(now=now).officer(who.account.id)
        if not who.account.reads or known is None or known.suspended:
            return False
        key = known.living_key(now)
        return key is None or key.ends - now <= RENEW_S

    def shard(self, who: Signed, key: KeyId) -> bytes:
        """The server's part for a key that is being made; asked again, the same."""
        return self._shards.find_or_make(who.account.id, key)

    async def announce(self, who: Signed, made: Announced, *, now: int) -> Refusal | None:
        """Take the new key over: wrapped here, signed into the roster; from the next seal on it counts."""
        key = Bundle(key_id(made.public), made.starts, made.ends, made.wrapped)

        def work(conn: Conn) -> Refusal | bytes | None:
            kept = self._bundles.bundles(conn, who.account.id)
            if any(one.key == key.key for one in kept):
                return None
            roster = self._living.current(now=now)
            if len(kept) >= MOST_KEYS or not _fits(roster, who.account.id, made, now):
                return Refusal.NOT_READER
            before = self._documents.newest(conn)
            signed = SignedKey(who.account.id, made.public, made.starts, made.ends, made.signature)
            after = with_keys(before, [signed])
            self._bundles.add_bundle(conn, who.account.id, key)
            reach("F23")
            self._epochs.announce(conn, roster.version, before, after)
            write_entry(self._ledger, conn, who=key.key, act="key_renewed", now=now)
            return after

        try:
            done = await self._database.write(work)
        except Conflict:
            return Refusal.CHANGED
        if isinstance(done, bytes):
            self._living.load(done, now=now)
            return None
        return done

    async def waiting(self, who: Signed) -> tuple[Sequence[bytes], int]:
        """Cases that only the officer's older keys open, and how many there are in all."""
        new, old = _keys(who)
        if new is None or not old:
            return (), 0

        def work(conn: Conn) -> tuple[Sequence[bytes], int]:
            found = self._epochs.waiting(conn, old, new, who.teams, AT_ONCE)
            return found, self._epochs.count_waiting(conn, old, new, who.teams)

        return await self._database.read(work)

    async def slots_of(self, who: Signed, case: bytes) -> tuple[Case, Sequence[Slot]] | None:
        """A case and who can open it, for whoever seals its key once more."""

        def work(conn: Conn) -> tuple[Case, Sequence[Slot]] | None:
            found = find_visible(self._cases, conn, who, case)
            return None if found is None else (found, self._cases.slots_of(conn, case))

        return await self._database.read(work)

    async def rewrap(
        self, who: Signed, case: bytes, slot: bytes, listed: bytes, *, roster: int, now: int
    ) -> Refusal | bool | None:
        """Keep one more slot of a case: this officer's own, for the own newest key.  True: it is there."""
        new, _ = _keys(who)

        def work(conn: Conn) -> Refusal | bool | None:
            found = find_visible(self._cases, conn, who, case)
            if found is None or new is None:
                return None
            present = {one.key: one.slot for one in self._cases.slots_of(conn, case)}
            if new in present:
                return True
            if roster != self._living.current(now=now).version:
                return Refusal.CHANGED
            if len(slot) != SLOT_BYTES or not _lists(listed, {**present, new: slot}):
                return Refusal.CHANGED
            self._slots.add_slots(conn, case, {new: slot}, roster, listed)
            reach("F24")
            write_entry(self._ledger, conn, who=new, act="rewrap", handle=found.handle, now=now)
            return True

        try:
            return await self._database.write(work)
        except Conflict:
            return Refusal.CHANGED

    async def retire(self, who: Signed, *, now: int) -> Refusal | None:
        """Destroy the older keys, once nothing is sealed to them alone; first in the database, then their shards."""

        def work(conn: Conn) -> Refusal | Sequence[KeyId]:
            kept = self._bundles.bundles(conn, who.account.id)
            newest = max(kept, key=lambda one: one.ends, default=None)
            old = [one.key for one in kept if newest and one.key != newest.key]
            if newest is None or not old:
                return [one.key for one in kept]
            if now < newest.starts + OVERLAP_S or self._epochs.waiting(conn, old, newest.key, who.teams, 1):
                return Refusal.CHANGED
            self._epochs.drop_keys(conn, old)
            for key in old:
                self._bundles.drop_bundle(conn, who.account.id, key)
            reach("F25")
            write_entry(self._ledger, conn, who=newest.key, act="key_destroyed", now=now)
            return [newest.key]

        done = await self._database.write(work)
        if isinstance(done, Refusal):
            return done
        reach("F26")
        self._shards.destroy_others(who.account.id, done)
        return None


def _keys(who: Signed) -> tuple[KeyId | None, list[KeyId]]:
    return who.key, [key for key in who.keys if key != who.key]


def _fits(roster: Roster, officer: str, made: Announced, now: int) -> bool:
    """Signed by this officer, of our shape, beginning now and ending within an epoch."""
    known = roster.officer(officer)
    if known is None or known.suspended or len(made.public) != PUBLIC_BYTES or len(made.wrapped) != WRAPPED_BYTES:
        return False
    if abs(made.starts - now) > _CLOCK_SKEW_S or not 0 < made.ends - made.starts <= EPOCH_S:
        return False
    signed = SignedKey(officer, made.public, made.starts, made.ends, made.signature)
    return signed_by(known.signing, EPOCH_KEY, signed.message(roster.deployment), made.signature)


def _lists(listed: bytes, slots: Mapping[bytes, bytes]) -> bool:
    try:
        return listed_slots(listed) == {key: slot_hash(slot) for key, slot in slots.items()}
    except Damaged:
        return False

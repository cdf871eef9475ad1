"""An officer leaves, or lost pass phrase or device: sessions, slots, wrapped keys and shards go at once (S14).

Nothing new is sealed to the keys from the next seal on; what was theirs to do is anybody's again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.case import Deed, Standing, do
from bot.core.roster import KeyId
from bot.sealing.roster import in_force, with_suspended
from bot.sealing.roster_document import read_body, read_document
from bot.services.officers.account import AccountRow, BundleRow
from bot.services.officers.ports import Cases, Conn, Database
from bot.services.officers.trail import Ledger, write_entry
from bot.services.readership import Pair, readers

_DAY_S = 86_400


class Accounts(Protocol):
    def by_id(self, conn: Conn, id: str) -> AccountRow | None: ...

    def bundles(self, conn: Conn, account: str) -> Sequence[BundleRow]: ...

    def suspend(self, conn: Conn, id: str, suspended: bool = True) -> None: ...

    def drop_passkeys(self, conn: Conn, id: str) -> None: ...

    def replace_keys(self, conn: Conn, id: str) -> Sequence[KeyId]: ...

    def owners(self, conn: Conn) -> Sequence[tuple[KeyId, str]]: ...


class Epoch(Protocol):
    def held_by(self, conn: Conn, officer: str) -> Sequence[bytes]: ...

    def drop_keys(self, conn: Conn, keys: Sequence[KeyId]) -> int: ...

    def announce(self, conn: Conn, version: int, before: bytes, after: bytes) -> None: ...


class Losing(Protocol):
    def losing(self, conn: Conn, keys: Sequence[KeyId], readers: Sequence[Pair]) -> int: ...


class Shards(Protocol):
    def destroy_all(self, officer: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Left:
    """`lost`: cases that no other officer can open; nothing was done if there are any.  `freed`: cases that were theirs to do."""

    done: bool
    lost: int
    slots: int
    freed: int


class Leaving:
    def __init__(
        self,
        database: Database,
        *,
        accounts: Accounts,
        epochs: Epoch,
        losing: Losing,
        cases: Cases,
        documents: Callable[[Conn], bytes],
        shards: Shards,
        ledger: Ledger,
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._epochs = epochs
        self._losing = losing
        self._cases = cases
        self._documents = documents
        self._shards = shards
        self._ledger = ledger

    async def lost_device(self, id: str, *, now: int) -> bool:
        """Passkeys and sessions end; the keys stay, since the six words open them.  A new passkey is made with those words."""

        def work(conn: Conn) -> bool:
            account = self._accounts.by_id(conn, id)
            if account is None or account.suspended:
                return False
            self._accounts.drop_passkeys(conn, id)
            write_entry(self._ledger, conn, who=None, act="device_lost", now=now)
            return True

        return await self._database.write(work)

    async def leave(self, id: str, *, now: int, even_if_lost: bool = False) -> Left | None:
        """None when there is no such account.  Repeating it does what is left to do."""

        def work(conn: Conn) -> Left | None:
            if self._accounts.by_id(conn, id) is None:
                return None
            before = self._documents(conn)
            keys = self._keys(conn, id, before)
            read = read_document(before)
            others = readers(in_force(before), self._accounts.owners(conn), without=(id,))
            lost = self._losing.losing(conn, keys, others)
            if lost and not even_if_lost:
                return Left(False, lost, 0, 0)
            self._accounts.suspend(conn, id)
            self._accounts.replace_keys(conn, id)
            freed = self._free(conn, id, now)
            dropped = self._epochs.drop_keys(conn, keys)
            after = with_suspended(before, {*read.suspended, id})
            if after != before:
                self._epochs.announce(conn, read_body(read.body).version, before, after)
            write_entry(self._ledger, conn, who=keys[-1] if keys else None, act="left", now=now)
            return Left(True, lost, dropped, freed)

        left = await self._database.write(work)
        if left is not None and left.done:
            self._shards.destroy_all(id)
        return left

    def _keys(self, conn: Conn, id: str, document: bytes) -> list[KeyId]:
        """Every key of this officer that anything may be sealed to."""
        announced = [key.reader_key().id for key in read_document(document).keys if key.officer == id]
        return [*announced, *(one.key for one in self._accounts.bundles(conn, id))]

    def _free(self, conn: Conn, id: str, now: int) -> int:
        held = self._epochs.held_by(conn, id)
        for case in held:
            found = self._cases.find(conn, case)
            assert found is not None
            after = do(found.standing, Deed.RELEASE, by=id, version=found.standing.version)
            if isinstance(after, Standing):
                self._cases.move(conn, case, found.standing, after, now=now)
        return len(held)

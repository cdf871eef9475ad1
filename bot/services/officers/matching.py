"""Suggesting that two cases are about the same: tokens made in browsers under a key the server never has.

What it learns is that two cases share something; not what, and not of what kind.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from bot.core.case import Refusal
from bot.core.errors import Conflict
from bot.core.roster import Roster
from bot.sealing.slot import SLOT_BYTES
from bot.services.officers.ports import Case, Cases, Conn, Database
from bot.services.officers.seeing import find_visible
from bot.services.officers.sign_in import Signed
from bot.services.officers.trail import Ledger, write_entry

TOKEN_BYTES: Final = 16
MOST_TOKENS: Final = 64
ACT: Final = "match"


class MatchKey(Protocol):
    @property
    def key(self) -> bytes: ...
    @property
    def match(self) -> bytes: ...
    @property
    def roster(self) -> int: ...
    @property
    def slot(self) -> bytes: ...
    @property
    def signed(self) -> bytes: ...


class Matches(Protocol):
    def keys(self, conn: Conn) -> Sequence[MatchKey]: ...

    def add_keys(
        self, conn: Conn, *, match: bytes, signed: bytes, roster: int, slots: Mapping[bytes, bytes]
    ) -> None: ...

    def put_tokens(self, conn: Conn, case: bytes, tokens: Sequence[bytes]) -> None: ...

    def same(self, conn: Conn, case: bytes, tokens: Sequence[bytes]) -> Sequence[tuple[bytes, bytes]]: ...


@dataclass(frozen=True, slots=True)
class Alike:
    """`seen`: cases this officer can open, with the tokens they share; `unseen`: how many more there are."""

    seen: tuple[tuple[Case, tuple[bytes, ...]], ...]
    unseen: int


class Matching:
    """`roster`: the verified roster of now."""

    def __init__(
        self, database: Database, *, cases: Cases, matches: Matches, ledger: Ledger, roster: Callable[[int], Roster]
    ) -> None:
        self._database = database
        self._cases = cases
        self._matches = matches
        self._ledger = ledger
        self._roster = roster

    async def keys(self) -> Sequence[MatchKey]:
        return await self._database.read(self._matches.keys)

    async def give(
        self, *, match: bytes, signed: bytes, roster: int, slots: Mapping[bytes, bytes], now: int
    ) -> Refusal | None:
        """Keep the common key sealed to further officers; the first to come makes it, and there is only one."""
        trusted = self._roster(now)
        living = {key.id for officer in trusted.officers if (key := officer.living_key(now))}
        fits = set(slots) <= living and all(len(slot) == SLOT_BYTES for slot in slots.values())
        if roster != trusted.version or not slots or not fits:
            return Refusal.NOT_READER

        def work(conn: Conn) -> Refusal | None:
            if any(one.match != match for one in self._matches.keys(conn)):
                return Refusal.CHANGED
            self._matches.add_keys(conn, match=match, signed=signed, roster=roster, slots=slots)
            return None

        try:
            return await self._database.write(work)
        except Conflict:
            return Refusal.CHANGED

    async def alike(self, who: Signed, case: bytes, tokens: Sequence[bytes], *, now: int) -> Alike | None:
        """Keep the tokens of a case and find others that share one; looking leaves its entry, as opening does."""

        def work(conn: Conn) -> Alike | None:
            found = find_visible(self._cases, conn, who, case)
            if found is None:
                return None
            self._matches.put_tokens(conn, case, tokens)
            shared: dict[bytes, list[bytes]] = {}
            for other, token in self._matches.same(conn, case, tokens):
                shared.setdefault(other, []).append(token)
            visible = {other: find_visible(self._cases, conn, who, other) for other in shared}
            write_entry(self._ledger, conn, who=who.key, act=ACT, handle=found.handle, now=now)
            seen = tuple((one, tuple(sorted(shared[id]))) for id, one in sorted(visible.items()) if one is not None)
            return Alike(seen, sum(one is None for one in visible.values()))

        return await self._database.write(work)

"""Signing in, unlocking, locking, leaving: sessions are rows that can be revoked, the pass phrase never comes here (S22).

What the browser proves is derived from the pass phrase; the server keeps a hash of it, and answers alike for names it
does not know.
"""

import hmac
import secrets
from asyncio import sleep
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final, Protocol

from bot.core.roster import KeyId, Roster
from bot.services.officers.account import Account, AccountRow, BundleRow, NewSession, SessionRow
from bot.services.officers.ports import Conn, Database
from bot.services.officers.trail import Ledger, write_entry
from bot.services.slowing import Slowing

IDLE_S: Final = 15 * 60
SESSION_S: Final = 8 * 3_600
_RENEW_AFTER_S: Final = 60
"""The vault's clock is written at most once a minute, not with every request."""
_TOKEN_BYTES: Final = 32


class Accounts(Protocol):
    def by_login(self, conn: Conn, login: str) -> AccountRow | None: ...

    def by_id(self, conn: Conn, id: str) -> AccountRow | None: ...

    def bundles(self, conn: Conn, account: str) -> Sequence[BundleRow]: ...

    def names(self, conn: Conn) -> Sequence[tuple[str, str]]: ...


class SessionRows(Protocol):
    """Rows by the SHA-256 of the cookie; a new one has the shape of `NewSession`."""

    def open(self, conn: Conn, token: bytes, row: Any) -> None: ...

    def find(self, conn: Conn, token: bytes) -> SessionRow | None: ...

    def set_vault_end(self, conn: Conn, token: bytes, at: int) -> None: ...

    def end(self, conn: Conn, token: bytes) -> None: ...


class Shards(Protocol):
    """The server's half of an officer's keys (D14)."""

    def find(self, officer: str, epoch_key: KeyId) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody with a session.  `key`: id of the newest reader key; `teams`: as the roster says, now.

    `keys`: of every epoch that was not destroyed yet; an ended key still opens what is sealed to it alone.
    `unlocked`: the pass phrase was proven less than 15 idle minutes ago.
    """

    account: Account
    token: bytes
    unlocked: bool
    key: KeyId | None
    teams: tuple[str, ...]
    keys: tuple[KeyId, ...] = ()


@dataclass(frozen=True, slots=True)
class HandOut:
    """What unlocks the officer's keys in the browser, given only after the proof."""

    bundle: BundleRow
    shard: bytes


class Sessions:
    """Finds out who knocks.  `roster`: the verified roster of now."""

    def __init__(
        self, database: Database, *, accounts: Accounts, sessions: SessionRows, roster: Callable[[int], Roster]
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._sessions = sessions
        self._roster = roster

    async def find(self, cookie: str, *, now: int, quiet: bool = False) -> Signed | None:
        """None without a living session.  Unless `quiet` (nobody pressed anything) the vault's clock starts anew."""
        if not cookie:
            return None
        token = token_hash(cookie)
        found = await self._database.read(lambda conn: self.look(conn, token, now))
        if found is None:
            return None
        signed, row = found
        renewed = min(now + IDLE_S, row.ends)
        if signed.unlocked and not quiet and renewed - row.vault_ends >= _RENEW_AFTER_S:
            await self._database.write(lambda conn: self._sessions.set_vault_end(conn, token, renewed))
        return signed

    def look(self, conn: Conn, token: bytes, now: int) -> tuple[Signed, SessionRow] | None:
        """Who it is now, with the session's row; none without a living session."""
        row = self._sessions.find(conn, token)
        if row is None or row.ends <= now:
            return None
        account = self._accounts.by_id(conn, row.account)
        if account is None or account.suspended:
            return None
        return self.signed(conn, Account.of(account), token, row, now), row

    def signed(self, conn: Conn, account: Account, token: bytes, row: SessionRow, now: int) -> Signed:
        """Who this is, with the teams of the roster of now."""
        bundles = newest_first(self._accounts.bundles(conn, account.id), now)
        roster = self._roster(now)
        teams = tuple(team.id for team in roster.teams if account.id in team.officers) if account.reads else ()
        keys = tuple(bundle.key for bundle in bundles)
        return Signed(account, token, row.vault_ends > now, keys[0] if keys else None, teams, keys)


class SignIn:
    """`secret`: of the service, for salts of names that do not exist.  `cost`: what a pass phrase costs, as text."""

    def __init__(
        self,
        database: Database,
        sessions: Sessions,
        *,
        accounts: Accounts,
        rows: SessionRows,
        ledger: Ledger,
        shards: Shards,
        secret: bytes,
        cost: str,
    ) -> None:
        self._database = database
        self._sessions = sessions
        self._accounts = accounts
        self._rows = rows
        self._ledger = ledger
        self._shards = shards
        self._secret = secret
        self._cost = cost
        self._slowing = Slowing()

    async def start(self, login: str) -> tuple[bytes, str]:
        """Salt and cost of a name; for one that does not exist they are stable and look the same."""
        account = await self._database.read(lambda conn: self._accounts.by_login(conn, login))
        made_up = hmac.digest(self._secret, b"login salt\n" + login.encode("utf-8", "replace"), "sha256")[:16]
        return (made_up, self._cost) if account is None else (account.salt, account.cost)

    async def enter(self, login: str, proof: bytes, *, now: int) -> tuple[str, Signed] | None:
        """A new session, unlocked, and its cookie; none when name or proof do not fit.  Wrong ones are slowed."""
        account = await self.prove(login, proof, now=now)
        return None if account is None else await self.admit(account, now=now, unlocked=True)

    async def prove(self, login: str, proof: bytes, *, now: int) -> Account | None:
        """The account, if the proof of its pass phrase fits."""
        return await self._proven(login, proof, now, lambda conn: self._accounts.by_login(conn, login))

    async def unlock(self, who: Signed, proof: bytes, *, now: int) -> Signed | None:
        """The same session, unlocked; none when the proof does not fit."""
        account = await self._proven(
            who.account.id, proof, now, lambda conn: self._accounts.by_id(conn, who.account.id)
        )
        if account is None:
            return None
        await self._database.write(lambda conn: self._unlock(conn, who, now))
        return replace(who, unlocked=True)

    async def admit(self, account: Account, *, now: int, unlocked: bool) -> tuple[str, Signed]:
        """Open a session for somebody whose identity was proven; `unlocked`: the pass phrase was."""
        cookie = secrets.token_urlsafe(_TOKEN_BYTES)
        token = token_hash(cookie)
        row = NewSession(account.id, now + SESSION_S, now + IDLE_S if unlocked else now)

        def work(conn: Conn) -> Signed:
            self._rows.open(conn, token, row)
            signed = self._sessions.signed(conn, account, token, row, now)
            write_entry(self._ledger, conn, who=signed.key, act="sign_in", now=now)
            return signed

        return cookie, await self._database.write(work)

    async def lock(self, who: Signed, *, now: int) -> None:
        """The pass phrase is needed again."""
        await self._database.write(lambda conn: self._rows.set_vault_end(conn, who.token, now))

    async def leave(self, who: Signed, *, now: int) -> None:
        """The session is over, on the server too."""

        def work(conn: Conn) -> None:
            self._rows.end(conn, who.token)
            write_entry(self._ledger, conn, who=who.key, act="sign_out", now=now)

        await self._database.write(work)

    async def hand_out(self, who: Signed, *, now: int) -> Sequence[HandOut]:
        """Wrapped keys and shards, the newest epoch's first, for an unlocked session that reads cases (D14)."""
        if not who.unlocked or not who.account.reads:
            return ()
        bundles = await self._database.read(lambda conn: self._accounts.bundles(conn, who.account.id))
        parts = ((one, self._shards.find(who.account.id, one.key)) for one in newest_first(bundles, now))
        return [HandOut(bundle, shard) for bundle, shard in parts if shard]

    async def colleagues(self) -> dict[str, str]:
        """Display names by id; they never leave the console (A7)."""
        return dict(await self._database.read(self._accounts.names))

    async def _proven(
        self, name: str, proof: bytes, now: int, look: Callable[[Conn], AccountRow | None]
    ) -> Account | None:
        """Whoever `look` finds, if the proof fits; names that do not exist take the same way."""
        counted = sha256(b"login\n" + name.encode("utf-8", "replace")).digest()
        await sleep(self._slowing.delay_s(counted, "", now))
        account = await self._database.read(look)
        kept = account.proof if account else bytes(32)
        fits = hmac.compare_digest(sha256(proof).digest(), kept)
        if account is None or account.suspended or not fits:
            self._slowing.missed(counted, counted.hex(), now)
            return None
        self._slowing.forget(counted)
        return Account.of(account)

    def _unlock(self, conn: Conn, who: Signed, now: int) -> None:
        self._rows.set_vault_end(conn, who.token, now + IDLE_S)
        write_entry(self._ledger, conn, who=who.key, act="unlock", now=now)


def token_hash(cookie: str) -> bytes:
    """What a session is stored under: the cookie itself is nowhere on the server."""
    return sha256(b"hamrah session\n" + cookie.encode("utf-8", "replace")).digest()


def newest_first(bundles: Sequence[BundleRow], now: int) -> list[BundleRow]:
    """The wrapped keys that have begun."""
    return sorted((one for one in bundles if one.starts <= now), key=lambda one: one.ends, reverse=True)

"""Signing in with a one-time code, where the operator allows it: the pass phrase is proven first, then the code (S21).

So nobody without the pass phrase can even try a code, and nobody outside can slow an officer by trying.  A code counts
once; the secret lies sealed under the service's key; there is no other way back than a colleague's deed.
"""

from asyncio import sleep
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from typing import Any, Final, Protocol

from bot.core.errors import Damaged
from bot.sealing import one_time
from bot.services.officers.account import Account
from bot.services.officers.ports import Conn, Database
from bot.services.officers.sign_in import Accounts, Signed, SignIn, newest_first
from bot.services.officers.trail import Ledger, write_entry
from bot.services.slowing import Slowing

SETUP_S: Final = 600
"""A secret whose first code does not come within ten minutes is none."""
AT_ONCE: Final = 3
"""Tries of one account that may wait together: guessing in parallel is no faster than one by one."""


class Row(Protocol):
    """`step`: the newest one used, 0 before the first; `made`: epoch seconds."""

    @property
    def secret(self) -> bytes: ...
    @property
    def step(self) -> int: ...
    @property
    def made(self) -> int: ...


class Rows(Protocol):
    """One secret an account; `use` is true once for a step and never for an earlier one."""

    def find(self, conn: Conn, account: str) -> Row | None: ...

    def put(self, conn: Conn, account: str, secret: bytes, made: int) -> None: ...

    def use(self, conn: Conn, account: str, secret: bytes, step: int) -> bool: ...

    def drop(self, conn: Conn, account: str) -> bool: ...


class PasskeysOf(Protocol):
    def of(self, conn: Conn, account: str) -> Sequence[Any]: ...


class Busy(Exception):
    """More tries wait than a person makes."""


class State(Enum):
    NONE = "none"
    ONLY = "only"
    """Codes are this account's one way in: they stay until there is a passkey."""
    BESIDE = "beside"
    """There is a passkey too."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """A secret that waits for its first code.  `written`: to type; `address`: what a QR code says."""

    written: str
    address: str


class OneTimeCodes:
    """`service`: the service's key; `issuer`: the name an app shows."""

    def __init__(
        self,
        database: Database,
        sign_in: SignIn,
        *,
        rows: Rows,
        passkeys: PasskeysOf,
        accounts: Accounts,
        ledger: Ledger,
        service: bytes,
        issuer: str,
    ) -> None:
        self._database = database
        self._sign_in = sign_in
        self._rows = rows
        self._passkeys = passkeys
        self._accounts = accounts
        self._ledger = ledger
        self._service = service
        self._issuer = issuer
        self._slowing = Slowing()
        self._waiting: Counter[str] = Counter()

    async def first(self, login: str, proof: bytes, *, now: int) -> Fresh | None:
        """A secret for an account that has no second way in yet, neither passkey nor codes; like a first passkey."""
        account = await self._sign_in.prove(login, proof, now=now)
        if account is None:
            return None
        return await self._database.write(
            lambda conn: None if self._passkeys.of(conn, account.id) else self._make(conn, account, now)
        )

    async def add(self, who: Signed, *, now: int) -> Fresh | None:
        """A secret for somebody who is signed in and has no codes yet."""
        return await self._database.write(lambda conn: self._make(conn, who.account, now))

    async def enter(self, login: str, proof: bytes, code: str, *, now: int) -> tuple[str, Signed] | None:
        """A new session, unlocked, and its cookie; none when name, pass phrase or code do not fit.  Raises `Busy`."""
        account = await self._sign_in.prove(login, proof, now=now)
        if account is None or not await self.fits(account, code, now=now):
            return None
        return await self._sign_in.admit(account, now=now, unlocked=True)

    async def fits(self, account: Account, code: str, *, now: int) -> bool:
        """Use a code up, of somebody whose pass phrase was proven.  Wrong ones are slowed and leave an entry."""
        if self._waiting[account.id] >= AT_ONCE:
            raise Busy
        counted = sha256(b"one-time code\n" + account.id.encode()).digest()
        self._waiting[account.id] += 1
        try:
            delay_s = self._slowing.delay_s(counted, "", now)
            self._slowing.missed(counted, counted.hex(), now)
            await sleep(delay_s)
            used = await self._database.write(lambda conn: self._use(conn, account, code, now))
        finally:
            self._waiting[account.id] -= 1
        if used:
            self._slowing.forget(counted)
        return used

    async def has(self, account: str) -> bool:
        """Whether codes are a way into this account."""
        row = await self._database.read(lambda conn: self._rows.find(conn, account))
        return row is not None and row.step > 0

    async def state(self, who: Signed) -> State:
        def look(conn: Conn) -> State:
            row = self._rows.find(conn, who.account.id)
            if row is None or row.step == 0:
                return State.NONE
            return State.BESIDE if self._passkeys.of(conn, who.account.id) else State.ONLY

        return await self._database.read(look)

    async def remove(self, who: Signed, *, now: int) -> bool:
        """Only beside a passkey: nobody takes away the one thing that is asked beside the pass phrase."""

        def work(conn: Conn) -> bool:
            done = bool(self._passkeys.of(conn, who.account.id)) and self._rows.drop(conn, who.account.id)
            if done:
                write_entry(self._ledger, conn, who=who.key, act="codes_removed", now=now)
            return done

        return await self._database.write(work)

    def _make(self, conn: Conn, account: Account, now: int) -> Fresh | None:
        row = self._rows.find(conn, account.id)
        if row is not None and row.step > 0:
            return None
        secret = one_time.new_secret()
        self._rows.put(conn, account.id, one_time.seal_secret(self._service, account.id, secret), now)
        shown = one_time.address(secret, issuer=self._issuer, name=account.login)
        return Fresh(one_time.written(secret), shown)

    def _use(self, conn: Conn, account: Account, code: str, now: int) -> bool:
        row, typed = self._rows.find(conn, account.id), one_time.read_code(code)
        if row is None or (row.step == 0 and now > row.made + SETUP_S):
            return False
        try:
            secret = one_time.open_secret(self._service, account.id, row.secret)
        except Damaged:
            return False
        step = one_time.step_of(secret, typed, now=now) if typed else None
        used = step is not None and self._rows.use(conn, account.id, row.secret, step)
        act = "codes_made" if used and row.step == 0 else "" if used else "code_missed"
        if act:
            keys = newest_first(self._accounts.bundles(conn, account.id), now)
            write_entry(self._ledger, conn, who=keys[0].key if keys else None, act=act, now=now)
        return used

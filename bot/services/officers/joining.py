"""Becoming an officer by invitation: keys and pass phrase are made in the officer's own browser (S14, S20).

The server stores what it cannot open, and the public half waits as a card until the root has signed it into the roster:
before that nothing is sealed to it, whatever the server does (S11).
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Protocol

from bot.core.errors import Conflict
from bot.core.roster import KeyId, Officer, Roster
from bot.sealing.keys import PUBLIC_BYTES, key_id
from bot.sealing.officer_keys import WRAPPED_BYTES, login_proof_hash
from bot.sealing.roster import EPOCH_S
from bot.sealing.roster_document import SignedKey
from bot.sealing.signing import EPOCH_KEY, signed_by
from bot.sealing.stretch import SALT_BYTES
from bot.services.founding import fingerprint, read_card, written_card
from bot.services.officers.account import Account, AccountRow, Bundle, Role
from bot.services.officers.enrol import READS
from bot.services.officers.ports import Conn, Database
from bot.services.officers.trail import Ledger, write_entry

INVITATION_S: Final = 3 * 86_400
_DAY_S: Final = 86_400
_CLOCK_SKEW_S: Final = 600
_TOKEN_BYTES: Final = 32


class Invitation(Protocol):
    @property
    def login(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def roles(self) -> frozenset[str]: ...


class Invitations(Protocol):
    def add(self, conn: Conn, token: bytes, login: str, name: str, roles: frozenset[str], ends: int) -> None: ...

    def find(self, conn: Conn, token: bytes, now: int) -> Invitation | None: ...

    def take(self, conn: Conn, token: bytes, now: int) -> Invitation | None: ...

    def put_card(self, conn: Conn, account: str, card: str, day: int) -> None: ...

    def card_list(self, conn: Conn) -> Sequence[tuple[str, str]]: ...


class Accounts(Protocol):
    def by_id(self, conn: Conn, id: str) -> AccountRow | None: ...

    def add(self, conn: Conn, account: Account, day: int) -> None: ...

    def set_phrase(self, conn: Conn, id: str, *, salt: bytes, cost: str, proof: bytes) -> None: ...

    def suspend(self, conn: Conn, id: str, suspended: bool = True) -> None: ...

    def add_bundle(self, conn: Conn, account: str, bundle: Bundle) -> None: ...


class Shards(Protocol):
    def find_or_make(self, officer: str, epoch_key: KeyId) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Made:
    """What the browser made.  `proof`: of the pass phrase; the keys are none for those who read no cases."""

    salt: bytes
    proof: bytes
    signing: bytes = b""
    public: bytes = b""
    starts: int = 0
    ends: int = 0
    signature: bytes = b""
    wrapped: bytes = b""


@dataclass(frozen=True, slots=True)
class Pending:
    """An officer whom the signed list does not name yet, or names with other keys.  `fingerprint`: to be compared."""

    account: str
    fingerprint: str
    card: str


class Joining:
    """`roster`: the verified roster of now.  `cost`: what stretching a pass phrase costs, as text; the browser gets it."""

    def __init__(
        self,
        database: Database,
        *,
        invitations: Invitations,
        accounts: Accounts,
        shards: Shards,
        ledger: Ledger,
        roster: Callable[[int], Roster],
        cost: str,
    ) -> None:
        self._database = database
        self._invitations = invitations
        self._accounts = accounts
        self._shards = shards
        self._ledger = ledger
        self._roster = roster
        self.cost = cost

    async def invite(self, login: str, name: str, roles: frozenset[Role], *, now: int) -> str:
        """The token for the link.  Raises `Conflict` when somebody who can sign in has this name already."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)

        def work(conn: Conn) -> None:
            known = self._accounts.by_id(conn, login)
            if known is not None and not known.suspended:
                raise Conflict(
                    f"{login} can sign in already; if the pass phrase is lost: `hamrah officer leave {login}`"
                )
            told = frozenset(role.value for role in roles)
            self._invitations.add(conn, _hash(token), login, name, told, now + INVITATION_S)
            write_entry(self._ledger, conn, who=None, act="invited", now=now)

        await self._database.write(work)
        return token

    async def look(self, token: str, *, now: int) -> Invitation | None:
        return await self._database.read(lambda conn: self._invitations.find(conn, _hash(token), now))

    async def shard(self, token: str, key: KeyId, *, now: int) -> bytes | None:
        """The server's part of what wraps the new keys."""
        invited = await self.look(token, now=now)
        return self._shards.find_or_make(invited.login, key) if invited and _reads(invited) else None

    async def join(self, token: str, made: Made, *, now: int) -> bool:
        """Make the account; the invitation is used up only with it.  False: it is void, or what was made does not fit."""

        def work(conn: Conn) -> bool:
            invited = self._invitations.find(conn, _hash(token), now)
            if invited is None or not self._fits(invited, made, now):
                return False
            if self._invitations.take(conn, _hash(token), now) is None:
                return False
            self._keep(conn, invited, made, now)
            key = key_id(made.public) if made.public else None
            write_entry(self._ledger, conn, who=key, act="joined", now=now)
            return True

        return await self._database.write(work)

    async def pending(self, *, now: int) -> Sequence[Pending]:
        """Whoever waits for the root's signature."""
        cards, roster = await self._database.read(self._invitations.card_list), self._roster(now)
        waiting = []
        for account, card in cards:
            officer, _ = read_card(card)
            known = roster.officer(account)
            if known is None or known.signing != officer.signing:
                waiting.append(Pending(account, fingerprint(card), card))
        return waiting

    def _fits(self, invited: Invitation, made: Made, now: int) -> bool:
        if len(made.salt) != SALT_BYTES or len(made.proof) != 32:
            return False
        if not _reads(invited):
            return not made.public
        if len(made.public) != PUBLIC_BYTES or len(made.wrapped) != WRAPPED_BYTES:
            return False
        if abs(made.starts - now) > _CLOCK_SKEW_S or not 0 < made.ends - made.starts <= EPOCH_S:
            return False
        signed = _signed(invited, made)
        return signed_by(made.signing, EPOCH_KEY, signed.message(self._roster(now).deployment), made.signature)

    def _keep(self, conn: Conn, invited: Invitation, made: Made, now: int) -> None:
        id, proof = invited.login, login_proof_hash(made.proof)
        if self._accounts.by_id(conn, id) is None:
            account = Account(id, id, invited.name, invited.roles, made.salt, self.cost, proof)
            self._accounts.add(conn, account, now // _DAY_S)
        else:  # somebody who lost the pass phrase comes back with new keys
            self._accounts.set_phrase(conn, id, salt=made.salt, cost=self.cost, proof=proof)
            self._accounts.suspend(conn, id, False)
        if made.public:
            self._accounts.add_bundle(conn, id, Bundle(key_id(made.public), made.starts, made.ends, made.wrapped))
            card = written_card(Officer(id, made.signing, ()), _signed(invited, made))
            self._invitations.put_card(conn, id, card, now // _DAY_S)


def _signed(invited: Invitation, made: Made) -> SignedKey:
    return SignedKey(invited.login, made.public, made.starts, made.ends, made.signature)


def _reads(invited: Invitation) -> bool:
    return bool(READS & {Role(role) for role in invited.roles})


def _hash(token: str) -> bytes:
    return sha256(b"hamrah invitation\n" + token.encode("utf-8", "replace")).digest()

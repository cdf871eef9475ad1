"""Who may sign in to the console, and the wrapped keys of those who read cases (D14)."""

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, Row, Select, delete, select, update
from sqlalchemy.exc import IntegrityError

from bot.core.errors import Conflict
from storage.schema import accounts, key_bundles, one_time_codes, passkeys, sessions
from storage.statements import Insertion, run

ACCOUNT = Insertion(accounts)
BUNDLE = Insertion(key_bundles)


@dataclass(frozen=True, slots=True)
class Account:
    """`id`: as in the roster.  `salt`, `cost`: of the pass phrase's stretching.  `proof`: SHA-256 of the login proof."""

    id: str
    login: str
    name: str
    roles: frozenset[str]
    salt: bytes
    cost: str
    proof: bytes
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class Bundle:
    """An officer's private keys of one epoch, wrapped.  `starts`, `ends`: epoch seconds."""

    key: bytes
    starts: int
    ends: int
    wrapped: bytes


class NewAccount(Protocol):
    """What has the shape of `Account`."""

    @property
    def id(self) -> str: ...
    @property
    def login(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def roles(self) -> frozenset[str]: ...
    @property
    def salt(self) -> bytes: ...
    @property
    def cost(self) -> str: ...
    @property
    def proof(self) -> bytes: ...
    @property
    def suspended(self) -> bool: ...


class NewBundle(Protocol):
    """What has the shape of `Bundle`."""

    @property
    def key(self) -> bytes: ...
    @property
    def starts(self) -> int: ...
    @property
    def ends(self) -> int: ...
    @property
    def wrapped(self) -> bytes: ...


def by_login(conn: Connection, login: str) -> Account | None:
    return _one(conn, select(accounts).where(accounts.c.login == login))


def by_id(conn: Connection, id: str) -> Account | None:
    return _one(conn, select(accounts).where(accounts.c.id == id))


def names(conn: Connection) -> list[tuple[str, str]]:
    """Id and display name of everybody; they never leave the console (A7)."""
    return [(r.id, r.name) for r in conn.execute(select(accounts.c.id, accounts.c.name).order_by(accounts.c.name))]


def everybody(conn: Connection) -> list[tuple[str, str, frozenset[str]]]:
    """Id, display name and roles of everybody who may sign in."""
    statement = select(accounts.c.id, accounts.c.name, accounts.c.roles).where(accounts.c.suspended == 0)
    return [(r.id, r.name, frozenset(r.roles.split())) for r in conn.execute(statement.order_by(accounts.c.name))]


def add(conn: Connection, account: NewAccount, day: int) -> None:
    """Raises `Conflict` when the id or the login is taken."""
    row = {
        "id": account.id, "login": account.login, "name": account.name, "roles": " ".join(sorted(account.roles)),
        "salt": account.salt, "cost": account.cost, "proof": account.proof, "suspended": int(account.suspended),
        "day": day,
    }  # fmt: skip
    try:
        run(conn, ACCOUNT, row)
    except IntegrityError as error:
        raise Conflict("this account or login exists already") from error


def set_phrase(conn: Connection, id: str, *, salt: bytes, cost: str, proof: bytes) -> None:
    """A new pass phrase; the caller wraps every living bundle anew in the same transaction."""
    conn.execute(update(accounts).where(accounts.c.id == id).values(salt=salt, cost=cost, proof=proof))


def suspend(conn: Connection, id: str, suspended: bool = True) -> None:
    """Signing in is refused from now on, and whoever is signed in no longer is (S14)."""
    conn.execute(update(accounts).where(accounts.c.id == id).values(suspended=int(suspended)))
    if suspended:
        conn.execute(delete(sessions).where(sessions.c.account == id))


def bundles(conn: Connection, account: str) -> list[Bundle]:
    """Oldest epoch first."""
    statement = select(key_bundles).where(key_bundles.c.account == account).order_by(key_bundles.c.ends)
    return [Bundle(r.key_id, r.starts, r.ends, r.wrapped) for r in conn.execute(statement)]


def add_bundle(conn: Connection, account: str, bundle: NewBundle) -> None:
    row = {"account": account, "key_id": bundle.key, "starts": bundle.starts, "ends": bundle.ends}
    run(conn, BUNDLE, {**row, "wrapped": bundle.wrapped})


def drop_bundle(conn: Connection, account: str, key: bytes) -> None:
    """The epoch has ended and its cases were sealed anew: the old private key is destroyed (D5)."""
    conn.execute(delete(key_bundles).where(key_bundles.c.account == account, key_bundles.c.key_id == key))


def replace_keys(conn: Connection, id: str) -> list[bytes]:
    """Every wrapped key and every way in goes: lost, or its owner leaves.  Returns the reader keys' ids."""
    gone = list(
        conn.execute(delete(key_bundles).where(key_bundles.c.account == id).returning(key_bundles.c.key_id)).scalars()
    )
    drop_passkeys(conn, id)
    return gone


def drop_passkeys(conn: Connection, id: str) -> None:
    """A device was lost: its passkey and its codes sign in no more, and whoever is signed in is out."""
    conn.execute(delete(one_time_codes).where(one_time_codes.c.account == id))
    conn.execute(delete(passkeys).where(passkeys.c.account == id))
    conn.execute(delete(sessions).where(sessions.c.account == id))


def owners(conn: Connection) -> list[tuple[bytes, str]]:
    """Key id and account of every wrapped key there is."""
    return [(r.key_id, r.account) for r in conn.execute(select(key_bundles.c.key_id, key_bundles.c.account))]


def _one(conn: Connection, statement: Select[tuple[object, ...]]) -> Account | None:
    row: Row[tuple[object, ...]] | None = conn.execute(statement).one_or_none()
    if row is None:
        return None
    roles = frozenset(row.roles.split())
    return Account(row.id, row.login, row.name, roles, row.salt, row.cost, row.proof, bool(row.suspended))

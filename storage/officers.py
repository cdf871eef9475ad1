"""Accounts of the console, their wrapped keys, their sessions, and the actions they already did."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, select, update

from storage.schema import accounts, deeds, key_bundles, sessions
from storage.statements import Insertion, run

_CHANGING = ("login", "name", "roles", "salt", "cost", "proof", "suspended")

PUT = Insertion(
    accounts,
    lambda statement: statement.on_conflict_do_update(
        index_elements=[accounts.c.id],
        set_={name: getattr(statement.excluded, name) for name in _CHANGING} | {"version": accounts.c.version + 1},
    ),
)
PUT_BUNDLE = Insertion(key_bundles, lambda statement: statement.on_conflict_do_nothing())
OPEN = Insertion(sessions)
REMEMBER = Insertion(deeds, lambda statement: statement.on_conflict_do_nothing())


@dataclass(frozen=True, slots=True)
class AccountRow:
    """`roles`: separated by spaces, as stored."""

    id: str
    login: str
    name: str
    roles: str
    salt: bytes
    cost: str
    proof: bytes
    suspended: bool


@dataclass(frozen=True, slots=True)
class BundleRow:
    key: bytes
    starts: int
    ends: int
    salt: bytes
    cost: str
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class SessionRow:
    account: str
    ends: int
    vault_ends: int


def put(conn: Connection, row: AccountRow) -> None:
    """Make or change an account."""
    values = {name: getattr(row, name) for name in ("id", *_CHANGING)}
    run(conn, PUT, {**values, "suspended": int(row.suspended), "version": 1})


def by_id(conn: Connection, id: str) -> AccountRow | None:
    return _account(conn, accounts.c.id == id)


def by_login(conn: Connection, login: str) -> AccountRow | None:
    return _account(conn, accounts.c.login == login)


def names(conn: Connection) -> list[tuple[str, str]]:
    """Id and display name of everybody, for "who is on it"."""
    return [(row.id, row.name) for row in conn.execute(select(accounts.c.id, accounts.c.name))]


def put_bundle(conn: Connection, account: str, row: BundleRow) -> None:
    run(conn, PUT_BUNDLE, {
        "account": account, "key_id": row.key, "starts": row.starts, "ends": row.ends, "salt": row.salt,
        "cost": row.cost, "wrapped": row.wrapped,
    })  # fmt: skip


def bundles(conn: Connection, account: str) -> list[BundleRow]:
    rows = conn.execute(select(key_bundles).where(key_bundles.c.account == account).order_by(key_bundles.c.starts))
    return [BundleRow(r.key_id, r.starts, r.ends, r.salt, r.cost, r.wrapped) for r in rows]


def open_session(conn: Connection, token: bytes, row: SessionRow) -> None:
    """`token`: SHA-256 of the cookie."""
    run(conn, OPEN, {
        "token": token, "account": row.account, "proven": "phrase", "ends": row.ends, "vault_ends": row.vault_ends,
    })  # fmt: skip


def find_session(conn: Connection, token: bytes) -> SessionRow | None:
    r = conn.execute(select(sessions).where(sessions.c.token == token)).one_or_none()
    return None if r is None else SessionRow(r.account, r.ends, r.vault_ends)


def set_vault_end(conn: Connection, token: bytes, at: int) -> None:
    conn.execute(update(sessions).where(sessions.c.token == token).values(vault_ends=at))


def end_session(conn: Connection, token: bytes) -> None:
    conn.execute(delete(sessions).where(sessions.c.token == token))


def end_sessions_of(conn: Connection, accounts_gone: Sequence[str]) -> None:
    """When officers leave or are suspended."""
    conn.execute(delete(sessions).where(sessions.c.account.in_(accounts_gone)))


def done(conn: Connection, account: str, key: bytes) -> str | None:
    """The action this idempotency key already did, or none (R26)."""
    return conn.execute(
        select(deeds.c.action).where(deeds.c.account == account, deeds.c.key == key)
    ).scalar_one_or_none()


def remember(conn: Connection, account: str, key: bytes, action: str, answer: str, hour: int) -> None:
    run(conn, REMEMBER, {"account": account, "key": key, "action": action, "answer": answer, "hour": hour})


def _account(conn: Connection, which: ColumnElement[bool]) -> AccountRow | None:
    r = conn.execute(select(accounts).where(which)).one_or_none()
    if r is None:
        return None
    return AccountRow(r.id, r.login, r.name, r.roles, r.salt, r.cost, r.proof, bool(r.suspended))

"""Who is signed in: rows by the hash of a cookie, which can be revoked (S22)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, delete, select, update

from storage.schema import accounts, sessions
from storage.statements import Insertion, run

SESSION = Insertion(sessions)


class Signed(Protocol):
    """`ends`: over in any case; `vault_ends`: the pass phrase is needed again.  Epoch seconds."""

    @property
    def account(self) -> str: ...
    @property
    def ends(self) -> int: ...
    @property
    def vault_ends(self) -> int: ...


@dataclass(frozen=True, slots=True)
class SessionRow:
    account: str
    ends: int
    vault_ends: int


def open(conn: Connection, token: bytes, row: Signed) -> None:
    run(conn, SESSION, {"token": token, "account": row.account, "ends": row.ends, "vault_ends": row.vault_ends})


def find(conn: Connection, token: bytes) -> SessionRow | None:
    row = conn.execute(select(sessions).where(sessions.c.token == token)).one_or_none()
    return None if row is None else SessionRow(row.account, row.ends, row.vault_ends)


@dataclass(frozen=True, slots=True)
class Living:
    """A session that was not signed out, of an account that is not suspended, with the account's roles of now."""

    ends: int
    vault_ends: int
    roles: frozenset[str]


def living(conn: Connection, tokens: Collection[bytes]) -> dict[bytes, Living]:
    """Those of `tokens` that are there, in one question for all of them."""
    wanted = (sessions.c.token.in_(tokens), accounts.c.suspended == 0)
    statement = select(sessions, accounts.c.roles).join(accounts, accounts.c.id == sessions.c.account).where(*wanted)
    return {r.token: Living(r.ends, r.vault_ends, frozenset(r.roles.split())) for r in conn.execute(statement)}


def set_vault_end(conn: Connection, token: bytes, at: int) -> None:
    conn.execute(update(sessions).where(sessions.c.token == token).values(vault_ends=at))


def end(conn: Connection, token: bytes) -> None:
    conn.execute(delete(sessions).where(sessions.c.token == token))


def end_all(conn: Connection, account: str) -> None:
    """Everywhere this officer is signed in."""
    conn.execute(delete(sessions).where(sessions.c.account == account))

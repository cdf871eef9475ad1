"""Passkeys of the console's accounts, and what they were asked to sign: each challenge is used once (S21)."""

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, delete, select, update

from storage.schema import challenges, passkeys
from storage.statements import Insertion, run

ADD = Insertion(passkeys)
ASK = Insertion(challenges)


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """`signs`: the authenticator's counter."""

    credential: bytes
    account: str
    public: bytes
    signs: int


class NewPasskey(Protocol):
    """`day`: days since the epoch."""

    @property
    def credential(self) -> bytes: ...
    @property
    def account(self) -> str: ...
    @property
    def public(self) -> bytes: ...
    @property
    def signs(self) -> int: ...
    @property
    def day(self) -> int: ...


def of(conn: Connection, account: str) -> list[PasskeyRow]:
    found = conn.execute(select(passkeys).where(passkeys.c.account == account))
    return [PasskeyRow(r.credential, r.account, r.public, r.signs) for r in found]


def find(conn: Connection, credential: bytes) -> PasskeyRow | None:
    r = conn.execute(select(passkeys).where(passkeys.c.credential == credential)).one_or_none()
    return None if r is None else PasskeyRow(r.credential, r.account, r.public, r.signs)


def add(conn: Connection, passkey: NewPasskey) -> None:
    run(conn, ADD, {
        "credential": passkey.credential, "account": passkey.account, "public": passkey.public,
        "signs": passkey.signs, "day": passkey.day,
    })  # fmt: skip


def count(conn: Connection, credential: bytes, signs: int) -> None:
    """Remember the authenticator's counter; a copy of the passkey would show by an older one."""
    conn.execute(update(passkeys).where(passkeys.c.credential == credential).values(signs=signs))


def drop_of(conn: Connection, account: str) -> None:
    """Somebody lost theirs: they register anew with their pass phrase."""
    conn.execute(delete(passkeys).where(passkeys.c.account == account))


def ask(conn: Connection, ticket: bytes, account: str, challenge: bytes, ends: int) -> None:
    """`ticket`: SHA-256 of the value the browser holds."""
    run(conn, ASK, {"id": ticket, "account": account, "challenge": challenge, "ends": ends})


def take(conn: Connection, ticket: bytes, now: int) -> tuple[str, bytes] | None:
    """Account and challenge, once; none when the ticket is unknown, used or too old."""
    taken = delete(challenges).where(challenges.c.id == ticket).returning(*challenges.columns)
    r = conn.execute(taken).one_or_none()  # asking and ending are one statement: two replicas cannot both take it
    return None if r is None or r.ends <= now else (r.account, r.challenge)

"""Invitations of officers, used once, and the cards that wait for the root's signature."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from storage.schema import cards, invitations
from storage.statements import Insertion, Upsert, run

INVITE = Insertion(invitations)


def _newer(statement: Upsert) -> Upsert:
    new = statement.excluded
    return statement.on_conflict_do_update(index_elements=["account"], set_={"card": new.card, "day": new.day})


CARD = Insertion(cards, _newer)


@dataclass(frozen=True, slots=True)
class Invitation:
    """`ends`: epoch seconds."""

    login: str
    name: str
    roles: frozenset[str]
    ends: int


def add(conn: Connection, token: bytes, login: str, name: str, roles: frozenset[str], ends: int) -> None:
    """`token`: SHA-256 of what the link holds.  An older invitation of the same name is void."""
    conn.execute(delete(invitations).where(invitations.c.login == login))
    run(conn, INVITE, {"token": token, "login": login, "name": name, "roles": " ".join(sorted(roles)), "ends": ends})


def find(conn: Connection, token: bytes, now: int) -> Invitation | None:
    row = conn.execute(select(invitations).where(invitations.c.token == token)).one_or_none()
    return (
        None
        if row is None or row.ends <= now
        else Invitation(row.login, row.name, frozenset(row.roles.split()), row.ends)
    )


def take(conn: Connection, token: bytes, now: int) -> Invitation | None:
    """Use it up: two who come at once cannot both."""
    row = conn.execute(
        delete(invitations).where(invitations.c.token == token).returning(*invitations.columns)
    ).one_or_none()
    return (
        None
        if row is None or row.ends <= now
        else Invitation(row.login, row.name, frozenset(row.roles.split()), row.ends)
    )


def put_card(conn: Connection, account: str, card: str, day: int) -> None:
    run(conn, CARD, {"account": account, "card": card, "day": day})


def card_list(conn: Connection) -> list[tuple[str, str]]:
    """Account and card of everybody whose browser made one."""
    return [(r.account, r.card) for r in conn.execute(select(cards).order_by(cards.c.account))]

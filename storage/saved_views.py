"""Lists that officers keep under names of their own."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.core.errors import Conflict
from storage.schema import saved_views


@dataclass(frozen=True, slots=True)
class Saved:
    """`place`: which of the officer's lists; `list`: what it holds, as JSON."""

    place: int
    name: str
    list: str


def of(conn: Connection, account: str) -> Sequence[Saved]:
    """In the order of their places."""
    wanted = select(saved_views).where(saved_views.c.account == account).order_by(saved_views.c.place)
    return [Saved(r.place, r.name, r.list) for r in conn.execute(wanted)]


def add(conn: Connection, account: str, saved: Saved) -> None:
    """Raises `Conflict` when another page of the officer took this place meanwhile."""
    row = {"account": account, "place": saved.place, "name": saved.name, "list": saved.list}
    try:
        conn.execute(insert(saved_views).values(row))
    except IntegrityError as error:
        raise Conflict("this place is taken") from error


def change(conn: Connection, account: str, saved: Saved) -> bool:
    """Whether it was there."""
    mine = (saved_views.c.account == account, saved_views.c.place == saved.place)
    return conn.execute(update(saved_views).where(*mine).values(name=saved.name, list=saved.list)).rowcount == 1


def drop(conn: Connection, account: str, place: int) -> None:
    conn.execute(delete(saved_views).where(saved_views.c.account == account, saved_views.c.place == place))

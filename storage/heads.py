"""Signed states of the audit log; storage believes none of them, `sealing` checks (S37)."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from storage.schema import heads
from storage.statements import Insertion, Upsert, run


def _again(statement: Upsert) -> Upsert:
    """An unchanged log was looked at again: only the hour moves."""
    return statement.on_conflict_do_update(index_elements=["size"], set_={"hour": statement.excluded.hour})


PUT = Insertion(heads, _again)


@dataclass(frozen=True, slots=True)
class Head:
    """`size`: how many entries; `note`: the signed state; `peaks`: hashes of 32 bytes each, one after the other.

    `ended`: the signed word that all of them have ended, if they have.
    """

    size: int
    hour: int
    note: str
    peaks: bytes
    ended: str | None = None


def put(conn: Connection, size: int, hour: int, note: str, peaks: bytes) -> None:
    run(conn, PUT, {"size": size, "hour": hour, "note": note, "peaks": peaks, "ended": None})


def newest(conn: Connection) -> Head | None:
    row = conn.execute(select(heads).order_by(heads.c.size.desc()).limit(1)).one_or_none()
    return None if row is None else Head(*row)


def all(conn: Connection) -> list[Head]:
    """The shortest first."""
    return [Head(*row) for row in conn.execute(select(heads).order_by(heads.c.size))]


def end(conn: Connection, size: int, ended: str) -> None:
    """The log begins at `size` from now on; older states are of no use any more."""
    conn.execute(update(heads).where(heads.c.size == size).values(ended=ended))
    conn.execute(delete(heads).where(heads.c.size < size))

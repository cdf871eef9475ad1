"""The log of what officers did: written with the deed, put in order by one chainer afterwards (S36, S37).

Entries come canonical from the caller; hashing and proofs are `sealing`'s.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, select, text, update

from bot.core.failpoints import reach
from storage.schema import audit_entries
from storage.statements import Insertion, run

ENTRY = Insertion(audit_entries)
_CHAINER = 7217032
"""Only one replica gives out places at a time."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """`seq`: its place in the log, from 0 without gaps."""

    seq: int
    entry: bytes


def append(conn: Connection, id: bytes, hour: int, entry: bytes) -> None:
    """In the transaction of the deed itself: if this raises, the deed has not happened."""
    reach("F20")
    run(conn, ENTRY, {"id": id, "seq": None, "hour": hour, "entry": entry})


def chain_new(conn: Connection, limit: int = 1000) -> list[Leaf]:
    """Give entries without a place the next ones, by hour and then by their random ids; returns them in order."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:chainer)"), {"chainer": _CHAINER})
    new = select(audit_entries.c.id, audit_entries.c.entry).where(audit_entries.c.seq.is_(None))
    found = conn.execute(new.order_by(audit_entries.c.hour, audit_entries.c.id).limit(limit)).all()
    first = size(conn)
    placed = [{"of": row.id, "place": first + n} for n, row in enumerate(found)]
    if placed:
        statement = update(audit_entries).where(audit_entries.c.id == bindparam("of"))
        conn.execute(statement.values(seq=bindparam("place")), placed)
    return [Leaf(first + n, row.entry) for n, row in enumerate(found)]


def size(conn: Connection) -> int:
    """How many entries have a place."""
    newest = conn.execute(select(func.max(audit_entries.c.seq))).scalar_one()
    return 0 if newest is None else int(newest) + 1


def leaves(conn: Connection, first: int = 0, limit: int = 10_000) -> Sequence[Leaf]:
    """Entries from place `first` on, in order."""
    statement = (
        select(audit_entries.c.seq, audit_entries.c.entry)
        .where(audit_entries.c.seq >= first)
        .order_by(audit_entries.c.seq)
        .limit(limit)
    )
    return [Leaf(r.seq, r.entry) for r in conn.execute(statement)]


def newest(conn: Connection, before: int, limit: int) -> Sequence[Leaf]:
    """The last entries in front of place `before`, newest first."""
    statement = (
        select(audit_entries.c.seq, audit_entries.c.entry)
        .where(audit_entries.c.seq < before)
        .order_by(audit_entries.c.seq.desc())
        .limit(limit)
    )
    return [Leaf(r.seq, r.entry) for r in conn.execute(statement)]


def end(conn: Connection, before: int, limit: int = 2_000) -> int:
    """Delete entries in front of place `before`, the oldest first; returns how many went."""
    oldest = select(audit_entries.c.seq).where(audit_entries.c.seq < before).order_by(audit_entries.c.seq).limit(limit)
    gone = conn.execute(delete(audit_entries).where(audit_entries.c.seq.in_(oldest))).rowcount
    reach("F16")
    return gone

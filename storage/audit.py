"""The audit log: entries come with the act they tell of, and get their place in the log afterwards (S36, S37).

Chaining is apart from the act, so that two acts never wait for one another; one chainer at a time gives the numbers.
"""

from sqlalchemy import Connection, func, select, text, update

from bot.core.failpoints import reach
from storage.schema import audit_entries
from storage.statements import Insertion, run

APPEND = Insertion(audit_entries)
CHAINED_AT_ONCE = 1_000
_CHAINER = 4_711
"""Number of the advisory lock on PostgreSQL: one replica chains at a time."""


def append(conn: Connection, id: bytes, hour: int, entry: bytes) -> None:
    """Keep one entry in the transaction of the act it tells of."""
    reach("F20")
    run(conn, APPEND, {"id": id, "seq": None, "hour": hour, "entry": entry})


def chain_new(conn: Connection) -> int:
    """Give entries without a place theirs, hour by hour; return how many."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _CHAINER})
    last = conn.execute(select(func.coalesce(func.max(audit_entries.c.seq), -1))).scalar_one()
    unchained = select(audit_entries.c.id).where(audit_entries.c.seq.is_(None))
    found = conn.execute(unchained.order_by(audit_entries.c.hour, audit_entries.c.id).limit(CHAINED_AT_ONCE)).scalars()
    ids = list(found)
    for seq, id in enumerate(ids, last + 1):
        conn.execute(update(audit_entries).where(audit_entries.c.id == id).values(seq=seq))
    return len(ids)


def entries(conn: Connection, first: int = 0, limit: int = CHAINED_AT_ONCE) -> list[bytes]:
    """Entries of the log from place `first` on, in order."""
    rows = select(audit_entries.c.entry).where(audit_entries.c.seq >= first).order_by(audit_entries.c.seq).limit(limit)
    return [bytes(entry) for entry in conn.execute(rows).scalars()]

"""Is the database well: for readiness, metrics and `hamrah doctor`.  Counts and sizes only (R19, R20)."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text

from storage import marks, outbox, voices
from storage.revisions import current
from storage.schema import metadata

_PROBE = "probe"


@dataclass(frozen=True, slots=True)
class Health:
    """`late_s`: how long the oldest message that is due has been due; `size_bytes`: of the whole database."""

    revision: str
    late_s: int
    parked: int
    size_bytes: int


def beat(conn: Connection, now: int) -> None:
    """Write and, with the commit that follows, sync: whoever waits for it knows that acknowledging works."""
    marks.put(conn, _PROBE, now, now // 3600)


def health(conn: Connection, now: int) -> Health:
    waiting = outbox.waiting(conn, now)
    parked = waiting.parked + voices.parked(conn)
    return Health(current(conn) or "", waiting.late_s, parked, _size_bytes(conn))


def counts(conn: Connection) -> Mapping[str, int]:
    """Rows of every table; slow on a large database, so only for a person who asks."""
    return {
        table.name: conn.execute(select(func.count()).select_from(table)).scalar_one()
        for table in metadata.sorted_tables
    }


def damage(conn: Connection) -> list[str]:
    """What the full check of the file finds wrong; empty is well (R29).  PostgreSQL checks its pages itself."""
    if conn.dialect.name != "sqlite":
        return []
    found = [str(row[0]) for row in conn.execute(text("PRAGMA integrity_check(20)"))]
    return [] if found == ["ok"] else found


def _size_bytes(conn: Connection) -> int:
    if conn.dialect.name == "postgresql":
        return int(conn.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    pages = conn.execute(text("PRAGMA page_count")).scalar_one()
    return int(pages) * int(conn.execute(text("PRAGMA page_size")).scalar_one())

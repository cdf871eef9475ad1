"""Which clock counts: PostgreSQL's own where replicas share one, else the time the caller was given (R14)."""

from sqlalchemy import Connection, select

from storage.statements import clock


def shared_now(conn: Connection, now: int) -> int:
    """Epoch seconds.  `now`: the caller's time, used on SQLite, where there is one process."""
    if conn.dialect.name == "postgresql":
        return int(conn.execute(select(clock(True))).scalar_one())
    return now

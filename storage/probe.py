"""Whether this database takes a durable write right now, and a few counts for the host."""

from sqlalchemy import Connection, func, select

from storage import marks
from storage.schema import cases, conversations


def touch(conn: Connection, now: int) -> None:
    """Write one row; its commit is synced like any other (R19)."""
    marks.put(conn, "probe", now, now)


def sizes(conn: Connection) -> dict[str, int]:
    """Rows of the tables that grow; counts only."""
    counted = {"cases": cases, "conversations": conversations}
    return {
        name: int(conn.execute(select(func.count()).select_from(table)).scalar_one()) for name, table in counted.items()
    }

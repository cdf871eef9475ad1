"""Every signed roster that was ever in force, by version; storage believes none of them, `sealing` verifies."""

from sqlalchemy import Connection, func, select

from bot.core.errors import Conflict, StorageError
from storage.schema import rosters
from storage.statements import Insertion, run

PUT = Insertion(rosters, lambda statement: statement.on_conflict_do_nothing())


def newest(conn: Connection) -> bytes:
    """The document of the highest version.  Raises `StorageError` when none was ever stored (S59)."""
    found = conn.execute(select(rosters.c.document).order_by(rosters.c.version.desc()).limit(1)).scalar_one_or_none()
    if found is None:
        raise StorageError("there is no roster yet: nobody could read a report; make one with `hamrah init`")
    return bytes(found)


def newest_version(conn: Connection) -> int:
    """0 before the first."""
    return int(conn.execute(select(func.coalesce(func.max(rosters.c.version), 0))).scalar_one())


def put(conn: Connection, version: int, day: int, document: bytes) -> None:
    """Raises `Conflict` when another document carries this version."""
    run(conn, PUT, {"version": version, "day": day, "document": document})
    kept = conn.execute(select(rosters.c.document).where(rosters.c.version == version)).scalar_one()
    if bytes(kept) != document:
        raise Conflict(f"another roster carries version {version}")

"""Which release's tables a database has, and how to bring them to this one's.

Alembic is loaded only to migrate: a process that serves needs one query.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.core.errors import StorageError

NEWEST = "0024"
"""The head of `migrations/versions`; a test keeps the two together."""


def current(conn: Connection) -> str | None:
    """The revision the tables are at; none for an empty database."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    found = conn.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return None if found is None else str(found)


def require_newest(conn: Connection) -> None:
    """Raise `StorageError` unless the tables are this release's."""
    found = current(conn)
    if found == NEWEST:
        return
    if found is None:
        raise StorageError("the database is empty; run `hamrah migrate`")
    _refuse_newer(found)
    raise StorageError(f"the database is at revision {found}, this release needs {NEWEST}; run `hamrah migrate`")


def _refuse_newer(found: str) -> None:
    """An old program must not touch tables that it does not know (R17)."""
    known = {path.name.partition("_")[0] for path in Path(__file__).with_name("migrations").glob("versions/*.py")}
    if found not in known:
        raise StorageError(
            f"the database belongs to a newer release (revision {found}), and nothing was changed: install that release, "
            "or restore a backup of this one (docs/operations.md)"
        )


def upgrade(conn: Connection, to: str = "head") -> None:
    """Bring the tables to this release, in the caller's transaction: all of it or nothing (R17).

    `to`: an older revision, for what was kept by the release that had it.
    """
    found = current(conn)
    if found == NEWEST:
        return
    if found is not None:
        _refuse_newer(found)
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = conn
    command.upgrade(config, to)

"""From an address to a database that is ready: right settings, right tables."""

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.core.errors import StorageError
from storage import revisions
from storage.database import Database
from storage.sqlite import MEMORY, SqliteDatabase


async def open_database(url: str, *, migrate: bool = False) -> Database:
    """`url`: `sqlite:///PATH`, `sqlite:///:memory:` or `postgresql://…`; the tables of an older release are refused.

    `migrate`: bring them to this release first (only when the operator said so; always for a database in memory).
    Raises `StorageError` with one line that names the remedy.
    """
    database = await _connect(url)
    try:
        if migrate or url.endswith(MEMORY):
            await database.write(revisions.upgrade)
        await database.read(revisions.require_newest)
    except BaseException:
        await database.close()
        raise
    return database


async def open_empty(url: str) -> Database:
    """A database as it is, for `storage.dump.restore`: it must have no tables."""
    return await _connect(url)


async def _connect(url: str) -> Database:
    try:
        parts = make_url(url)
    except ArgumentError as error:
        raise StorageError("the address of the database is not understood") from error
    match parts.get_backend_name():
        case "sqlite":
            return SqliteDatabase(parts.database or MEMORY)
        case "postgresql":
            from storage.postgres import PostgresDatabase  # its driver is slow to load and not needed on SQLite

            return await PostgresDatabase.open(parts)
        case other:
            raise StorageError(f"{other} is not supported: sqlite:///PATH or postgresql://…")

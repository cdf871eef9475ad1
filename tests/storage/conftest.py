"""One suite, three databases: SQLite in memory, SQLite in a file, and PostgreSQL embedded from a wheel."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage import Database, open_database

KINDS = ("memory", "file", "postgres")


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    return address_of(request, request.param, tmp_path)


@pytest.fixture(params=KINDS[1:])
def lasting_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """As `address`, for tests that close the database and open it again."""
    return address_of(request, request.param, tmp_path)


def address_of(request: pytest.FixtureRequest, kind: str, folder: Path) -> str:
    match kind:
        case "memory":
            return "sqlite:///:memory:"
        case "file":
            return f"sqlite:///{folder / 'hamrah.db'}"
    return str(request.getfixturevalue("postgres_address"))


@pytest.fixture
async def database(address: str) -> AsyncIterator[Database]:
    opened = await open_database(address, migrate=True)
    yield opened
    await opened.close()

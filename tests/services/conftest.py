"""Service tests run on an in-memory database, unless a test asks for `everywhere`."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.helpline import Helpline, open_helpline

MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


@pytest.fixture
async def helpline() -> AsyncIterator[Helpline]:
    """Its keys lie in memory too, where the system has such a folder: syncing them took longer than most tests."""
    with TemporaryDirectory(dir=MEMORY) as folder:
        async with open_helpline(Path(folder)) as opened:
            yield opened


@pytest.fixture(params=("file", pytest.param("postgres", marks=pytest.mark.slow)))
def lasting(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that outlives its process, of each kind."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_tables"))
    return f"sqlite:///{tmp_path / 'hamrah.db'}"


@pytest.fixture
async def everywhere(lasting: str, tmp_path: Path) -> AsyncIterator[Helpline]:
    """The helpline on each lasting database, one after the other."""
    async with open_helpline(tmp_path, lasting) as opened:
        yield opened

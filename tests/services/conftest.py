"""Service tests run on an in-memory database, unless a test asks for `everywhere`."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.helpline import Helpline, migrated, open_helpline
from tests.plugins.postgres import quick_disk

MEMORY = quick_disk()


@pytest.fixture
async def helpline() -> AsyncIterator[Helpline]:
    """Its keys lie in memory too, where the system has such a folder: syncing them took longer than most tests."""
    with TemporaryDirectory(dir=MEMORY) as folder:
        async with open_helpline(Path(folder)) as opened:
            yield opened


@pytest.fixture(params=("file", pytest.param("postgres", marks=pytest.mark.slow)))
def lasting(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database that outlives its process, of each kind; what a disk adds is the storage tests' matter.

    No coroutine: the embedded server's own fixtures run loops of their own.
    """
    if request.param == "postgres":
        yield str(request.getfixturevalue("postgres_tables"))
    else:
        with TemporaryDirectory(dir=MEMORY) as folder:
            file = Path(folder) / "hamrah.db"
            file.write_bytes(asyncio.run(migrated()))
            yield f"sqlite:///{file}"


@pytest.fixture
async def everywhere(lasting: str, tmp_path: Path) -> AsyncIterator[Helpline]:
    """The helpline on each lasting database, one after the other."""
    async with open_helpline(tmp_path, lasting) as opened:
        yield opened

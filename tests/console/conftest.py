"""A console in memory, and officers who knock at it over its public door."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sealing.stretch import Cost
from tests.console.officer import ORIGIN, Officer
from tests.console.world import World, make_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = await make_world(tmp_path, cost=Cost.for_tests(), origins=frozenset({ORIGIN}))
    yield made
    await made.database.close()


@pytest.fixture
async def sindh(world: World) -> AsyncIterator[Officer]:
    """The officer of the Sindh team, signed in."""
    async with Officer(world) as officer:
        await officer.signs_in("sindh")
        yield officer


@pytest.fixture
async def shared_world(tmp_path: Path, postgres_tables: str) -> AsyncIterator[World]:
    """The same on PostgreSQL."""
    made = await make_world(tmp_path, cost=Cost.for_tests(), origins=frozenset({ORIGIN}), url=postgres_tables)
    yield made
    await made.database.close()

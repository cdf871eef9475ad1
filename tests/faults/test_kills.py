"""Killed at every fault point and at random, under load, on both databases: nothing acknowledged is lost or doubled.

The server is the real one in a process of its own; children tell through the fake Telegram; afterwards an oracle that
shares no code with the program opens everything with officers' keys, and every file is searched for what was told.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from tests.faults.bench import Bench, bench
from tests.faults.server import Nursery, nursery
from tests.service import Service, found

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVERYWHERE = (
    "F1@9",
    "F2@9",
    "F3@1",
    "F4@9",
    "F5@1",
    "F6@1",
    "F7@5",
    "F8@5",
    "F9@9",
    "F10@1",
    "F11@5",
    "F12@5",
    "F13@5",
)
"""Point and visit.  On PostgreSQL F3, F5 and F6 lie only in turns of several statements, such as sending a report."""
IN_THE_DATABASE = ("F3@1", "F5@1", "F6@1", "F7@5", "F8@5", "F10@1")
WHEN_STOPPING = ("F21@1", "F17@1")
DIES_WITHIN_S = 300.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def servers() -> AsyncIterator[Nursery]:
    async with nursery() as made:
        yield made


@pytest.fixture(params=["sqlite", "postgres"])
def lasting(request: pytest.FixtureRequest, tmp_path: Path) -> Service:
    """A service on each database."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_address")
    return asyncio.run(found(tmp_path / "service", url))


@pytest.fixture
def on_disk(lasting: Service) -> tuple[Path, ...]:
    """Where PostgreSQL keeps this database and its journal; nothing for the embedded one, which is in the folder."""
    return () if lasting.url.startswith("sqlite") else asyncio.run(files_of(lasting.url))


async def files_of(url: str) -> tuple[Path, ...]:
    connection = await asyncpg.connect(url)
    try:
        data = Path(await connection.fetchval("SHOW data_directory"))
        oid = await connection.fetchval("SELECT oid FROM pg_database WHERE datname = current_database()")
    finally:
        await connection.close()
    return (data / "base" / str(oid), data / "pg_wal", *data.glob("*log*"))


@pytest.mark.slow
@pytest.mark.promise("R1", "R2", "S1", "S18", "S44", "S50")
async def test_killed_at_fault_points_and_at_random(
    lasting: Service, on_disk: tuple[Path, ...], servers: Nursery, record_property: Any
) -> None:
    points = EVERYWHERE if lasting.url.startswith("sqlite") else IN_THE_DATABASE
    async with bench(lasting, servers) as line:
        record_property("seed", line.seed)
        line.begin_telling(16)
        for point in points:
            await die_at(line, point)
        for _ in range(3):
            await die_at_random(line, 0.6)
        assert [] == [*line.leaks(), *line.leaks_beside(on_disk, every=4)], "as the kill left it"
        for point in WHEN_STOPPING:
            await die_stopping(line, point)
        await finish(line)


@pytest.mark.slow
@pytest.mark.promise("R1", "R2", "R15", "R25")
async def test_killed_and_stopped_while_it_polls(service_today: Service, servers: Nursery) -> None:
    """What was not committed was not confirmed to Telegram, and comes again; an orderly stop ends with status 0."""
    async with bench(service_today, servers, mode="poll") as line:
        line.begin_telling(8)
        for _ in range(3):
            await die_at_random(line, 1.0)
        await line.server.start()
        await asyncio.sleep(0.5)
        assert 0 == await line.server.stop()
        await finish(line)


@pytest.mark.long
@pytest.mark.promise("R1", "R2", "S1", "S18", "S44", "S50")
@pytest.mark.parametrize("point", [*EVERYWHERE, *WHEN_STOPPING])
async def test_killed_fifty_times_at_each_fault_point(
    lasting: Service, on_disk: tuple[Path, ...], servers: Nursery, point: str, record_property: Any
) -> None:
    async with bench(lasting, servers) as line:
        line.begin_telling(12)
        for _ in range(full(50)):
            await (die_stopping if point in WHEN_STOPPING else die_at)(line, point)
        await finish(line)
        assert [] == line.leaks_beside(on_disk)
        note(line, record_property)


@pytest.mark.long
@pytest.mark.promise("R1", "R2", "R25", "S1", "S18", "S44", "S50")
@pytest.mark.parametrize("mode", ["webhook", "poll"])
async def test_five_hundred_random_kills_under_load(
    lasting: Service, on_disk: tuple[Path, ...], servers: Nursery, mode: str, record_property: Any
) -> None:
    """Each update comes one to five times at once."""
    async with bench(lasting, servers, mode=mode) as line:
        line.begin_telling(24)
        for kill in range(full(500 if mode == "webhook" else 100)):
            line.telegram.pusher.manners.copies = 1 + line.chance.randrange(5)
            await die_at_random(line, 2.0)
            if kill % 50 == 49:
                print(f"{kill + 1} kills: {len(line.acknowledged())} words acknowledged", flush=True)
        assert [] == [*line.leaks(), *line.leaks_beside(on_disk)], "as the last kill left it"
        await finish(line)
        note(line, record_property)


def full(kills: int) -> int:
    """LONG_SHARE=0.1 in the environment does a tenth; the results tell how many there were."""
    return max(1, round(kills * float(os.environ.get("LONG_SHARE", "1"))))


async def die_at(line: Bench, point: str) -> None:
    """One life that ends at a fault point; a point that is not reached is a failure of the test."""
    name, _, visit = point.partition("@")
    await line.server.start(f"{name}=kill@{visit}", ready=False)
    assert -9 == await line.server.end(DIES_WITHIN_S), f"{point}, seed {line.seed}"


async def die_at_random(line: Bench, longest_s: float) -> None:
    line.check_tellers()
    await line.server.start()
    await asyncio.sleep(line.chance.random() * longest_s)
    line.server.kill()
    assert -9 == await line.server.end(), f"seed {line.seed}"


async def die_stopping(line: Bench, point: str) -> None:
    """An orderly stop that is cut short."""
    name, _, visit = point.partition("@")
    await line.server.start(f"{name}=kill@{visit}")
    await asyncio.sleep(0.3)
    line.server.terminate()
    assert -9 == await line.server.end(DIES_WITHIN_S), f"{point}, seed {line.seed}"


async def finish(line: Bench) -> None:
    await line.server.start()
    line.check(await line.settle())
    assert [] == line.leaks()


def note(line: Bench, record_property: Any) -> None:
    record_property("seed", line.seed)
    record_property("kills", line.server.ends.count(-9))
    record_property("acknowledged", len(line.acknowledged()))
    record_property("reports", line.finished())
    record_property("lost", 0)
    record_property("doubled", 0)

"""A disk that is full or fails under a served helpline: no 2xx without a synced commit, and nothing lost after it (R10).

The server is the real one in a process of its own; what may be written is taken away and given back from outside.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.channels.calling import until
from tests.faults.bench import Bench, bench
from tests.faults.server import Nursery, nursery
from tests.faults.sizes import fill_disk, free_disk
from tests.service import Service

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]
SHARE = float(os.environ.get("LONG_SHARE", "1"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def servers() -> AsyncIterator[Nursery]:
    async with nursery() as made:
        yield made


@pytest.mark.promise("R1", "R10")
async def test_on_a_full_disk_nothing_is_acknowledged_and_with_space_back_nothing_is_lost(
    service_today: Service, servers: Nursery
) -> None:
    await fill_again_and_again(service_today, servers, times=1)


@pytest.mark.promise("R1", "R10")
async def test_a_failed_sync_ends_the_process_and_the_next_start_goes_on(
    service_today: Service, servers: Nursery
) -> None:
    await fail_to_sync(service_today, servers, visits=(20,))


@pytest.mark.long
@pytest.mark.promise("R1", "R10")
async def test_a_hundred_full_disks(service_today: Service, servers: Nursery, record_property: Any) -> None:
    line = await fill_again_and_again(service_today, servers, times=max(1, round(100 * SHARE)))
    note(line, record_property)


@pytest.mark.long
@pytest.mark.promise("R1", "R10")
async def test_a_hundred_failed_syncs(service_today: Service, servers: Nursery, record_property: Any) -> None:
    visits = tuple(range(1, 1 + max(1, round(100 * SHARE))))
    line = await fail_to_sync(service_today, servers, visits=visits)
    note(line, record_property)


async def fill_again_and_again(service: Service, servers: Nursery, *, times: int) -> Bench:
    async with bench(service, servers) as line:
        await line.server.start()
        line.begin_telling(4)
        for _ in range(times):
            await asyncio.sleep(0.3 + line.chance.random())
            line.check_tellers()
            fill_disk(line.server.pid)
            await asyncio.sleep(0.2)  # what was answered before ends on its way
            first = len(line.telegram.pusher.deliveries)
            await twelve_more(line, first)
            tried = [delivery.status for delivery in line.telegram.pusher.deliveries[first:]]
            assert [] == [status for status in tried if 200 <= status < 300], f"seed {line.seed}"
            assert 503 == await readiness(line.server.address)
            free_disk(line.server.pid)
            await line.server.ready()
        assert not line.server.ended(), "a full disk alone is no reason to end"
        line.check(await line.settle())
        assert line.acknowledged()
    return line


async def twelve_more(line: Bench, first: int) -> None:
    await until(lambda: len(line.telegram.pusher.deliveries) >= first + 12, within_s=30)


async def fail_to_sync(service: Service, servers: Nursery, *, visits: tuple[int, ...]) -> Bench:
    """`visits`: which commit of each life fails.  The process ends by itself; whoever keeps it running starts it again."""
    async with bench(service, servers) as line:
        line.begin_telling(4)
        for visit in visits:
            await line.server.start(f"F7=eio@{visit}", ready=False)
            assert 0 < await line.server.end(60), f"seed {line.seed}"
            line.check_tellers()
        assert "the disk did not keep what was written" in line.server.log.read_text()
        await line.server.start()
        line.check(await line.settle())
        assert line.acknowledged()
    return line


async def readiness(address: str) -> int:
    async with aiohttp.ClientSession() as http, http.get(f"{address}/health/ready") as answer:
        return answer.status


def note(line: Bench, record_property: Any) -> None:
    record_property("seed", line.seed)
    record_property("acknowledged", len(line.acknowledged()))
    record_property("lost", 0)
    record_property("doubled", 0)

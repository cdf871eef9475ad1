"""Told to stop in the middle of its work: not ready at once, what has begun is finished, status 0, nothing lost (R15)."""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.faults.bench import Bench, bench
from tests.faults.server import Nursery, Server, nursery
from tests.service import Service

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]
GRACE_S = 30.0
"""What an orchestrator allows before it kills."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def servers() -> AsyncIterator[Nursery]:
    async with nursery() as made:
        yield made


@pytest.mark.promise("R1", "R15")
async def test_stopped_under_load_twice(service_today: Service, servers: Nursery) -> None:
    await stop_under_load(service_today, servers, times=2)


@pytest.mark.long
@pytest.mark.promise("R1", "R15")
@pytest.mark.parametrize("mode", ["webhook", "poll"])
async def test_stopped_under_load_two_hundred_times(
    service_today: Service, servers: Nursery, mode: str, record_property: Any
) -> None:
    times = max(1, round(200 * float(os.environ.get("LONG_SHARE", "1"))))
    line = await stop_under_load(service_today, servers, times=times, mode=mode)
    record_property("seed", line.seed)
    record_property("stops", times)
    record_property("acknowledged", len(line.acknowledged()))
    record_property("lost", 0)


async def stop_under_load(service: Service, servers: Nursery, *, times: int, mode: str = "webhook") -> Bench:
    async with bench(service, servers, mode=mode) as line:
        line.begin_telling(6)
        for _ in range(times):
            await line.server.start()
            await asyncio.sleep(0.4 + line.chance.random())
            line.check_tellers()
            async with lingering(line.server):
                line.server.terminate()
                await turned_away(line.server)
                assert 0 == await line.server.end(GRACE_S), f"seed {line.seed}\n{line.server.log.read_text()[-2000:]}"
        await line.server.start()
        line.check(await line.settle())
        assert line.acknowledged()
    return line


class lingering:  # noqa: N801  # reads as what it is: `async with lingering(server)`
    """Visitors who hold their connection: one that says nothing, one in the middle of a request."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> None:
        for said in (b"", b"POST /report HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf"):
            _, writer = await asyncio.open_connection("127.0.0.1", self._server.port)
            writer.write(said)
            self._writers.append(writer)

    async def __aexit__(self, *_: object) -> None:
        for writer in self._writers:
            writer.close()


async def turned_away(server: Server) -> None:
    """Whoever comes now finds the door closed and goes to another replica, or comes again."""
    async with asyncio.timeout(GRACE_S):
        while not server.ended():
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            except OSError:
                return
            writer.close()
            await asyncio.sleep(0.01)

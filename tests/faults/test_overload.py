"""More than can be done: refused quickly, nothing lost, memory bounded, and honest chats get through (R16)."""

import os
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.channels.calling import until
from tests.faults.bench import bench
from tests.faults.flood import FIRST, Flood, crowded
from tests.faults.server import Nursery, nursery
from tests.faults.sizes import MIB, size_of
from tests.service import Service

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]
MEMORY_LIMIT = 350 * MIB
CLEARS_WITHIN_S = 300.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def servers() -> AsyncIterator[Nursery]:
    async with nursery() as made:
        yield made


@pytest.mark.promise("R1", "R16", "S47")
async def test_beside_a_flood_honest_chats_get_through_and_nothing_is_lost(
    service_today: Service, servers: Nursery
) -> None:
    await flood(service_today, servers, each_s=400, for_s=3.0, idle=300, slow=20)


@pytest.mark.long
@pytest.mark.promise("S47")
async def test_beside_five_hundred_a_second_fifty_honest_children_all_finish(
    service_today: Service, servers: Nursery
) -> None:
    """Every one of them, and nothing of the flood is lost either: what cannot be taken at once is brought again."""
    await flood(service_today, servers, each_s=500, for_s=2.0, idle=0, slow=0, honest=50)


@pytest.mark.long
@pytest.mark.promise("R1", "R16", "S47")
async def test_five_hundred_a_second_for_a_minute(
    service_today: Service, servers: Nursery, record_property: Any
) -> None:
    share = float(os.environ.get("LONG_SHARE", "1"))
    for name, value in (await flood(service_today, servers, each_s=500, for_s=60 * share, idle=2000, slow=100)).items():
        record_property(name, value)


async def flood(
    service: Service, servers: Nursery, *, each_s: int, for_s: float, idle: int, slow: int, honest: int = 4
) -> dict[str, object]:
    async with bench(service, servers) as line:
        await line.server.start()
        line.begin_telling(honest)
        pouring = Flood(line.server.address)
        async with crowded(line.server.port, idle=idle, slow=slow):
            await pouring.pours(each_s, for_s)
            peak = size_of(line.server.pid, service.folder).memory
        assert set(pouring.answers) <= {200, 503}, f"{pouring.answers}, seed {line.seed}"
        assert peak < MEMORY_LIMIT
        await pouring.drains(CLEARS_WITHIN_S)
        await until(lambda: all(teller.finished for teller in line.tellers), CLEARS_WITHIN_S)
        found = await line.settle()
        line.check(found)
        taken = {number for _, number in found.rows["updates"] if number >= FIRST}
        assert set(range(FIRST, FIRST + pouring.sent)) <= taken, f"lost, seed {line.seed}"
        slowest_ms = round(pouring.slowest_s * 1000)
        return {
            "seed": line.seed, "sent": pouring.sent, "refused": pouring.answers[503], "lost": 0,
            "slowest_answer_ms": slowest_ms, "memory_mib": peak // MIB, "honest_reports": line.finished(),
        }  # fmt: skip

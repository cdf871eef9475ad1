"""Two replicas behind one address on PostgreSQL: each update to either or to both, while they die in turn (R1, R2, R12)."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.faults.bench import Bench, bench
from tests.faults.relay import relay
from tests.faults.server import Nursery, Server, nursery
from tests.service import Service, found

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def servers() -> AsyncIterator[Nursery]:
    async with nursery() as made:
        yield made


@pytest.fixture
def shared(tmp_path: Path, postgres_address: str) -> Service:
    return asyncio.run(found(tmp_path / "service", postgres_address))


@pytest.mark.promise("R2", "R12")
async def test_either_replica_or_both_at_once_make_one_step_of_one_update(shared: Service, servers: Nursery) -> None:
    await tell_to_two(shared, servers, kills=2, children=6)


@pytest.mark.long
@pytest.mark.promise("R1", "R2", "R12")
async def test_two_replicas_die_a_hundred_times(shared: Service, servers: Nursery, record_property: Any) -> None:
    kills = max(1, round(100 * float(os.environ.get("LONG_SHARE", "1"))))
    line = await tell_to_two(shared, servers, kills=kills, children=16)
    record_property("seed", line.seed)
    record_property("kills", kills)
    record_property("acknowledged", len(line.acknowledged()))


async def tell_to_two(service: Service, servers: Nursery, *, kills: int, children: int) -> Bench:
    async with bench(service, servers) as line, relay(line.chance) as before:
        line.server.env = {**line.server.env, "HAMRAH_PUBLIC_URL": before.address}
        other = Server(servers, service, line.server.env)
        replicas = (line.server, other)
        for replica in replicas:
            await replica.start()
        before.to = [replica.address for replica in replicas]
        line.begin_telling(children)
        for kill in range(kills):
            before.everywhere = bool(kill % 2)
            await asyncio.sleep(0.3 + line.chance.random())
            dying = line.chance.choice(replicas)
            dying.kill()
            await dying.end()
            await asyncio.sleep(line.chance.random() / 2)
            line.check_tellers()
            await dying.start()
        found = await line.settle()
        assert 0 == await other.stop()
        line.check(found)
    return line

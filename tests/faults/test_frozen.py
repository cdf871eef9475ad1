"""A replica frozen beyond its lease and thawed again: what it then says of its work counts for nothing (R12, R13)."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.services.sweeper import LEASE_S
from tests.faults.bench import bench
from tests.faults.relay import relay
from tests.faults.server import Nursery, Server, nursery
from tests.service import Service, found

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]
FREEZE_S = LEASE_S + 10


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def servers() -> AsyncIterator[Nursery]:
    async with nursery() as made:
        yield made


@pytest.fixture
def shared(tmp_path: Path, postgres_address: str) -> Service:
    return asyncio.run(found(tmp_path / "service", postgres_address))


@pytest.mark.promise("R2", "R12")
async def test_a_replica_frozen_for_a_moment_doubles_nothing(shared: Service, servers: Nursery) -> None:
    await freeze(shared, servers, times=2, frozen_s=1.0)


@pytest.mark.long
@pytest.mark.promise("R2", "R12", "R13")
async def test_a_replica_frozen_beyond_its_lease_doubles_nothing(
    shared: Service, servers: Nursery, record_property: Any
) -> None:
    times = max(1, round(20 * float(os.environ.get("LONG_SHARE", "1"))))
    seed, words = await freeze(shared, servers, times=times, frozen_s=FREEZE_S)
    record_property("seed", seed)
    record_property("freezes", times)
    record_property("acknowledged", words)
    record_property("lost", 0)
    record_property("doubled", 0)


async def freeze(service: Service, servers: Nursery, *, times: int, frozen_s: float) -> tuple[int, int]:
    """What it was asked meanwhile is asked of the other one, too: Telegram does not wait for ever."""
    async with bench(service, servers) as line, relay(line.chance) as before:
        before.patience_s = min(5.0, frozen_s / 2)
        line.server.env = {**line.server.env, "HAMRAH_PUBLIC_URL": before.address}
        other = Server(servers, service, line.server.env)
        replicas = (line.server, other)
        for replica in replicas:
            await replica.start()
        before.to = [replica.address for replica in replicas]
        line.begin_telling(6)
        for _ in range(times):
            await asyncio.sleep(0.5 + line.chance.random())
            victim = line.chance.choice(replicas)
            os.kill(victim.pid, signal.SIGSTOP)
            try:
                taken = before.taken
                await asyncio.sleep(frozen_s)
                line.check_tellers()
            finally:
                os.kill(victim.pid, signal.SIGCONT)
            # Of a report's twenty steps one is a word: steps are counted, or a slow minute would look like a standstill.
            assert before.taken > taken or frozen_s < 2, f"the other one went on, seed {line.seed}"
        found_there = await line.settle()
        assert 0 == await other.stop()
        line.check(found_there)
        assert [] == [row for row in found_there.rows["outbox"] if row[2] > 8]
        return line.seed, len(line.acknowledged())

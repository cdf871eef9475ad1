"""Days of running leave no growth behind: memory, handles and journal of a served helpline, watched from outside (R23).

SOAK_S=259200 in the environment runs the full form for 72 hours; without it, it takes two.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Sequence
from statistics import median
from typing import Any

import pytest
import pytest_asyncio

from tests.fake_telegram import AcceptThenDrop, Flood, Reset, Status
from tests.faults.bench import Bench, bench
from tests.faults.server import Nursery, nursery
from tests.faults.sizes import MIB, Size, fill_disk, free_disk, size_of
from tests.service import Service

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]
GROWTH = 1.05
JOURNAL_LIMIT = 64 * MIB
HANDLES_MORE = 10
"""Connections come and go; a leak is more than a few."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def servers() -> AsyncIterator[Nursery]:
    async with nursery() as made:
        yield made


@pytest.mark.promise("R23")
async def test_a_short_run_with_faults_leaves_no_handles_and_no_journal(
    service_today: Service, servers: Nursery
) -> None:
    """Too short to tell growth of memory from warming up: there the bound is a rough one."""
    sizes, _ = await soak(service_today, servers, for_s=8.0, every_s=0.4, fault_s=2.0, pause_s=0.05)
    judge(sizes, growth=1.25)


@pytest.mark.long
@pytest.mark.promise("R1", "R2", "R23")
async def test_two_hours_with_faults_grow_by_less_than_a_twentieth(
    service_today: Service, servers: Nursery, record_property: Any
) -> None:
    asked_s = float(os.environ.get("SOAK_S", "7200"))
    sizes, told = await soak(
        service_today, servers, for_s=asked_s, every_s=asked_s / 360, fault_s=max(10.0, asked_s / 200), pause_s=0.4
    )
    third = len(sizes) // 3
    record_property("seconds", round(asked_s))
    for name, value in told.items():
        record_property(name, value)
    record_property("memory_first_mib", round(median(size.memory for size in sizes[third : 2 * third]) / MIB, 1))
    record_property("memory_last_mib", round(median(size.memory for size in sizes[-third:]) / MIB, 1))
    record_property("handles_most", max(size.files for size in sizes))
    record_property("journal_most_mib", round(max(size.journal for size in sizes) / MIB, 1))
    judge(sizes, growth=GROWTH)


def judge(sizes: Sequence[Size], *, growth: float) -> None:
    """The first third is warming up; the second is compared with the last."""
    third = len(sizes) // 3
    early, late = sizes[third : 2 * third], sizes[-third:]
    assert median(size.memory for size in late) < growth * median(size.memory for size in early)
    assert median(size.files for size in late) <= median(size.files for size in early) + HANDLES_MORE
    assert max(size.journal for size in sizes) < JOURNAL_LIMIT


async def soak(
    service: Service, servers: Nursery, *, for_s: float, every_s: float, fault_s: float, pause_s: float = 0.0
) -> tuple[list[Size], dict[str, int]]:
    """One life of one server, four children who never stop; a random fault now and then.

    With a pause of 0.4 s they send about ten updates a second, which leaves a disk of files that can be read in the end.
    """
    sizes: list[Size] = []
    async with bench(service, servers) as line:
        await line.server.start()
        line.begin_telling(4, pause_s=pause_s)
        began, next_fault = time.monotonic(), fault_s
        while (passed := time.monotonic() - began) < for_s:
            await asyncio.sleep(every_s)
            line.check_tellers()
            sizes.append(size_of(line.server.pid, service.folder))
            if passed > next_fault:
                next_fault += fault_s
                await one_fault(line)
        assert 1 == line.server.lives
        assert not line.server.ended(), line.server.log.read_text()[-2000:]
        line.check(await line.settle())
        assert line.finished() >= len(line.tellers)
        told = {"acknowledged": len(line.acknowledged()), "reports": line.finished(), "lost": 0, "doubled": 0}
        return sizes, {"seed": line.seed, **told}


async def one_fault(line: Bench) -> None:
    """Telegram answers badly, or the disk is full for a moment."""
    trouble = line.chance.choice((Status(502), Reset(), AcceptThenDrop(), Flood(1), None))
    if trouble is not None:
        line.telegram.script.next("sendMessage", *[trouble] * 3)
        return
    fill_disk(line.server.pid)
    await asyncio.sleep(0.3)
    free_disk(line.server.pid)

"""The served program, watched from outside: between an update's arrival and its 200 lies a finished sync of its commit (R3)."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.channels.calling import until
from tests.faults.bench import Bench, bench
from tests.faults.server import Nursery, nursery
from tests.phone import Phone
from tests.service import Service

in_one_loop = pytest.mark.asyncio(loop_scope="module")
watching = pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace is not installed: it shows the order of system calls"
)
CALLS = "trace=read,recvfrom,recvmsg,write,writev,sendto,sendmsg,pwrite64,fsync,fdatasync"
ARRIVED = re.compile(r'(?:read|recvfrom|recvmsg)(?:\(| resumed>).*"POST /telegram/')
WRITTEN = re.compile(r"pwrite64\(\d+<[^>]*-wal>")
SYNCED = re.compile(r"(?:fsync|fdatasync)\(\d+<[^>]*-wal>\)\s+= 0")
SYNCED_LATER = re.compile(r"(?:fsync|fdatasync) resumed>.*= 0")
ANSWERED = re.compile(r'(?:write|writev|sendto|sendmsg)\(\d+.*"HTTP/1.1 200')


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def servers() -> AsyncIterator[Nursery]:
    async with nursery() as made:
        yield made


@in_one_loop
@watching
@pytest.mark.slow
@pytest.mark.promise("R3")
async def test_every_answer_comes_after_the_sync_of_its_commit(
    service_today: Service, servers: Nursery, tmp_path: Path
) -> None:
    assert await answers_after_sync(service_today, servers, tmp_path / "calls", updates=40) >= 40


@in_one_loop
@watching
@pytest.mark.long
@pytest.mark.promise("R3")
async def test_a_thousand_answers_come_after_the_sync_of_their_commit(
    service_today: Service, servers: Nursery, tmp_path: Path, record_property: Any
) -> None:
    checked = await answers_after_sync(service_today, servers, tmp_path / "calls", updates=1000)
    record_property("answers", checked)
    assert checked >= 1000


async def answers_after_sync(service: Service, servers: Nursery, trace: Path, *, updates: int) -> int:
    """One child, one update after the other, so that each window belongs to one update; returns how many were checked."""
    async with bench(service, servers) as line:
        await line.server.start()
        watched = await asyncio.create_subprocess_exec(
            *("strace", "-f", "-y", "-s", "24", "-e", CALLS, "-p", str(line.server.pid), "-o", str(trace)),
            stderr=asyncio.subprocess.PIPE,
        )
        assert watched.stderr is not None
        said = await watched.stderr.readline()
        if b"attached" not in said:
            pytest.skip("this machine does not let a process be watched")
        await write_one_by_one(line, updates)
        watched.terminate()
        await watched.wait()
    return judge(trace.read_text(encoding="utf-8", errors="replace").splitlines())


async def write_one_by_one(line: Bench, updates: int) -> None:
    child = Phone(line.telegram, line.wording, line.flow, 556_100_000)
    for number in range(updates):
        await child.writes("/help" if number % 5 == 0 else f"word {number}")
    await until(lambda: not line.telegram.world.pending)


def judge(calls: list[str]) -> int:
    """Every window from arrival to answer holds a write of the journal, and a sync that ended after it."""
    checked = 0
    waiting = written = synced = False
    for call in calls:
        if ARRIVED.search(call):
            waiting, written, synced = True, False, False
        elif WRITTEN.search(call):
            written = True
        elif SYNCED.search(call) or SYNCED_LATER.search(call):
            synced = written
        elif ANSWERED.search(call) and waiting:
            assert synced, f"answer {checked} was given before the sync of its commit"
            waiting, checked = False, checked + 1
    return checked


def test_an_answer_before_the_sync_would_be_seen() -> None:
    """The judge itself: the same calls in another order are refused."""
    arrived = '7 read(9<TCP:[1]>, "POST /telegram/ab"..., 65536) = 90'
    written = "8 pwrite64(5</data/hamrah.db-wal>, ..., 4096, 32) = 4096"
    synced = "8 fdatasync(5</data/hamrah.db-wal>) = 0"
    answered = '7 write(9<TCP:[1]>, "HTTP/1.1 200 OK\\r\\n"..., 40) = 40'
    assert 1 == judge([arrived, written, synced, answered])
    for wrong in ([arrived, written, answered, synced], [arrived, synced, written, answered], [arrived, answered]):
        with pytest.raises(AssertionError):
            judge(wrong)

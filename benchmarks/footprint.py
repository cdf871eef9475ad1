"""What a running helpline takes: seconds until it is ready, memory when idle, room for open conversations."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import uvloop

from benchmarks.figures import Figure, at_most, middle
from benchmarks.house import open_measured_house
from benchmarks.phone import FIX, REPORT, Phone
from benchmarks.whole_path import free_port
from bot.core.writes import Decided, Knock, Loaded
from bot.services.session import Session, open_session, seal_session

CONVERSATIONS = 100_000
TOGETHER = 500
IDLE_S = 3.0
MEBI = 1024 * 1024


def measure(rounds: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="hamrah-bench-") as folder:
        with trial(Path(folder) / "trial"):
            pass  # the first start makes keys, which is no part of the figure
        seen = [_start(Path(folder) / "trial") for _ in range(rounds)]
    on_disk, in_memory = _conversations()
    return [
        Figure("start to ready", middle([seconds for seconds, _ in seen]), "s", at_most(4)),
        Figure("memory when idle", middle([size for _, size in seen]) / MEBI, "MB", at_most(130)),
        Figure("an open conversation on disk", on_disk, "bytes", at_most(1024)),
        Figure("an open conversation in memory", in_memory, "bytes", at_most(16)),
    ]


def _start(folder: Path) -> tuple[float, int]:
    began = time.perf_counter()
    with trial(folder) as (pid, _):
        ready = time.perf_counter() - began
        time.sleep(IDLE_S)
        return ready, resident(pid)


@contextmanager
def trial(folder: Path) -> Iterator[tuple[int, str]]:
    """`hamrah trial`, from its start until it says that it is ready: its process and its address."""
    address = f"127.0.0.1:{free_port()}"
    command = (str(Path(sys.executable).parent / "hamrah"), "trial", "--data-dir", str(folder), "--listen", address)
    with open(os.devnull, "wb") as nowhere:
        running = subprocess.Popen(command, stdout=nowhere, stderr=nowhere)
    try:
        _wait_for(f"http://{address}/health/ready", running)
        yield running.pid, address
    finally:
        running.terminate()
        running.wait(timeout=20)


def _wait_for(address: str, running: "subprocess.Popen[bytes]") -> None:
    while running.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.01)
    raise SystemExit("hamrah trial ended before it was ready")


def resident(pid: int | str = "self") -> int:
    """Bytes of memory that a process holds; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _conversations() -> tuple[float, float]:
    """Bytes on disk and in memory for one, in a process of its own so that nothing else is counted."""
    code = "from benchmarks.footprint import report; report()"
    told = subprocess.run((sys.executable, "-c", code), check=True, stdout=subprocess.PIPE).stdout
    on_disk, in_memory = json.loads(told)
    return on_disk, in_memory


def report() -> None:
    print(json.dumps(uvloop.run(_fill())))


async def _fill() -> tuple[float, float]:
    """As many talks as there are, each in the middle of a report, written as a turn writes them."""
    with tempfile.TemporaryDirectory(prefix="hamrah-bench-") as name:
        folder = Path(name)
        house = await open_measured_house(folder)
        now = int(time.time())
        phone = Phone(house.talk, 0, now)
        await phone.opens()
        await phone.tells(REPORT[:FIX])
        kept: list[Session] = []
        first = house.keys.conversation_keys("telegram", (0).to_bytes(8, "big"), now=now)

        def look(loaded: Loaded) -> Decided:
            kept.append(open_session(house.keys, loaded.session, first, now))
            return Decided(loaded.session)

        await house.database.take(Knock("bench", None, first, now), lambda _: None, look)

        async def one(chat: int) -> None:
            keys = house.keys.conversation_keys("telegram", chat.to_bytes(8, "big"), now=now)
            sealed = seal_session(house.keys, kept[0], keys[0], now)
            await house.database.take(Knock("bench", chat, keys, now), lambda _: None, lambda _: Decided(sealed))

        sizes, memory = [], []
        for start in range(0, CONVERSATIONS, TOGETHER):
            if start % (CONVERSATIONS // 2) == 0:
                await house.database.checkpoint()
                sizes.append((folder / "hamrah.db").stat().st_size)
                memory.append(resident())
            await asyncio.gather(*(one(chat) for chat in range(start + 1, start + TOGETHER + 1)))
        await house.database.checkpoint()
        sizes.append((folder / "hamrah.db").stat().st_size)
        memory.append(resident())
        await house.close()
    # memory counts from half way on: by then the database's page cache, which is bounded, is full
    return (sizes[-1] - sizes[0]) / CONVERSATIONS, (memory[-1] - memory[1]) / (CONVERSATIONS / 2)

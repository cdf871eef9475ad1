"""A real server in a process of its own, to be killed and started again on the same address."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from tests.service import Service

ROOT = Path(__file__).parents[2]
READY_S = 300.0


class Nursery:
    """The process that forks servers (see nursery.py)."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._ended: dict[int, asyncio.Future[int]] = {}
        self._born: asyncio.Queue[int] = asyncio.Queue()
        self._reading = asyncio.create_task(self._read())

    async def bear(self, env: Mapping[str, str], log: Path) -> int:
        """Start a server; returns its process id."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"env": dict(env), "log": str(log)}).encode() + b"\n")
        return await asyncio.wait_for(self._born.get(), READY_S)

    def end_of(self, pid: int) -> "asyncio.Future[int]":
        """Done with the exit status, negative for a signal."""
        return self._ended.setdefault(pid, asyncio.get_running_loop().create_future())

    async def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        self._reading.cancel()

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            what, pid, *status = line.decode().split()
            if what == "born":
                # Process ids come round again: after some hundred lives one belongs to another server than before.
                self._ended[int(pid)] = asyncio.get_running_loop().create_future()
                self._born.put_nowait(int(pid))
            else:
                self.end_of(int(pid)).set_result(int(status[0]))


@asynccontextmanager
async def nursery(root: Path = ROOT) -> AsyncIterator[Nursery]:
    """`root`: the tree whose code the servers run, by default this one."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("HAMRAH_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.faults.nursery",
        cwd=root,
        env={**env, "PYTHONPATH": str(root)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    made = Nursery(process)
    try:
        yield made
    finally:
        await made.close()


@dataclass(slots=True)
class Server:
    """`hamrah serve` of one service; `env`: settings beside those of the service, by their whole names."""

    nursery: Nursery
    service: Service
    env: Mapping[str, str]
    port: int = 0
    pid: int = 0
    lives: int = 0
    ends: list[int] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.service.folder / "log"

    async def start(self, failpoints: str = "", *, ready: bool = True) -> None:
        self.port = self.port or free_port()
        mine = {"HAMRAH_LISTEN": f"127.0.0.1:{self.port}"}
        tests = {"HAMRAH_TEST_BUILD": "1", "HAMRAH_FAILPOINTS": failpoints} if failpoints else {}
        self.pid = await self.nursery.bear(
            {"HAMRAH_PUBLIC_URL": self.address, **self.service.environment(), **self.env, **mine, **tests}, self.log
        )
        self.lives += 1
        if ready:
            await self.ready()

    async def ready(self) -> None:
        """Wait until it takes reports."""
        try:
            async with asyncio.timeout(READY_S), aiohttp.ClientSession() as http:
                while not self.ended():
                    if await _is_ready(http, self.address):
                        return
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"not ready\n{self.log.read_text()[-2000:]}") from None

    def ended(self) -> bool:
        return self.nursery.end_of(self.pid).done()

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def terminate(self) -> None:
        os.kill(self.pid, signal.SIGTERM)

    async def end(self, within_s: float = 30.0) -> int:
        """Wait for the process to end; its exit status, -9 when it was killed."""
        status = await asyncio.wait_for(asyncio.shield(self.nursery.end_of(self.pid)), within_s)
        self.ends.append(status)
        return status

    async def stop(self) -> int:
        if not self.ended():
            self.terminate()
        return await self.end()


async def _is_ready(http: aiohttp.ClientSession, address: str) -> bool:
    try:
        async with http.get(f"{address}/health/ready", timeout=aiohttp.ClientTimeout(total=2)) as answer:
            return answer.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

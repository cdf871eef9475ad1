"""After two days away nothing is purged until a person says that the clock is right (R14)."""

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.clock import now
from storage import Database, open_database, purge
from tests.service import DAY_S, found


@pytest.mark.promise("R14")
async def test_a_person_confirms_the_clock_and_purging_goes_on(tmp_path: Path) -> None:
    service = await found(tmp_path / "service", now=now() - 5 * DAY_S)
    await with_database(service.url, last_seen=now() - 4 * DAY_S)
    with pytest.raises(purge.WrongClock):
        await with_database(service.url)
    assert 0 == await confirmed(service.environment())
    await with_database(service.url)


async def with_database(url: str, *, last_seen: int = 0) -> None:
    database: Database = await open_database(url)
    try:
        if last_seen:
            await database.write(lambda c: purge.trust_clock(c, last_seen))
        else:
            await purge.purge(database, now())
    finally:
        await database.close()


async def confirmed(env: dict[str, str]) -> int:
    return (await asyncio.to_thread(CliRunner().invoke, main, ("confirm-clock",), env=env)).exit_code

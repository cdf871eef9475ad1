"""Health answers mean what they say: each thing is broken for real, and then it shows (R19)."""

import asyncio
import json
import os
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from bot import clock, health
from bot.core.writes import Post
from bot.disk import free_ratio
from bot.health import WELL
from bot.house import House
from bot.main import wellness_of
from bot.office import open_leaving
from storage import purge
from tests.channels.calling import until
from tests.service import Service, found, serving_here
from tests.storage.making import keeping, knock, new_id, nobody

DAY_S = 86_400


@dataclass(slots=True)
class Served:
    house: House
    service: Service
    address: str
    ahead_s: int = 0

    def now(self) -> int:
        return clock.now() + self.ahead_s

    async def wrong(self) -> set[str]:
        """What is not well now; the public answer must agree, and says no more than that."""
        before = await self._looked()
        async with httpx.AsyncClient(timeout=10) as client:
            answer = await client.get(f"{self.address}/health/well")
        wrong = await self._looked()
        assert (200 if answer.json()["well"] else 503) == answer.status_code
        assert before != wrong or {"well": not wrong} == answer.json()
        return wrong

    async def _looked(self) -> set[str]:
        checks = await wellness_of(self.house).checks()
        assert set(WELL) == checks.keys()
        return {check for check, well in checks.items() if not well}

    async def ready(self) -> int:
        async with httpx.AsyncClient(timeout=10) as client:
            answer = await client.get(f"{self.address}/health/ready")
        assert answer.json() == {"ready": answer.status_code == 200}
        return answer.status_code

    async def runs(self, sql: str) -> None:
        await self.house.database.write(lambda c: c.execute(text(sql)))


pytestmark = pytest.mark.slow


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    service = await found(tmp_path / "service")
    late: list[Served] = []
    now = lambda: late[0].now() if late else clock.now()  # noqa: E731  # the clock that a test moves
    async with serving_here(service, now=now) as (house, address):
        late.append(Served(house, service, address))
        await until(lambda: _all_well(late[0]))
        assert 200 == await late[0].ready()
        yield late[0]


async def _all_well(served: Served) -> bool:
    return not await served.wrong()


@pytest.mark.promise("R19")
async def test_a_database_that_takes_no_write_is_neither_well_nor_ready_and_recovers(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PROBE_S", 0.3)
    free = threading.Event()
    holding = asyncio.create_task(served.house.database.write(lambda _: free.wait(60)))
    await asyncio.sleep(0.1)
    assert {"database"} <= await served.wrong()
    assert 503 == await served.ready()
    free.set()
    await holding
    await until(lambda: _all_well(served))
    assert 200 == await served.ready()


@pytest.mark.promise("R19")
async def test_tables_of_another_release_show(served: Served) -> None:
    await served.runs("UPDATE alembic_version SET version_num = '0001'")

    assert {"tables"} == await served.wrong()
    assert 200 == await served.ready()


@pytest.mark.promise("R19", "R14")
@pytest.mark.parametrize("days", [3, -1])
async def test_a_clock_that_leapt_shows(served: Served, days: int) -> None:
    await served.house.database.write(lambda c: purge.trust_clock(c, clock.now()))
    served.ahead_s = days * DAY_S

    assert "clock" in await served.wrong()


@pytest.mark.promise("R19", "R27")
async def test_a_list_that_ends_within_a_week_is_not_well_but_ready_and_a_lapsed_one_is_neither(served: Served) -> None:
    served.ahead_s = 360 * DAY_S
    assert {"roster"} <= await served.wrong()
    assert 200 == await served.ready()

    served.ahead_s = 367 * DAY_S
    assert {"roster", "keys"} <= await served.wrong()
    assert 503 == await served.ready()


@pytest.mark.promise("R19", "R27")
async def test_a_team_with_one_living_key_shows(served: Served) -> None:
    left = await open_leaving(served.house.database, served.service.keys).leave("amna", now=served.now())
    assert left is not None
    assert left.done

    await until(lambda: _are(served, {"keys"}))
    assert 200 == await served.ready()


@pytest.mark.promise("R19")
async def test_a_message_that_has_been_due_for_two_minutes_shows(served: Served) -> None:
    for late_s, wrong in ((60, set()), (180, {"queue"})):
        due = served.now() - late_s
        owed = Post(new_id(), "prompt", 1, os.urandom(80), '["en",{}]', None, due, due)
        await served.house.database.take(knock(None), nobody, keeping(b"s", owed))
        assert wrong == await served.wrong()
    assert 200 == await served.ready()  # a dead messenger takes no replica out of service


@pytest.mark.promise("R19")
async def test_an_audit_log_that_nobody_signs_shows(served: Served) -> None:
    await served.runs("DELETE FROM heads")

    assert {"log"} == await served.wrong()


@pytest.mark.promise("R19")
async def test_wording_that_cannot_be_read_shows_and_children_go_on_reading(served: Served) -> None:
    await served.runs("ALTER TABLE wordings RENAME TO away")
    await until(lambda: _are(served, {"wording"}))
    assert 200 == await served.ready()

    await served.runs("ALTER TABLE away RENAME TO wordings")
    await until(lambda: _all_well(served))


@pytest.mark.promise("R19")
async def test_a_file_system_without_room_shows(served: Served) -> None:
    """That of the kernel's processes has none."""
    if free_ratio(Path("/proc")) > 0:
        pytest.skip("no file system without room here")
    wellness = wellness_of(served.house)
    full = type(wellness)(wellness.database, wellness.roster, Path("/proc"), wellness.reads_wording, wellness.now)

    assert {"disk"} == {check for check, well in (await full.checks()).items() if not well}


@pytest.mark.promise("R19")
async def test_a_loop_that_is_held_up_for_more_than_a_second_is_not_alive(served: Served) -> None:
    async with httpx.AsyncClient(timeout=10) as client:
        assert {"live": True} == (await client.get(f"{served.address}/health/live")).json()
    health = next(one for one in _routes(served.house) if getattr(one, "path", "") == "/health/live")
    asking = asyncio.ensure_future(health.endpoint(None))
    asyncio.get_running_loop().call_soon(time.sleep, 1.2)
    answer = await asking

    assert (503, {"live": False}) == (answer.status_code, json.loads(answer.body))


@pytest.mark.promise("R19")
async def test_a_house_that_stops_is_not_ready(tmp_path: Path) -> None:
    service = await found(tmp_path / "service")
    async with serving_here(service) as (house, _):
        ready = next(one for one in _routes(house) if getattr(one, "path", "") == "/health/ready")
    answer = await ready.endpoint(None)

    assert 503 == answer.status_code


async def _are(served: Served, wrong: set[str]) -> bool:
    return wrong == await served.wrong()


def _routes(house: House) -> list[Any]:
    assert house.site is not None
    return list(house.site.routes)

"""Quiet: what more comes in a case waits some hours, nothing is refused, and the writer notices nothing (S47)."""

import pytest

from bot.console.endpoints import MOST_QUIET_S
from bot.core.case import seen_by_child
from storage import cases
from tests.console.officer import Officer
from tests.console.world import SeededCase, World

pytestmark = pytest.mark.promise("S47")

HOUR_S = 3_600
MINUTES_10 = 600
"""Short enough that the officer is still signed in."""


async def made_quiet(world: World, officer: Officer) -> tuple[SeededCase, dict[str, object]]:
    case = await world.case(urgency="U3", reasons=())
    opened = await officer.opens(case.id)
    assert "quiet" in opened["may"]
    done = await officer.does("quiet", opened, until=world.clock() + MINUTES_10)
    return case, opened | done.json()


async def wakes(world: World) -> None:
    while await world.database.write(lambda conn: cases.wake(conn, world.clock())):
        pass


async def test_what_is_written_meanwhile_is_kept_and_comes_back_by_itself(world: World, sindh: Officer) -> None:
    case, _ = await made_quiet(world, sindh)
    assert [False] == [row["stirred"] for row in await sindh.queue("asleep")]
    before = await world.database.read(lambda conn: cases.find(conn, case.id))
    for n in range(5):
        await world.writes_back(case, f"an insult {n}")
    assert [] == await sindh.queue("todo")
    (row,) = await sindh.queue("asleep")
    assert (True, True) == (row["quiet"], row["stirred"]), "whoever looks there sees that there is more"
    found = await world.database.read(lambda conn: cases.find(conn, case.id))
    assert found is not None
    assert before is not None
    assert before.count + 5 == found.count, "nothing is lost"
    assert seen_by_child(before.standing.status) == seen_by_child(found.standing.status)

    world.clock.now += MINUTES_10
    await wakes(world)
    (row,) = await sindh.queue("todo")
    assert (False, False, True) == (row["quiet"], row["stirred"], row["waiting"])
    assert "quiet" in [entry["act"] for entry in await world.trail()]


async def test_any_colleague_brings_it_back_before(world: World, sindh: Officer) -> None:
    case, _ = await made_quiet(world, sindh)
    async with Officer(world) as colleague:
        await colleague.signs_in("supervisor")
        await colleague.does("wake", await colleague.opens(case.id))
    assert [case.id.hex()] == [row["id"] for row in await sindh.queue("todo")]


async def test_a_new_report_never_waits_and_danger_is_at_the_top(world: World, sindh: Officer) -> None:
    """It is the case that is quiet; nobody knows who wrote it, so whoever it was is heard anew."""
    quiet, _ = await made_quiet(world, sindh)
    fresh = await world.case(urgency="U0")
    assert [fresh.id.hex()] == [row["id"] for row in await sindh.queue("todo")]
    assert [fresh.id.hex()] == [row["id"] for row in await sindh.queue("urgent")]
    assert [quiet.id.hex()] == [row["id"] for row in await sindh.queue("asleep")]


async def test_what_was_told_in_danger_is_never_made_quiet(world: World, sindh: Officer) -> None:
    for urgency in ("U0", "U1"):
        opened = await sindh.opens((await world.case(urgency=urgency)).id)
        assert "quiet" not in opened["may"]
        assert 404 == (await sindh.does("quiet", opened, until=world.clock() + HOUR_S)).status_code


@pytest.mark.parametrize("ahead", [-1, 0, MOST_QUIET_S + 1])
async def test_never_longer_than_a_day(world: World, sindh: Officer, ahead: int) -> None:
    opened = await sindh.opens((await world.case(urgency="U3")).id)
    assert 400 == (await sindh.does("quiet", opened, until=world.clock() + ahead)).status_code
    assert 400 == (await sindh.does("quiet", opened)).status_code


async def test_a_report_that_is_taken_back_meanwhile_is_seen_at_once(world: World, sindh: Officer) -> None:
    case, _ = await made_quiet(world, sindh)
    await world.takes_back(case)
    assert [case.id.hex()] == [row["id"] for row in await sindh.queue("todo")]

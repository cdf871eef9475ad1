"""Putting a case off, through the console's own door."""

import pytest

from bot.console.endpoints import MOST_SNOOZED_S
from storage import cases
from tests.console.officer import Officer
from tests.console.world import World

DAY_S = 86_400


async def test_a_case_is_put_off_comes_back_and_all_of_it_is_in_the_log(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    claimed = opened | (await sindh.does("claim", opened)).json()
    until = world.clock() + DAY_S
    off = (await sindh.does("snooze", claimed, until=until)).json()

    assert (until, True) == (off["until"], "wake" in off["may"])
    lists = {view: [row["id"] for row in await sindh.queue(view)] for view in ("todo", "mine", "asleep")}
    assert {"todo": [], "mine": [], "asleep": [case.id.hex()]} == lists
    counts = (await sindh.glances())["counts"]
    assert (0, 0, 0, 1) == (counts["todo"], counts["mine"], counts["urgent"], counts["asleep"])

    back = (await sindh.does("wake", opened | off)).json()
    assert (None, False) == (back["until"], "wake" in back["may"])
    assert [case.id.hex()] == [row["id"] for row in await sindh.queue("mine")]
    assert {"snooze", "wake"} <= {entry["act"] for entry in await world.trail()}


async def test_the_same_press_twice_puts_it_off_once(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    claimed = opened | (await sindh.does("claim", opened)).json()
    key = "7b0c5a3e-0a64-4a3f-9c43-3c6a4a1d5f11"
    first = await sindh.does("snooze", claimed, key, until=world.clock() + DAY_S)
    again = await sindh.does("snooze", claimed, key, until=world.clock() + DAY_S)

    assert (200, 200) == (first.status_code, again.status_code)
    assert first.json()["version"] == again.json()["version"]


@pytest.mark.parametrize("ahead", [-1, 0, MOST_SNOOZED_S + 1])
async def test_no_case_is_put_off_to_the_past_or_for_good(world: World, sindh: Officer, ahead: int) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    claimed = opened | (await sindh.does("claim", opened)).json()

    assert 400 == (await sindh.does("snooze", claimed, until=world.clock() + ahead)).status_code
    assert 400 == (await sindh.does("snooze", claimed)).status_code
    found = await world.database.read(lambda conn: cases.find(conn, case.id))
    assert found is not None
    assert not found.standing.asleep


async def test_what_the_child_writes_wakes_it_and_an_older_page_is_told(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    claimed = opened | (await sindh.does("claim", opened)).json()
    off = claimed | (await sindh.does("snooze", claimed, until=world.clock() + DAY_S)).json()
    await world.writes_back(case, "Are you there?")

    (row,) = await sindh.queue("mine")
    assert (case.id.hex(), None, True) == (row["id"], row["until"], row["waiting"])
    assert 409 == (await sindh.does("wake", off)).status_code

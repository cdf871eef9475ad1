"""What the reporter decides about the own report, as officers see it: taken back, written to again, emptied, closed."""

import pytest

from bot.core.case import Deed, Wish
from storage import mailboxes
from tests.console.officer import Officer
from tests.console.test_casework import answers_in
from tests.console.world import World


async def test_a_report_that_was_taken_back_shows_in_the_list_and_in_the_case(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    opened |= (await sindh.does("claim", opened)).json()
    opened |= (await sindh.does("reply", opened, **sindh.answer(opened, "Thank you."))).json()
    assert [] == await sindh.queue("todo")
    await world.takes_back(case)

    (row,) = await sindh.queue("todo")
    assert ("stop", True, "opened") == (row["wish"], row["waiting"], row["status"])
    assert "stop" == (await sindh.opens(case.id))["wish"]


async def test_what_was_taken_back_is_given_to_nobody_else_but_can_be_answered_and_closed(
    world: World, sindh: Officer
) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    opened |= (await sindh.does("claim", opened)).json()
    await world.takes_back(case)
    opened |= await sindh.opens(case.id)
    assert "pass_on" not in opened["may"]
    refused = await sindh.does("pass_on", opened)
    assert (409, "taken_back") == (refused.status_code, refused.json()["error"])

    opened |= (await sindh.does("reply", opened, **sindh.answer(opened, "We stop."))).json()
    assert ("answered", "stop") == (opened["status"], opened["wish"])
    closed = (await sindh.does("close", opened)).json()
    assert ("closed", "stop") == (closed["status"], closed["wish"])
    assert ["We stop."] == await answers_in(world, case)


async def test_whoever_goes_on_because_a_life_is_in_danger_says_so_and_leaves_an_entry(
    world: World, sindh: Officer
) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    opened |= (await sindh.does("claim", opened)).json()
    assert "go_on" not in opened["may"]
    await world.takes_back(case)
    opened |= await sindh.opens(case.id)
    went_on = (await sindh.does("go_on", opened)).json()

    assert ("overruled", "in_work") == (went_on["wish"], went_on["status"])
    assert "pass_on" in went_on["may"]
    assert Deed.GO_ON.value in [entry["act"] for entry in await world.trail()]


@pytest.mark.promise("R26")
async def test_an_officer_who_acts_on_what_is_no_longer_wanted_is_told_first(world: World, sindh: Officer) -> None:
    """The wish came between looking and pressing."""
    case = await world.case()
    opened = await sindh.opens(case.id)
    opened |= (await sindh.does("claim", opened)).json()
    await world.takes_back(case)
    late = await sindh.does("pass_on", opened)

    assert (409, "changed") == (late.status_code, late.json()["error"])


async def test_the_helpers_may_go_on_after_all(world: World, sindh: Officer) -> None:
    case = await world.case()
    await world.takes_back(case)
    await world.takes_back(case, Wish.NONE)
    (row,) = await sindh.queue("todo")

    assert "none" == row["wish"]


async def test_a_closed_case_that_is_written_to_is_in_the_list_again(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    opened |= (await sindh.does("claim", opened)).json()
    opened |= (await sindh.does("close", opened)).json()
    assert ([], [case.id.hex()]) == (await sindh.queue("todo"), [row["id"] for row in await sindh.queue("closed")])
    await world.writes_back(case, "it began again")

    (row,) = await sindh.queue("todo")
    assert ("opened", None, True) == (row["status"], row["holder"], row["waiting"])
    assert [] == await sindh.queue("closed")
    assert [case.id.hex()] == [row["id"] for row in await sindh.queue("unassigned")]


@pytest.mark.promise("R26")
async def test_an_answer_after_emptying_goes_on_where_the_answers_were(world: World, sindh: Officer) -> None:
    """An answer for a number that was used up is refused; the next one follows what the officers' copies say."""
    case = await world.case()
    opened = await sindh.opens(case.id)
    opened |= (await sindh.does("claim", opened)).json()
    first = sindh.answer(opened, "one")
    opened |= (await sindh.does("reply", opened, **first)).json()
    await world.empties(case)
    opened |= await sindh.opens(case.id)
    assert [] == opened["mailbox"]["messages"]
    refused = await sindh.does("reply", opened, **sindh.answer(opened, "again"))
    assert (409, "changed") == (refused.status_code, refused.json()["error"])

    after = await world.database.read(lambda conn: mailboxes.head_of(conn, case.mailbox.id))
    answered = await sindh.does("reply", opened, **sindh.answer(opened, "two", after=after))
    assert 200 == answered.status_code
    kept = await world.database.read(lambda conn: mailboxes.messages(conn, case.mailbox.id))
    assert [1] == [message.seq for message in kept]


async def test_a_closed_mailbox_takes_no_answer_and_the_case_stays(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    opened |= (await sindh.does("claim", opened)).json()
    late = sindh.answer(opened, "too late")
    await world.closes(case)
    refused = await sindh.does("reply", opened, **late)

    assert 409 == refused.status_code
    assert (await sindh.opens(case.id))["mailbox"] is None
    assert [case.id.hex()] == [row["id"] for row in await sindh.queue()]


async def test_the_same_on_the_database_of_replicas(shared_world: World) -> None:
    case = await shared_world.case()
    async with Officer(shared_world) as sindh:
        await sindh.signs_in("sindh")
        opened = await sindh.opens(case.id)
        opened |= (await sindh.does("claim", opened)).json()
        await shared_world.takes_back(case)
        opened |= await sindh.opens(case.id)
        went_on = (await sindh.does("go_on", opened)).json()
        (row,) = await sindh.queue()

    assert ("overruled", "overruled") == (went_on["wish"], row["wish"])

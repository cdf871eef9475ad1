"""Insults and pranks are put aside with one press; recorded, reversible, and nobody is silenced by it (S47)."""

from tests.console.officer import Officer
from tests.console.test_casework import answers_in
from tests.console.world import World


async def test_one_press_puts_it_aside_and_leaves_an_entry(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    assert "no_report" in opened["may"]
    aside = (await sindh.does("no_report", opened)).json()

    assert "closed" == aside["status"]
    assert [] == await sindh.queue("todo")
    assert "no_report" in [entry["act"] for entry in await world.trail()]


async def test_another_press_takes_it_back_and_it_can_be_answered(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    opened |= (await sindh.does("no_report", opened)).json()
    opened |= (await sindh.does("reopen", opened)).json()
    await sindh.does("reply", opened, **sindh.answer(opened, "I was wrong."))

    assert ["I was wrong."] == await answers_in(world, case)


async def test_it_is_not_offered_for_what_nobody_may_put_aside(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    async with Officer(world) as colleague:
        await colleague.signs_in("supervisor")
        theirs = await colleague.opens(case.id)
        await colleague.does("claim", theirs)
    late = await sindh.does("no_report", opened)
    opened = await sindh.opens(case.id)

    assert (409, "changed") == (late.status_code, late.json()["error"])
    assert "no_report" not in opened["may"]


async def test_who_writes_again_with_the_code_is_read_again(world: World, sindh: Officer) -> None:
    case = await world.case()
    await sindh.does("no_report", await sindh.opens(case.id))
    await world.takes_back(case)

    (row,) = await sindh.queue("todo")
    assert (True, "opened") == (row["waiting"], row["status"])

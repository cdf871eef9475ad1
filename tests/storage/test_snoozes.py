"""A case that was put off stands in one list, is counted there, and comes back by its day or by the child's words."""

import asyncio

import pytest

from bot.core.case import Deed, Standing, Status, Wish, do
from storage import Database, cases, queue
from storage.queue import View
from tests.storage.making import HOUR, NOW
from tests.storage.test_queue import OPEN, bring, deed, get, ids, write_back

ALL = (*OPEN, Status.ANSWERED)
LATER = NOW + 86_400


async def put_off(
    database: Database, case: bytes, until: int = LATER, by: str = "amna", deed: Deed = Deed.SNOOZE
) -> None:
    before = (await get(database, case)).standing
    after = do(before, deed, by=by, version=before.version)
    assert isinstance(after, Standing)
    await database.write(lambda c: cases.move(c, case, before, after, now=NOW, until=until))


async def taken(database: Database, teams: tuple[str, ...] = ("sindh",)) -> bytes:
    case = await bring(database, teams=teams)
    await deed(database, case, Deed.OPEN)
    await deed(database, case, Deed.CLAIM)
    return case


async def lists(database: Database, team: str = "sindh") -> tuple[list[bytes], list[bytes], list[bytes]]:
    """The team's list, what was put off, what amna works on."""
    return (
        await ids(database, View((team,), ALL)),
        await ids(database, View((team,), ALL, asleep=True)),
        await ids(database, View((), ALL, officer="amna")),
    )


async def counted(database: Database, team: str = "sindh") -> tuple[int, int, int]:
    rows = await database.read(lambda c: queue.counts(c, (team,)))
    mine = await database.read(lambda c: queue.count_of(c, "amna", ALL))
    return sum(r.n for r in rows if not r.asleep), sum(r.n for r in rows if r.asleep), mine


async def wake(database: Database, now: int) -> int:
    return await database.write(lambda c: cases.wake(c, now))


async def test_what_is_put_off_stands_in_that_list_alone(database: Database) -> None:
    case = await taken(database)
    await put_off(database, case)

    assert ([], [case], []) == await lists(database)
    assert (0, 1, 0) == await counted(database)
    (row,) = await database.read(lambda c: queue.page(c, View(("sindh",), ALL, asleep=True)))
    found = await get(database, case)
    assert (LATER, LATER, True) == (row.until, found.until, found.standing.asleep)
    assert row.standing == found.standing


async def test_it_comes_back_when_its_day_has_come_and_not_before(database: Database) -> None:
    case, other = await taken(database), await taken(database)
    await put_off(database, case)
    await put_off(database, other, LATER + 60)
    before = (await get(database, case)).standing.version

    assert 0 == await wake(database, LATER - 1)
    assert 1 == await wake(database, LATER)
    assert 0 == await wake(database, LATER)
    assert ([case], [other], [case]) == await lists(database)
    assert (1, 1, 1) == await counted(database)
    assert before + 1 == (await get(database, case)).standing.version, "a page that saw it asleep is told"


async def test_words_of_the_child_bring_it_back_at_once(database: Database) -> None:
    case = await taken(database)
    await deed(database, case, Deed.REPLY)
    await put_off(database, case)
    await write_back(database, case, HOUR + 5)

    found = await get(database, case)
    assert (False, None, Status.OPENED, True) == (
        found.standing.asleep,
        found.until,
        found.standing.status,
        found.waiting,
    )
    assert ([case], [], [case]) == await lists(database)
    assert (1, 0, 1) == await counted(database)
    assert 0 == await wake(database, LATER)


@pytest.mark.promise("S47")
async def test_where_it_is_quiet_words_are_kept_and_wait_for_the_hour(database: Database) -> None:
    case = await taken(database)
    await put_off(database, case, NOW + 3_600, deed=Deed.QUIET)
    assert not (await get(database, case)).stirred
    await write_back(database, case, HOUR + 5)
    found = await get(database, case)
    assert (True, True, True) == (found.standing.asleep, found.standing.quiet, found.stirred)
    assert ([], [case], []) == await lists(database)
    assert (0, 1, 0) == await counted(database)
    (row,) = await database.read(lambda c: queue.page(c, View(("sindh",), ALL, asleep=True)))
    assert (True, True) == (row.stirred, row.standing.quiet), "whoever looks there sees that there is more"

    assert 1 == await wake(database, NOW + 3_600)
    found = await get(database, case)
    assert (False, False, False) == (found.standing.asleep, found.standing.quiet, found.stirred)
    assert (1, 0, 1) == await counted(database)


@pytest.mark.promise("S47")
async def test_what_a_reporter_takes_back_is_seen_at_once_where_it_is_quiet(database: Database) -> None:
    case = await taken(database)
    await put_off(database, case, NOW + 3_600, deed=Deed.QUIET)
    await write_back(database, case, HOUR + 5, Wish.STOP)
    assert ([case], [], [case]) == await lists(database)


@pytest.mark.parametrize("what", [Deed.WAKE, Deed.RELEASE, Deed.REPLY, Deed.CLOSE])
async def test_any_deed_brings_it_back(database: Database, what: Deed) -> None:
    case = await taken(database)
    await put_off(database, case)
    await deed(database, case, what)

    assert (1, 0) == (await counted(database))[:2]
    assert [] == await ids(database, View(("sindh",), ALL, asleep=True))


async def test_put_off_again_the_later_day_counts(database: Database) -> None:
    case = await taken(database)
    await put_off(database, case)
    await put_off(database, case, LATER + 3_600)

    assert 0 == await wake(database, LATER)
    assert (0, 1, 0) == await counted(database)


async def test_both_teams_of_a_case_see_it_put_off_and_back(database: Database) -> None:
    case = await taken(database, teams=("punjab", "sindh"))
    await put_off(database, case)
    for team in ("punjab", "sindh"):
        assert (0, 1) == (await counted(database, team))[:2]
    await wake(database, LATER)
    for team in ("punjab", "sindh"):
        assert (1, 0) == (await counted(database, team))[:2]


async def test_counters_stay_right_when_days_come_and_children_write_at_once(database: Database) -> None:
    brought = [await taken(database) for _ in range(12)]
    for case in brought:
        await put_off(database, case)

    async def replica() -> None:
        while await wake(database, LATER):
            pass

    await asyncio.gather(*(write_back(database, case, HOUR + 1) for case in brought), *(replica() for _ in range(3)))

    assert (12, 0, 12) == await counted(database)
    assert sorted(brought) == sorted((await lists(database))[0])


async def test_what_was_put_off_goes_with_the_case(database: Database) -> None:
    case = await taken(database)
    await put_off(database, case)
    await deed(database, case, Deed.CLOSE)
    assert (await get(database, case)).until is None

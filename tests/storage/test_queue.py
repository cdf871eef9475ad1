"""The queue: its order, its pages, its counters, and what an officer may change about a case."""

import asyncio
import itertools
import os
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.core.case import PUT_OFF, Deed, Standing, Status, Wish, do, heard
from bot.core.errors import Conflict
from bot.core.writes import AddToCase, Decided, Loaded, Wanted
from storage import Database, cases, mailboxes, open_database, queue
from storage.cases import Case
from storage.queue import Place, View
from tests.storage.making import DAY, HOUR, NOW, keeping, knock, new_id, nobody, opening, record, report, slot

OPEN = (Status.NEW, Status.OPENED, Status.IN_WORK)


async def bring(database: Database, case: bytes | None = None, **how: object) -> bytes:
    case = case or new_id()
    await database.take(knock(None), nobody, keeping(b"s", *report(case, **how)))  # type: ignore[arg-type]
    return case


async def get(database: Database, case: bytes) -> Case:
    found = await database.read(lambda c: cases.find(c, case))
    assert found is not None
    return found


async def deed(database: Database, case: bytes, what: Deed, by: str = "amna") -> Standing:
    before = (await get(database, case)).standing
    after = do(before, what, by=by, version=before.version)
    assert isinstance(after, Standing)
    await database.write(lambda c: cases.move(c, case, before, after, now=NOW, answered=what is Deed.REPLY))
    return after


async def ids(database: Database, view: View, limit: int = 50) -> list[bytes]:
    """The whole of `view`, read page by page."""
    found: list[bytes] = []
    after: Place | None = None
    while rows := await database.read(partial(queue.page, view=view, after=after, limit=limit)):
        found += [row.id for row in rows]
        after = rows[-1].place
    return found


async def test_most_urgent_first_then_whoever_waits_longest(database: Database) -> None:
    late = await bring(database, urgency="U1", hour=HOUR)
    early = await bring(database, urgency="U1", hour=HOUR - 5)
    urgent = await bring(database, urgency="U0", hour=HOUR + 3)
    assert await ids(database, View(("sindh",), OPEN)) == [urgent, early, late]


async def test_pages_join_without_gap_or_repeat(database: Database) -> None:
    """Across teams, states and equal hours."""
    brought = [
        await bring(database, urgency=f"U{n % 3}", hour=HOUR + n % 2, teams=("sindh", "federal")[n % 2 :])
        for n in range(23)
    ]
    for case in brought[::4]:
        await deed(database, case, Deed.OPEN)
    view = View(("sindh", "federal"), OPEN)
    whole = await ids(database, view)
    assert sorted(whole) == sorted(brought)
    for size in (1, 2, 7):
        assert await ids(database, view, size) == whole


async def test_a_case_of_two_teams_shows_once_and_is_counted_in_each(database: Database) -> None:
    case = await bring(database, teams=("punjab", "sindh"))
    assert await ids(database, View(("punjab", "sindh"), OPEN)) == [case]
    counted = await database.read(lambda c: queue.counts(c, ("punjab", "sindh")))
    assert {(n.team, n.n) for n in counted} == {("punjab", 1), ("sindh", 1)}


async def test_cases_of_other_teams_are_not_in_the_list(database: Database) -> None:
    await bring(database, teams=("sindh",))
    assert await ids(database, View(("punjab",), OPEN)) == []
    assert await ids(database, View((), OPEN)) == []


async def test_views_of_mine_and_of_nobodys(database: Database) -> None:
    mine, theirs, nobodys = [await bring(database) for _ in range(3)]
    for case, by in ((mine, "amna"), (theirs, "bilal")):
        await deed(database, case, Deed.OPEN, by)
        await deed(database, case, Deed.CLAIM, by)
    assert await ids(database, View((), OPEN, officer="amna")) == [mine]
    assert await ids(database, View(("sindh",), OPEN, unassigned=True)) == [nobodys]
    assert await database.read(lambda c: queue.count_of(c, "amna", OPEN)) == 1


async def test_bands_hold_what_is_urgent_and_what_waits_too_long(database: Database) -> None:
    now, today = [await bring(database, urgency=urgency, hour=HOUR - 2) for urgency in ("U0", "U1")]
    fresh = await bring(database, urgency="U1", hour=HOUR)
    normal = await bring(database, urgency="U3", hour=HOUR - 100)
    urgent = View(("sindh",), OPEN, bands=(("U0", None), ("U1", None)))
    late = View(("sindh",), OPEN, bands=(("U0", HOUR - 1), ("U1", HOUR - 1), ("U3", HOUR - 100)))
    for size in (1, 2, 50):
        assert await ids(database, urgent, size) == [now, today, fresh]
        assert await ids(database, late, size) == [now, today, normal]
    for most, counted in ((1, 1), (3, 3), (10, 3)):
        assert counted == await database.read(lambda c, most=most: queue.count_up_to(c, late, most))  # type: ignore[misc]
    assert 0 == await database.read(lambda c: queue.count_up_to(c, View((), OPEN), 10))


@pytest.mark.parametrize("bands", [(), (("U0", None),), (("U1", HOUR), ("U3", HOUR - 5))])
async def test_every_list_is_read_off_an_index_in_its_order(
    database: Database, bands: tuple[tuple[str, int | None], ...]
) -> None:
    """The plan, on an empty table: SQLite names the index it follows; PostgreSQL is told that scanning a table is dear."""

    def plan(conn: Connection) -> str:
        (part,) = queue._ranges(View(("sindh",), (Status.NEW,), bands=bands[:1]), None, 50)
        sql = str(part.compile(conn, compile_kwargs={"literal_binds": True}))
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
            conn.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        rows = conn.exec_driver_sql(("EXPLAIN " if conn.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN ") + sql)
        return "\n".join(str(row[-1]) for row in rows)

    told = await database.read(plan)
    assert "ix_case_teams_queue" in told
    assert "Seq Scan" not in told
    assert "B-TREE" not in told, "sorted, though the index has the order"


async def test_counters_follow_every_change(database: Database) -> None:
    case = await bring(database, teams=("punjab", "sindh"))
    for what in (Deed.OPEN, Deed.CLAIM, Deed.REPLY, Deed.CLOSE, Deed.REOPEN, Deed.RELEASE):
        now = await deed(database, case, what)
        counted = await database.read(lambda c: queue.counts(c, ("punjab", "sindh")))
        assert {(n.team, n.status, n.taken, n.n) for n in counted} == {
            (team, now.status, now.holder is not None, 1) for team in ("punjab", "sindh")
        }


async def test_a_case_waits_for_the_child_from_the_answer_until_the_child_writes(database: Database) -> None:
    """In the list and in its counter, whoever works on it; put off, passed on or closed it waits for something else."""

    async def waits() -> tuple[list[bytes], int]:
        counted = await database.read(lambda c: queue.counts(c, ("sindh",)))
        return (
            await ids(database, View(("sindh",), (Status.ANSWERED,))),
            sum(row.n for row in counted if row.status is Status.ANSWERED and not row.asleep),
        )

    case = await bring(database)
    seen = []
    for what in (Deed.OPEN, Deed.CLAIM, Deed.REPLY, Deed.RELEASE, Deed.CLAIM, Deed.PASS_ON, Deed.REPLY, Deed.CLOSE):
        await deed(database, case, what)
        seen.append(await waits())
    here = ([case], 1)
    assert [([], 0), ([], 0), here, here, here, ([], 0), here, ([], 0)] == seen

    for what in (Deed.REOPEN, Deed.REPLY):
        await deed(database, case, what)
    assert here == await waits()
    await asyncio.gather(
        *(write_back(database, case, HOUR + n) for n in range(3)),
        deed(database, other := await bring(database), Deed.OPEN),
    )
    assert ([], 0) == await waits()
    assert (await get(database, other)).standing.status is Status.OPENED


async def test_it_is_known_since_when_somebody_works_on_a_case(database: Database) -> None:
    case = await bring(database)
    walk = [
        (Deed.OPEN, "amna"),
        (Deed.CLAIM, "amna"),
        (Deed.REPLY, "amna"),
        (Deed.TAKE_OVER, "bilal"),
        (Deed.RELEASE, "bilal"),
    ]
    seen = []
    for second, (what, by) in enumerate(walk):
        before = (await get(database, case)).standing
        after = do(before, what, by=by, version=before.version)
        assert isinstance(after, Standing)
        await database.write(lambda c, b=before, a=after, at=NOW + second: cases.move(c, case, b, a, now=at))  # type: ignore[misc]
        (row,) = await database.read(lambda c: queue.page(c, View(("sindh",), (*OPEN, Status.ANSWERED))))
        found = await get(database, case)
        assert row.since == found.since
        seen.append(found.since)

    assert [None, NOW + 1, NOW + 1, NOW + 3, None] == seen


@pytest.mark.promise("R26")
async def test_the_second_of_two_officers_is_told_and_changes_nothing(database: Database) -> None:
    case = await bring(database)
    seen = await deed(database, case, Deed.OPEN)
    for by in ("amna", "bilal"):
        after = do(seen, Deed.CLAIM, by=by, version=seen.version)
        assert isinstance(after, Standing)
        change = database.write(lambda c, after=after: cases.move(c, case, seen, after, now=NOW))  # type: ignore[misc]
        if by == "amna":
            await change
        else:
            with pytest.raises(Conflict):
                await change
    assert (await get(database, case)).standing.holder == "amna"
    assert await database.read(lambda c: queue.count_of(c, "bilal", OPEN)) == 0


async def test_an_answer_ends_the_waiting_and_words_of_the_child_begin_it(database: Database) -> None:
    case = await bring(database)
    await deed(database, case, Deed.OPEN)
    await deed(database, case, Deed.CLAIM)
    await deed(database, case, Deed.REPLY)
    assert not (await get(database, case)).waiting
    await write_back(database, case, HOUR + 9)
    found = await get(database, case)
    assert (found.waiting, found.hour, found.standing.status) == (True, HOUR + 9, Status.OPENED)


async def write_back(database: Database, case: bytes, hour: int, wish: Wish | None = None) -> None:
    def decide(loaded: Loaded) -> Decided:
        assert loaded.head is not None
        grown = record(case, loaded.head.seq, "message")
        return Decided(b"s", (grown, AddToCase(case, loaded.head.seq + 1, grown.digest, hour, wish)))

    ((box, _),) = await database.read(lambda c: mailboxes.of_case(c, case))
    await database.take(knock(None), lambda s: Wanted(case, box), decide)


async def test_a_report_that_was_taken_back_is_marked_in_the_list_until_the_helpers_may_go_on(
    database: Database,
) -> None:
    case = await bring(database)
    for what in (Deed.OPEN, Deed.CLAIM, Deed.REPLY):
        await deed(database, case, what)

    for wish in (Wish.STOP, Wish.STOP, Wish.NONE, Wish.STOP):
        await write_back(database, case, HOUR, wish)
        (row,) = await database.read(lambda c: queue.page(c, View(("sindh",), OPEN)))
        assert (wish, True, Status.OPENED) == (row.standing.wish, row.waiting, row.standing.status)
        assert row.standing == (await get(database, case)).standing


async def test_an_officer_who_goes_on_all_the_same_is_seen_and_a_newer_wish_counts(database: Database) -> None:
    case = await bring(database)
    for what in (Deed.OPEN, Deed.CLAIM):
        await deed(database, case, what)
    await write_back(database, case, HOUR, Wish.STOP)
    assert Wish.OVERRULED is (await deed(database, case, Deed.GO_ON)).wish
    assert Wish.OVERRULED is (await get(database, case)).standing.wish

    seen = (await get(database, case)).standing
    await write_back(database, case, HOUR, Wish.STOP)
    with pytest.raises(Conflict):
        await database.write(lambda c: cases.move(c, case, seen, seen, now=NOW))
    assert Wish.STOP is (await get(database, case)).standing.wish


async def test_words_for_a_closed_case_bring_it_back_to_the_queue(database: Database) -> None:
    """Nothing a child writes lies where nobody looks."""
    case = await bring(database)
    for what in (Deed.OPEN, Deed.CLAIM, Deed.CLOSE):
        await deed(database, case, what)
    assert (await get(database, case)).closed_day == DAY
    await write_back(database, case, HOUR + 2)
    found = await get(database, case)
    assert (found.standing.status, found.standing.holder, found.closed_day) == (Status.OPENED, None, None)
    assert await ids(database, View(("sindh",), OPEN, unassigned=True)) == [case]


@pytest.mark.parametrize("done", [Deed.REPLY, Deed.PASS_ON])
async def test_words_after_an_answer_bring_the_case_back_to_whoever_works_on_it(database: Database, done: Deed) -> None:
    case = await bring(database)
    for what in (Deed.OPEN, Deed.CLAIM, done):
        await deed(database, case, what)
    before = (await get(database, case)).standing
    await write_back(database, case, HOUR + 2)
    found = await get(database, case)

    assert (heard(before.status), "amna", True) == (found.standing.status, found.standing.holder, found.waiting)
    assert [case] == await ids(database, View(("sindh",), OPEN))


async def test_what_a_page_of_covers_needs_comes_in_one_piece(database: Database) -> None:
    mine, other = new_id(), new_id()
    first, second = new_id(), new_id()
    for case, keys in ((first, (mine, other)), (second, (other,))):
        body = record(case, 0)
        cover = record(case, 1, "cover")
        slots = [slot(case, key) for key in keys]
        await database.take(knock(None), nobody, keeping(b"s", body, cover, *slots, opening(case, 2)))
    covers = await database.read(lambda c: queue.covers(c, [first, second], [mine]))
    assert [covers[first].record.seq, covers[second].record.seq] == [1, 1]
    assert [key for key, _, _ in covers[first].slots] == [mine]
    assert covers[second].slots == ()
    bodies = await database.read(lambda c: cases.records_of(c, first))
    assert covers[first].previous == bodies[0].digest


async def test_the_newest_cover_is_the_one_that_shows(database: Database) -> None:
    case, key = new_id(), new_id()
    old, new = record(case, 0, "cover"), record(case, 1, "cover")
    await database.take(knock(None), nobody, keeping(b"s", old, new, slot(case, key), opening(case, 2)))
    cover = (await database.read(lambda c: queue.covers(c, [case], [key])))[case]
    assert cover.record == new
    assert len(cover.slots) == 1


@pytest.mark.promise("R26")
async def test_an_officers_record_joins_the_chain_or_is_refused(database: Database) -> None:
    case = await bring(database)
    await database.write(lambda c: cases.append(c, record(case, 2, "reply")))
    with pytest.raises(Conflict):
        await database.write(lambda c: cases.append(c, record(case, 2, "reply")))
    assert (await get(database, case)).count == 3


async def test_a_dropped_slot_is_gone_for_that_reader_only(database: Database) -> None:
    case, leaver, stays = new_id(), new_id(), new_id()
    both = (slot(case, leaver), slot(case, stays))
    await database.take(knock(None), nobody, keeping(b"s", record(case, 0, "cover"), *both, opening(case, 1)))
    assert await database.write(lambda c: cases.drop_slots(c, case, [leaver])) == 1
    assert [s.key for s in await database.read(lambda c: cases.slots_of(c, case))] == [stays]


async def test_unopened_urgent_cases_climb_until_somebody_opens_them(database: Database) -> None:
    late = await bring(database, climb_at=NOW - 60)
    later = await bring(database, climb_at=NOW + 60)
    await bring(database, climb_at=None)
    assert await climbing(database, NOW) == [late]
    await database.write(lambda c: cases.climb_again(c, late, NOW + 90))
    assert await climbing(database, NOW + 100) == [later, late]
    await deed(database, later, Deed.OPEN)
    assert await climbing(database, NOW + 100) == [late]


async def climbing(database: Database, at: int) -> list[bytes]:
    return await database.read(lambda c: cases.climbing(c, at))


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.sampled_from(tuple(Deed)), st.sampled_from(("amna", "bilal"))), max_size=25
    )
)
def test_counters_always_equal_what_would_be_counted(walk: list[tuple[int, Deed, str]]) -> None:
    """Officers do whatever they may, in any order; the kept numbers never drift from the cases."""
    asyncio.run(_walk(walk))


async def _walk(walk: list[tuple[int, Deed, str]]) -> None:
    database = await open_database("sqlite:///:memory:")
    teams = itertools.cycle((("sindh",), ("punjab", "sindh"), ("federal",)))
    brought = [await bring(database, teams=next(teams), urgency=f"U{n % 3}") for n in range(6)]
    for which, what, by in walk:
        before = (await get(database, brought[which])).standing
        after = do(before, what, by=by, version=before.version)
        if isinstance(after, Standing) and after != before:
            until = NOW + 3_600 if what in PUT_OFF else None
            moved = partial(cases.move, case=brought[which], before=before, after=after, now=NOW, until=until)
            await database.write(moved)
        elif os.urandom(1)[0] < 64:
            await write_back(database, brought[which], HOUR)
    counted = {
        (n.team, n.status, n.urgency, n.taken): n.n
        for n in await database.read(lambda c: queue.counts(c, ("sindh", "punjab", "federal")))
    }
    expected: dict[tuple[str, Status, str, bool], int] = {}
    for case in brought:
        found = await get(database, case)
        for team in found.teams:
            key = (team, found.standing.status, found.urgency, found.standing.holder is not None)
            expected[key] = expected.get(key, 0) + 1
    assert expected == counted
    await database.close()

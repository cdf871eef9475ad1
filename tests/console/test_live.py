"""What an open page learns by itself: that something changed, never what; for whoever may see it, and no longer than that."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from bot.services.officers import live
from bot.services.officers.live import MOST_PER_SESSION, Watch
from bot.services.officers.queue import VIEWS
from bot.services.officers.sign_in import IDLE_S
from bot.services.officers.stream import CaseAt, Company, Lists, Over, Stream
from storage import accounts, cases, company, open_database, pulse, schema, sessions
from tests.console.listening import Listener
from tests.console.officer import Officer
from tests.console.staffing import add_person
from tests.console.world import World


@pytest.fixture(params=["sqlite", "postgres"])
def everywhere(request: pytest.FixtureRequest) -> World:
    """A console on either database."""
    found: World = request.getfixturevalue("world" if request.param == "sqlite" else "shared_world")
    return found


@pytest.fixture
async def page(world: World, sindh: Officer) -> AsyncIterator[Listener]:
    """The officer's open page, which has heard the first word."""
    async with Listener(sindh) as listening:
        await listening.hears("lists")
        yield listening


async def joins(officer: Officer, case: bytes, *, typing: bool = False) -> int:
    return (await officer.posts(f"case/{case.hex()}/company/join", {"typing": typing})).status_code


async def test_each_change_of_a_list_is_told_once_and_says_nothing(everywhere: World) -> None:
    async with Officer(everywhere) as sindh:
        await sindh.signs_in("sindh")
        async with Listener(sindh) as page:
            assert {} == await page.hears("lists")
            assert [] == await page.news()
            case = await everywhere.case()
            assert ["lists"] == await page.news()
            opened = await sindh.opens(case.id)
            assert ["lists"] == await page.news()
            claimed = opened | (await sindh.does("claim", opened)).json()
            assert ["lists"] == await page.news()
            for _ in range(2):
                await everywhere.writes_back(case, "Are you there?")
                assert ["lists"] == await page.news(), "the child's second word in a row moves no counter, and is told"
            claimed = claimed | await sindh.opens(case.id)
            claimed = claimed | (await sindh.does("snooze", claimed, until=everywhere.clock() + 86_400)).json()
            assert ["lists"] == await page.news()
            await sindh.does("close", claimed)
            assert ["lists"] == await page.news()
            assert [] == await page.news()


async def test_what_another_replica_did_is_told_by_itself_within_two_seconds(
    shared_world: World, postgres_tables: str
) -> None:
    other = await open_database(postgres_tables)
    async with Officer(shared_world) as sindh:
        await sindh.signs_in("sindh")
        case = await shared_world.case()
        async with Listener(sindh) as page:
            await page.hears("lists")
            found = await other.read(lambda conn: cases.find(conn, case.id))
            assert found is not None
            after = replace(found.standing, version=found.standing.version + 1)
            began = asyncio.get_running_loop().time()
            await other.write(lambda conn: cases.move(conn, case.id, found.standing, after, now=shared_world.clock()))
            await page.hears("lists")
            took = asyncio.get_running_loop().time() - began
    await other.close()

    assert took < 2.0


@pytest.mark.promise("S23")
async def test_nothing_is_told_of_cases_of_other_teams(world: World, page: Listener) -> None:
    theirs = await world.case(pair_only=True)
    assert [] == await page.news()
    assert 404 == await joins(page.officer, theirs.id)
    assert [] == await page.news()


@pytest.mark.promise("S23")
async def test_an_open_case_is_told_at_its_version_and_no_more_once_it_is_not_ones_own(
    world: World, sindh: Officer, page: Listener
) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    assert 200 == await joins(sindh, case.id)
    assert ["lists", "case", "company"] == await page.news()
    assert 200 == (await sindh.posts(f"case/{case.id.hex()}/note/add", sindh.note(opened, "Called."))).status_code
    await world.desk.watch.look()
    told = await page.hears("case")
    assert {"id": case.id.hex(), "version": opened["version"], "seq": opened["seq"] + 1} == told

    keys = [bytes.fromhex(sindh.session["bundle"]["key"])]
    await world.database.write(lambda conn: cases.drop_slots(conn, case.id, keys))
    await world.writes_back(case, "Are you there?")
    assert ["lists"] == await page.news()
    assert 404 == await joins(sindh, case.id)


async def test_colleagues_at_the_same_case_see_one_another_until_a_minute_has_passed(
    world: World, sindh: Officer, page: Listener
) -> None:
    case = await world.case()
    await joins(sindh, case.id)
    async with Officer(world) as colleague:
        await colleague.signs_in("supervisor")
        assert 200 == await joins(colleague, case.id, typing=True)
        await world.desk.watch.look()
        told = await page.hears("company")
        assert {"id": case.id.hex(), "viewing": ["supervisor"], "typing": ["supervisor"]} == told
        world.clock.now += 11
        await joins(sindh, case.id)
        await joins(colleague, case.id)
        await world.desk.watch.look()
        assert ([], ["supervisor"]) == ((told := await page.hears("company"))["typing"], told["viewing"])
        await colleague.posts(f"case/{case.id.hex()}/company/leave", {})
        await world.desk.watch.look()
        assert [] == (await page.hears("company"))["viewing"]
        await joins(colleague, case.id)
        world.clock.now += 46
        await joins(sindh, case.id)
        await world.desk.watch.look()
        kept = await world.database.read(company.all)
        assert ["sindh"] == [visit.account for visit in kept], "what is over is deleted, not only hidden"


@pytest.mark.promise("S22")
async def test_a_stream_ends_with_its_session(world: World) -> None:
    async def over(seat: str, ends: str) -> str:
        async with Officer(world) as officer:
            await officer.signs_in(seat)
            async with Listener(officer) as page:
                assert ["lists"] == await page.news()
                if ends == "out":
                    await officer.posts("sign-out", {})
                elif ends == "lock":
                    await officer.posts("lock", {})
                elif ends == "suspended":
                    await world.database.write(lambda conn: accounts.suspend(conn, seat))
                else:
                    world.clock.now += IDLE_S + 1
                await world.desk.watch.look()
                why: str = (await page.hears("over"))["why"]
                assert page.ended
                return why

    assert "signed_out" == await over("sindh", "out")
    assert "locked" == await over("sindh", "lock")
    assert "locked" == await over("sindh", "idle"), "listening keeps no session alive"
    assert "signed_out" == await over("sindh", "suspended")


async def test_whoever_reads_no_cases_any_more_hears_nothing_of_them(world: World) -> None:
    phrase = await add_person(world, "somebody", "officer")
    async with Officer(world) as officer:
        await officer.signs_in("somebody", phrase)
        async with Listener(officer) as page:
            await page.hears("lists")
            translates = update(schema.accounts).where(schema.accounts.c.id == "somebody").values(roles="translator")
            await world.database.write(lambda conn: conn.execute(translates).rowcount)
            await world.desk.watch.look()
            assert {"why": "signed_out"} == await page.hears("over")


async def test_a_session_listens_with_four_pages_and_the_oldest_makes_room(world: World, sindh: Officer) -> None:
    pages = [Listener(sindh) for _ in range(MOST_PER_SESSION + 1)]
    async with pages[0]:
        for one in pages[1:]:
            await one.__aenter__()
        assert {"why": "many"} == await pages[0].hears("over")
        assert [False] * MOST_PER_SESSION == [one.ended for one in pages[1:]]
        for one in pages[1:]:
            await one.__aexit__(None, None, None)


@pytest.mark.promise("R15")
async def test_a_service_that_stops_sends_its_pages_away_and_lets_none_in(world: World, sindh: Officer) -> None:
    async with Listener(sindh) as page:
        await page.hears("lists")
        world.desk.watch.close()
        assert {"why": "stop"} == await page.hears("over")
        assert page.ended
    async with Listener(sindh) as late:
        assert 503 == late.status


async def test_a_slow_page_is_told_everything_once_when_it_takes_it(world: World, page: Listener) -> None:
    page.taking.clear()
    for _ in range(20):
        await world.case()
        await world.desk.watch.look()
    page.taking.set()
    await page.hears("lists")
    await asyncio.sleep(0.01)

    assert len(page.heard) <= 1, "one that was on its way, one for all the others"


@pytest.mark.promise("S24")
async def test_the_stream_carries_every_header_and_is_kept_by_nobody(page: Listener) -> None:
    assert (200, "text/event-stream; charset=utf-8", "no-store", "no") == (
        page.status,
        *(page.headers[name] for name in ("content-type", "cache-control", "x-accel-buffering")),
    )
    assert "connect-src 'self'" in page.headers["content-security-policy"]
    assert "content-length" not in page.headers


async def test_pages_are_sent_away_when_nobody_knows_who_may_listen(world: World, sindh: Officer) -> None:
    signed = await world.desk.sessions.find(sindh.http.cookies["__Host-hamrah"], now=world.clock(), quiet=True)
    assert signed is not None
    watch = Watch(
        world.database,
        cases=cases,
        pulse=pulse,
        sessions=world.desk.sessions,
        rows=sessions,
        visits=company,
        roster=lambda at: world.living.current(now=at),
        now=world.clock,
        every_s=0.001,
    )
    stream = watch.open(signed)
    assert stream is not None
    await world.database.close()

    assert (Over.AWAY,) == await stream.next()
    assert live.MOST_FAILED == 10


async def test_a_glance_knows_of_each_row_whether_it_is_in_the_list_still_and_leaves_no_trace(
    world: World, sindh: Officer
) -> None:
    """The same answer as the list itself, for each list there is."""
    walks: tuple[tuple[str, ...], ...] = ((), ("claim",), ("claim", "snooze"), ("claim", "pass_on"), ("claim", "close"))
    seeded = [await world.case(urgency=f"U{n % 3}") for n, _ in enumerate(walks)]
    for case, walk in zip(seeded, walks, strict=True):
        opened = await sindh.opens(case.id)
        for deed in walk:
            more: dict[str, Any] = {"until": world.clock() + 86_400} if deed == "snooze" else {}
            opened |= (await sindh.does(deed, opened, **more)).json()
    answered = await sindh.opens((await world.case()).id)
    answered |= (await sindh.does("claim", answered)).json()
    assert 200 == (await sindh.does("reply", answered, **sindh.answer(answered, "We read it."))).status_code
    said = await world.feedback()
    theirs = await world.case(pair_only=True)
    world.clock.now += 9 * 60
    traces = len(await world.trail())
    asked = [*(case.id for case in seeded), bytes.fromhex(answered["id"]), said, theirs.id]

    for view in VIEWS:
        seen = await sindh.glances(view, asked)
        here = {line["id"] for line in seen["lines"] if line["here"]}
        assert set(seen["first"]) == here, view
        assert theirs.id.hex() not in {line["id"] for line in seen["lines"]}
        assert not any("cover" in line or "slot" in line for line in seen["lines"])
    assert traces == len(await world.trail())
    for view in VIEWS:
        assert [row["id"] for row in await sindh.queue(view)] == (await sindh.glances(view))["first"], view


async def test_a_glance_at_what_is_no_list_of_cases_is_refused(sindh: Officer) -> None:
    for shown in (None, "x", ["zz"], ["ab"], [1], ["ab" * 16] * 501):
        assert 400 == (await sindh.posts("queue/glance", {"view": "todo", "limit": 5, "shown": shown})).status_code, (
            shown
        )


async def test_a_line_on_which_nothing_happens_beats_and_one_that_is_over_says_why_first(world: World) -> None:
    stream = Stream(None)  # type: ignore[arg-type]  # whose it is does not matter here
    assert () == await stream.next(0.001)
    for version in (1, 2, 2):
        at = CaseAt(b"c" * 16, version, 3)
        stream.cases_at({at.case: (at, Company(at.case, (), ()))})
        stream.lists_at((("sindh", version),))
    told = await stream.next(0.001)
    assert {CaseAt(b"c" * 16, 2, 3), Company(b"c" * 16, (), ()), Lists()} == set(told)
    stream.end(Over.LOCKED)
    stream.end(Over.GONE)
    assert (Over.LOCKED,) == await stream.next(0.001)

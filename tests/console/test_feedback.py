"""Words about the service in the console: a list of their own, two marks, a trace; and the page of figures."""

import pytest

from bot.core import failpoints
from bot.core.months import month_of
from bot.core.writes import Tally
from storage import tallies
from tests.console.officer import Officer
from tests.console.world import START, World

MONTH = month_of(START)
DUTY = "duty-1"


async def sheet(world: World) -> dict[str, int]:
    return {t.item: n for t, n in await world.database.read(lambda c: tallies.of(c, "sheet"))}


async def count(world: World, *found: tuple[Tally, int]) -> None:
    for tally, n in found:
        await world.database.write(lambda c, tally=tally, n=n: tallies.add(c, tally, n))  # type: ignore[misc]


async def test_it_stands_in_a_list_of_its_own_and_in_no_other_and_is_counted_apart(world: World) -> None:
    case = await world.feedback()
    report = await world.case(place="")
    async with Officer(world) as officer:
        await officer.signs_in(DUTY)
        listed = {view: [row["id"] for row in await officer.queue(view)] for view in ("todo", "unassigned", "feedback")}
        counts = (await officer.glances())["counts"]

    assert {"todo": [report.id.hex()], "unassigned": [report.id.hex()], "feedback": [case.hex()]} == listed
    assert (1, 1, 1, 0) == (counts["todo"], counts["unassigned"], counts["feedback"], counts["sheet"])


async def test_its_pages_go_on_where_the_last_one_ended(world: World) -> None:
    written = {(await world.feedback(f"proposal {n}")).hex() for n in range(7)}
    await world.case(place="")
    async with Officer(world) as officer:
        await officer.signs_in(DUTY)
        seen: list[str] = []
        after = None
        while True:
            page = (await officer.posts("queue", {"view": "feedback", "after": after, "limit": 3})).json()
            seen += [row["id"] for row in page["rows"]]
            if (after := page["next"]) is None:
                break

    assert 7 == len(seen)
    assert written == set(seen)


@pytest.mark.promise("S36")
async def test_a_reader_marks_it_for_the_sheet_and_may_think_again(world: World) -> None:
    case = await world.feedback()
    async with Officer(world) as officer:
        await officer.signs_in(DUTY)
        opened = await officer.opens(case)
        assert (True, ["open", "sheet", "no_sheet"]) == (opened["feedback"], opened["may"])
        marked = opened | (await officer.does("sheet", opened)).json()
        on_it = [row["id"] for row in await officer.queue("sheet")]
        assert ([case.hex()], []) == (on_it, await officer.queue("feedback"))
        assert {"proposal:for": 1} == await sheet(world)
        again = opened | (await officer.does("no_sheet", marked)).json()

    assert ("passed_on", "closed") == (marked["status"], again["status"])
    assert {"proposal:not": 1} == await sheet(world)
    acts = [entry["act"] for entry in await world.trail() if entry["case"]]
    assert ["no_sheet", "open", "sheet"] == sorted(acts)


async def test_repeating_a_mark_counts_it_once(world: World) -> None:
    case = await world.feedback()
    async with Officer(world) as officer:
        await officer.signs_in(DUTY)
        opened = await officer.opens(case)
        for _ in range(2):
            assert 200 == (await officer.does("sheet", opened, key="ab" * 16)).status_code
        stale = await officer.does("sheet", opened)

    assert (409, {"proposal:for": 1}) == (stale.status_code, await sheet(world))


async def test_the_same_on_the_database_of_replicas(shared_world: World) -> None:
    case = await shared_world.feedback()
    async with Officer(shared_world) as officer:
        await officer.signs_in(DUTY)
        opened = await officer.opens(case)
        marked = opened | (await officer.does("sheet", opened)).json()
        await officer.does("no_sheet", marked)
        counts = (await officer.glances())["counts"]

    assert {"proposal:not": 1} == await sheet(shared_world)
    assert (0, 0, 0) == (counts["feedback"], counts["sheet"], counts["closed"])


@pytest.mark.parametrize("deed", ["claim", "take_over", "release", "pass_on", "close", "reopen"])
async def test_what_is_done_with_reports_is_not_done_with_feedback(world: World, deed: str) -> None:
    case = await world.feedback()
    async with Officer(world) as officer:
        await officer.signs_in(DUTY)
        opened = await officer.opens(case)
        assert 404 == (await officer.does(deed, opened)).status_code


@pytest.mark.parametrize("deed", ["sheet", "no_sheet"])
async def test_no_report_can_be_marked(world: World, sindh: Officer, deed: str) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    assert deed not in opened["may"]
    assert 404 == (await sindh.does(deed, opened)).status_code


@pytest.mark.promise("S36")
@pytest.mark.parametrize("deed", ["sheet", "no_sheet"])
async def test_a_mark_that_cannot_be_traced_is_not_made(world: World, deed: str) -> None:
    case = await world.feedback()
    async with Officer(world) as officer:
        await officer.signs_in(DUTY)
        opened = await officer.opens(case)
        failpoints.arm({"HAMRAH_TEST_BUILD": "1", "HAMRAH_FAILPOINTS": "F20=raise"})
        try:
            answer = await officer.does(deed, opened)
        finally:
            failpoints.arm({"HAMRAH_TEST_BUILD": "1", "HAMRAH_FAILPOINTS": ""})
        again = await officer.opens(case)

    assert (500, "opened", {}) == (answer.status_code, again["status"], await sheet(world))


async def test_it_must_be_opened_before_it_is_marked(world: World) -> None:
    case = await world.feedback()
    async with Officer(world) as officer:
        await officer.signs_in(DUTY)
        unread = await officer.does("sheet", {"id": case.hex(), "version": 1})
    assert (409, "unread") == (unread.status_code, unread.json()["error"])


# --- figures ---


@pytest.mark.promise("S23")
@pytest.mark.parametrize(
    ("seat", "status"), [("supervisor", 200), ("administrator", 200), ("sindh", 404), ("translator", 404)]
)
async def test_figures_are_for_supervisors_and_administrators(world: World, seat: str, status: int) -> None:
    async with Officer(world) as officer:
        await officer.signs_in(seat)
        answer = await officer.gets("figures")

    assert status == answer.status_code
    assert status == 200 or answer.json() == {"error": "missing"}


async def test_whoever_is_signed_out_is_shown_where_to_sign_in(world: World) -> None:
    async with Officer(world) as stranger:
        answer = await stranger.gets("figures")

    assert (401, True) == (answer.status_code, "signed out" in answer.text)
    assert "<table" not in answer.text


async def test_figures_show_names_and_no_small_number(world: World) -> None:
    await count(
        world,
        (Tally("helped", "page:my-rights:yes", "ur", "teen", MONTH), 12),
        (Tally("said", "page:my-rights:wrong", "ur", "teen", MONTH), 3),
        (Tally("answered", "no", "", "", MONTH), 5),
        (Tally("call", "pk-police:no-answer", "ur", "", MONTH), 4),
        (Tally("helped", "page:my-rights:yes", "ur", "teen", MONTH - 12), 99),
        (Tally("sheet", "proposal:for", "ur", "", MONTH), 8),
    )
    async with Officer(world) as officer:
        await officer.signs_in("administrator")
        shown = (await officer.gets("figures?lang=en")).text

    marked = '<td class="number" data-mark="for"><bdi dir="ltr">8<'
    for wanted in (">12<", "&lt;5", "🙂 Yes", "اردو", marked):
        assert wanted in shown, wanted
    for hidden in (">3<", ">4<", ">99<", "page:my-rights"):
        assert hidden not in shown, hidden


async def test_the_page_is_strict_and_needs_no_script(world: World) -> None:
    async with Officer(world) as officer:
        await officer.signs_in("supervisor")
        answer = await officer.gets("figures?lang=ur")

    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    assert '<html lang="ur" dir="rtl">' in answer.text

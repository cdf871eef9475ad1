"""Two officers in two browsers: what one does, the other's page shows without being touched, and nothing moves under a hand."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Route

from tests.browser.console_page import Floor, Visitor, floor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

FRESH = "#queue [data-part=fresh]:not([hidden])"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> AsyncIterator[Floor]:
    async with floor(tmp_path_factory.mktemp("live"), chromium_path) as made:
        yield made


def row(case: bytes) -> str:
    return f"a.row[data-case='{case.hex()}']"


async def order(officer: Visitor) -> list[str]:
    found: list[str] = await officer.page.evaluate(
        "[...document.querySelectorAll('a.row')].map((row) => row.dataset.case)"
    )
    return found


@pytest.mark.parametrize(("width", "lang"), [(1280, "en"), (360, "ur")])
async def test_what_a_colleague_does_shows_without_a_touch_and_nothing_moves(
    house: Floor, width: int, lang: str
) -> None:
    first = await house.world.case(urgency="U1")
    async with house.visitor(width=width, lang=lang) as watcher, house.visitor() as worker:
        await watcher.at_the_queue("sindh")
        await worker.at_the_queue("supervisor")
        before = await order(watcher)
        await watcher.page.focus(row(first.id))
        await worker.opens(first.id)
        await worker.page.click("[data-deed=claim]")
        name = "Supervisor" if lang == "en" else ""
        await watcher.until(f'document.querySelector("{row(first.id)} [data-part=line]").innerText.includes({name!r})')
        fresh = await house.world.case(urgency="U0")
        await watcher.page.wait_for_selector(FRESH)
        assert "1" in await watcher.text("[data-part=fresh-text]")
        assert fresh.id.hex() not in await order(watcher)
        assert (
            await watcher.page.evaluate("document.querySelector('[data-part=fresh-text]').getAttribute('role')")
            == "status"
        )
        assert before == await order(watcher)
        focused = await watcher.page.evaluate("document.activeElement.dataset.case")
        assert first.id.hex() == focused, "a list that learns takes the focus from nobody"
        assert [] == await watcher.faults_of_access()
        assert await watcher.overflow() <= 0
        await watcher.page.focus(f"{FRESH} button")
        await watcher.page.keyboard.press("Enter")
        await watcher.page.wait_for_selector(row(fresh.id))
        await watcher.until("document.activeElement === document.querySelector('a.row')")
        await watcher.calm()
        await worker.calm()


async def test_a_row_that_left_the_list_stays_in_its_place_and_says_so(house: Floor) -> None:
    case = await house.world.case()
    async with house.visitor() as watcher, house.visitor() as worker:
        await watcher.at_the_queue("sindh")
        await watcher.page.click("#queue [data-view=unassigned]")
        await watcher.page.wait_for_selector("#queue [data-view=unassigned][aria-pressed=true]")
        await worker.at_the_queue("supervisor")
        await worker.opens(case.id)
        before = await order(watcher)
        await worker.page.click("[data-deed=claim]")
        await watcher.page.wait_for_selector(f"{row(case.id)}.gone [data-part=gone]:not([hidden])")
        assert before == await order(watcher)
        assert [] == await watcher.faults_of_access()
        await watcher.calm()


async def test_two_at_one_case_see_one_another_and_what_the_child_wrote(house: Floor) -> None:
    case = await house.world.case()
    async with house.visitor() as one, house.visitor(width=360, lang="ur") as other:
        await one.at_the_queue("sindh")
        await other.at_the_queue("supervisor")
        await one.opens(case.id)
        await other.opens(case.id)
        await one.page.wait_for_selector("#case [data-part=company]:not([hidden])")
        await other.page.wait_for_selector("#case [data-part=company]:not([hidden])")
        seen = await one.text("#case [data-part=company]")
        await one.page.click("[data-deed=claim]")
        await other.page.wait_for_selector("#case [data-part=news]:not([hidden])")
        assert [] == await other.faults_of_access()
        assert await other.overflow() <= 0
        await other.page.click("[data-part=news-show]")
        await other.page.wait_for_selector("#case [data-part=news][hidden]", state="attached")
        await other.page.wait_for_selector("[data-deed=take_over]")
        await one.page.fill("#answer", "We read it.")
        await other.until("document.querySelector('#case [data-part=company]').innerText !== ''")
        await house.world.writes_back(case, "Are you there?")
        await one.page.wait_for_selector("#case [data-part=news]:not([hidden])")
        await one.page.click("[data-part=news-show]")
        await one.until("document.querySelector('#case [data-part=talk]').innerText.includes('Are you there?')")
        assert "We read it." == await one.page.input_value("#answer")
        assert seen != ""
        await other.page.evaluate("location.hash = ''")
        await one.page.wait_for_selector("#case [data-part=company]", state="hidden")
        await one.calm()
        await other.calm()


async def test_a_locked_session_ends_on_every_page_of_it_and_a_broken_line_comes_back(house: Floor) -> None:
    async with house.visitor() as officer:
        await officer.at_the_queue("sindh")
        second = await officer.page.context.new_page()
        await second.goto(officer.page.url)
        await second.fill("#phrase", house.world.phrase("sindh"))
        await second.click("#sign-in [data-part=go]")
        await second.wait_for_selector("#desk:not([hidden])")
        await officer.page.context.set_offline(True)
        officer.troubles.clear()
        await officer.page.context.set_offline(False)
        await house.world.case()
        await officer.page.wait_for_selector(f"{FRESH}, a.row")
        officer.expected.add(401)
        await second.click("#me [data-part=shut]")
        await officer.page.wait_for_selector("#sign-in:not([hidden])")


async def test_without_its_line_a_page_asks_by_the_clock_and_tries_again_ever_more_seldom(house: Floor) -> None:
    tries: list[str] = []
    await house.world.case()  # an empty list would fill by itself
    async with house.visitor() as officer:
        page = officer.page

        async def broken(route: Route) -> None:
            tries.append("live")
            await route.abort()

        await page.route("**/console/live", broken)
        await page.clock.install()
        await page.reload()
        await page.wait_for_selector("#sign-in:not([hidden])")
        await officer.at_the_queue("sindh")
        fresh = await house.world.case(urgency="U0")
        await page.clock.run_for(31_000)
        await page.wait_for_selector(FRESH)
        assert fresh.id.hex() not in await order(officer)
        for _ in range(10):
            await page.clock.run_for(30_000)
    assert 3 <= len(tries) <= 16, "after one, two, four … seconds, then about every minute"

"""Putting aside what is no report, in a real Chromium: one press, by keyboard too, and another takes it back (S47)."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.core.case import Status
from storage import cases
from tests.browser.console_page import Floor, floor
from tests.console.test_casework import status_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> AsyncIterator[Floor]:
    async with floor(tmp_path_factory.mktemp("aside"), chromium_path) as made:
        yield made


@pytest.mark.parametrize(("width", "lang"), [(1280, "en"), (360, "ur")])
async def test_one_press_puts_aside_and_another_takes_it_back(house: Floor, width: int, lang: str) -> None:
    case = await house.world.case()
    async with house.visitor(width=width, lang=lang) as officer:
        page = officer.page
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        await page.focus("[data-deed=no_report]")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("[data-deed=reopen]")
        assert Status.CLOSED is await status_of(house.world, case)
        assert [] == await officer.faults_of_access()
        assert await officer.overflow() <= 0
        await page.focus("[data-deed=reopen]")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("[data-deed=release]")
        assert Status.IN_WORK is await status_of(house.world, case)
        await officer.calm()


@pytest.mark.promise("S47")
@pytest.mark.parametrize(("width", "lang"), [(1280, "en"), (360, "ur")])
async def test_a_case_is_made_quiet_by_keyboard_and_taken_back(house: Floor, width: int, lang: str) -> None:
    case = await house.world.case(urgency="U3")
    async with house.visitor(width=width, lang=lang) as officer:
        page = officer.page
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        await page.focus("[data-deed=quiet]")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#quiet[open]")
        assert [] == await officer.faults_of_access()
        assert await officer.overflow() <= 0
        await page.keyboard.press("Escape")
        await page.wait_for_selector("#quiet:not([open])", state="attached")
        await page.focus("[data-deed=quiet]")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("[data-deed=wake]")
        assert await page.locator("[data-deed=quiet]").count() == 0
        found = await house.world.database.read(lambda conn: cases.find(conn, case.id))
        assert found is not None
        assert found.standing.quiet
        await house.world.writes_back(case, "one more insult")
        await page.evaluate("location.hash = ''")
        await page.wait_for_selector("#queue h1:visible")
        await page.click("#queue [data-view=asleep]")
        row = f"a.row.waiting[data-case='{case.id.hex()}']"
        await page.wait_for_selector(row)
        assert [] == await officer.faults_of_access()
        await page.click(row)
        await page.click("[data-deed=wake]")
        await page.wait_for_selector("[data-deed=quiet]")
        await officer.calm()

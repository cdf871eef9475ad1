"""Putting a case off, in a real Chromium: a day is asked for, the case leaves its lists, and comes back with one press."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.browser.console_page import Floor, floor
from tests.browser.test_work import at_work

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> AsyncIterator[Floor]:
    async with floor(tmp_path_factory.mktemp("snoozing"), chromium_path) as made:
        yield made


@pytest.mark.parametrize(("width", "lang"), [(1280, "en"), (360, "ur")])
async def test_a_case_is_put_off_by_keyboard_and_taken_back(house: Floor, width: int, lang: str) -> None:
    case = await house.world.case()
    async with house.visitor(width=width, lang=lang) as officer:
        page, row = officer.page, f"a.row[data-case='{case.id.hex()}']"
        await at_work(officer, case)
        await page.focus("[data-deed=snooze]")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#snooze[open]")
        assert [] == await officer.faults_of_access()
        assert await officer.overflow() <= 0
        await page.keyboard.press("Escape")
        await page.wait_for_selector("#snooze:not([open])", state="attached")
        assert await page.locator("[data-deed=wake]").count() == 0
        await page.focus("[data-deed=snooze]")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("[data-deed=wake]")
        await page.evaluate("location.hash = ''")
        await page.wait_for_selector("#queue h1:visible")
        await page.click("#queue [data-view=asleep]")
        await page.wait_for_selector("#queue [data-view=asleep][aria-pressed=true]")
        await page.wait_for_selector(row)
        assert [] == await officer.faults_of_access()
        await page.click("#queue [data-view=mine]")
        await page.wait_for_selector("#queue [data-view=mine][aria-pressed=true]")
        assert await page.locator(row).count() == 0
        await page.click("#queue [data-view=asleep]")
        await page.click(row)
        await page.click("[data-deed=wake]")
        await page.wait_for_selector("[data-deed=snooze]")
        await officer.calm()

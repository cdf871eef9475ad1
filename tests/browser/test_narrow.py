"""Lists of one's own in a real Chromium, by keyboard: made narrower, kept, found again on another day, renamed, deleted."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.browser.console_page import Floor, floor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> AsyncIterator[Floor]:
    async with floor(tmp_path_factory.mktemp("narrow"), chromium_path) as made:
        yield made


@pytest.mark.parametrize(("width", "lang"), [(1280, "en"), (360, "ur")])
async def test_a_list_is_narrowed_kept_found_again_renamed_and_deleted(house: Floor, width: int, lang: str) -> None:
    fits, other = await house.world.case(language="ps"), await house.world.case(language="sd")
    own = "#queue [data-part=saved] button"
    async with house.visitor(width=width, lang=lang) as officer:
        page = officer.page
        await officer.at_the_queue("sindh")
        await page.focus("#narrow summary")
        await page.keyboard.press("Enter")
        await page.select_option("#narrow-language", "ps")
        assert [] == await officer.faults_of_access()
        assert await officer.overflow() <= 0
        await page.focus("#narrow [type=submit]")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(f"a.row[data-case='{other.id.hex()}']", state="detached")
        await page.wait_for_selector(f"a.row[data-case='{fits.id.hex()}']")
        await page.fill("#narrow-name", "call 03001234567")
        officer.expected.add(409)
        await page.click("#narrow [data-part=keep]")
        await page.wait_for_selector("#narrow-error:not(:empty)")
        await page.fill("#narrow-name", "\u067e\u0634\u062a\u0648")
        await page.click("#narrow [data-part=keep]")
        await page.wait_for_selector(f"{own}[aria-pressed=true]")
        assert [] == await officer.faults_of_access()
        assert await officer.overflow() <= 0
        await officer.calm()
    async with house.visitor(width=width, lang=lang) as officer:
        page = officer.page
        await officer.at_the_queue("sindh")
        await page.focus(own)
        await page.keyboard.press("Enter")
        await page.wait_for_selector(f"{own}[aria-pressed=true]")
        await page.wait_for_selector(f"a.row[data-case='{other.id.hex()}']", state="detached")
        await page.click("#narrow summary")
        assert "ps" == await page.input_value("#narrow-language")
        await page.fill("#narrow-name", "Pashto nights")
        await page.click("#narrow [data-part=change]")
        await officer.until(f"document.querySelector('{own}').innerText.includes('Pashto nights')")
        await page.click("#narrow [data-part=drop]")
        await page.wait_for_selector(own, state="detached")
        await page.wait_for_selector(f"a.row[data-case='{other.id.hex()}']")
        await officer.calm()

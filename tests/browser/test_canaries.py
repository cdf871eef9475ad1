"""A report's words make an officer's browser ask nobody: its own log of the network knows no such name (S30)."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from tests.browser.console_page import Floor, floor
from tests.console.hostile import CANARY, corpus

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.promise("S30")]

AT_ONCE = 60


@contextlib.asynccontextmanager
async def watched(folder: Path, chromium: str) -> AsyncIterator[Floor]:
    """A browser that logs each name it looks up, each socket and each request, also those made ahead, to `net.json`."""
    logged = f"--log-net-log={folder / 'net.json'}"
    nowhere = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    async with floor(folder, chromium) as house, async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=["--disable-dev-shm-usage", logged, nowhere]
        )
        try:
            yield Floor(house.world, house.address, browser)
        finally:
            await browser.close()


def asked_for(folder: Path, name: str) -> bool:
    return name in (folder / "net.json").read_text("utf-8", "replace")


async def test_the_log_shows_a_page_that_does_ask(tmp_path: Path, chromium_path: str) -> None:
    """What the next test relies on."""
    async with watched(tmp_path, chromium_path) as house:
        page = await house.browser.new_page()
        await page.set_content(f'<img src="http://{CANARY}/a.png">')
        await page.wait_for_timeout(1_000)

    assert asked_for(tmp_path, CANARY)


async def test_no_words_of_a_report_make_the_browser_ask_anybody(tmp_path: Path, chromium_path: str) -> None:
    """Everything of the corpus that loads, in the words, what was pressed, the place in the list, and written back."""
    loading = [one for one in corpus() if CANARY in one]
    plain = [f"http://{CANARY}/{n}" for n in range(3)] + [f"//{CANARY}", f"www.{CANARY}", f"see {CANARY}."]
    strings = [*loading, *plain]
    async with watched(tmp_path, chromium_path) as house:
        made = []
        for part in (strings[n : n + AT_ONCE] for n in range(0, len(strings), AT_ONCE)):
            case = await house.world.case(
                [("words-what", one) for one in part],
                answers={"danger": tuple(part)},
                reasons=tuple(part),
                language=part[0][:60],
                age=part[1],
                concern=part[2],
            )
            for one in part[:3]:
                await house.world.writes_back(case, one)
            made.append(case)
        async with house.visitor() as officer:
            await officer.at_the_queue("sindh")
            for case in made:
                await officer.page.evaluate("location.hash = ''")
                await officer.opens(case.id)
                await officer.page.mouse.move(400, 400)
                await officer.page.mouse.wheel(0, 4_000)
            assert 0 == await officer.page.locator(f"[href*='{CANARY}'], [src*='{CANARY}']").count()
            await officer.page.wait_for_timeout(1_000)
            await officer.calm()

    assert asked_for(tmp_path, "127.0.0.1")
    assert not asked_for(tmp_path, CANARY)

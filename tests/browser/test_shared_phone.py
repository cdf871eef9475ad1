"""A phone that others read: what is told leaves the web chat by itself, and the code goes as soon as it is kept."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from tests.browser.served import Watch, browsing, phone
from tests.service import Service, serving_here
from tests.talking import NOON

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.promise("S41", "S43")]

WORDS = "وہ مجھے جانے نہیں دیتے"


@pytest.fixture
async def address(service: Service) -> AsyncIterator[str]:
    async with serving_here(service, now=lambda: NOON) as (_, here):
        yield here


async def presses(page: Page, *keys: str) -> None:
    for key in keys:
        await page.locator(f'.choices button[data-key="{key}"]').click()
        await expect(page.locator("body[data-busy]")).to_have_count(0)


async def test_what_is_told_goes_after_a_quarter_of_an_hour_and_pages_stay(address: str, chromium_path: str) -> None:
    async with browsing(chromium_path) as browser:
        watch, child = Watch(address), await phone(browser)
        page = await child.new_page()
        watch.follow(page)
        await page.clock.install()
        await page.goto(f"{address}/")
        await presses(page, "lang:ur", "c:teen", "c:learn", "c:home", "c:tell", "a:yes", "a:others", "a:ok", "a:soon")
        await page.locator("#words").fill(WORDS)
        await page.locator("#words").press("Enter")
        await expect(page.get_by_text(WORDS)).to_be_visible()
        await expect(page.locator("body[data-busy]")).to_have_count(0)  # its quarter of an hour begins with the answer
        told = await page.locator(".message").count()

        await page.clock.fast_forward("15:01")
        await expect(page.get_by_text(WORDS)).to_have_count(0)
        assert 0 < await page.locator(".message").count() < told
        assert [] == watch.seen


async def test_the_code_goes_when_it_is_kept(address: str, chromium_path: str) -> None:
    async with browsing(chromium_path) as browser:
        page = await (await phone(browser)).new_page()
        await page.goto(f"{address}/")
        await presses(page, "lang:en", "c:skip", "c:tell", "a:yes", "skip", "a:ok")
        while await page.locator('.choices button[data-key="send"]').count() == 0:
            await presses(page, "skip")
        await page.locator('.choices button[data-key="send"]').click()
        kept = page.locator('.choices button[data-key="code-saved"]')
        await expect(kept).to_be_visible()
        await expect(page.locator(".kind-code")).to_have_count(1)

        await kept.click()
        await expect(page.locator(".kind-saved")).to_be_visible()
        await expect(page.locator(".kind-code")).to_have_count(0)

"""A child under twelve reads a page on a small phone, right to left: the picture is above the words and moves nothing."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from tests.browser.console_page import until
from tests.browser.served import Watch, browsing, phone
from tests.browser.test_listening import unusable
from tests.service import Service, serving_here
from tests.talking import NOON

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PICTURE = ".message.ours .picture"


@pytest.fixture
async def address(service: Service) -> AsyncIterator[str]:
    async with serving_here(service, now=lambda: NOON) as (_, here):
        yield here


async def reads(page: Page, address: str) -> None:
    await page.goto(f"{address}/")
    for key in ("lang:ur", "c:u12", "c:learn", "c:rights", "c:boys-too"):
        await page.locator(f'.choices button[data-key="{key}"]').click()


@pytest.mark.promise("S24")
async def test_the_picture_fits_the_phone_and_its_place_is_kept(address: str, chromium_path: str) -> None:
    async with browsing(chromium_path) as browser:
        page = await (await phone(browser)).new_page()
        watch = Watch(address)
        watch.follow(page)
        await reads(page, address)

        image = page.locator(PICTURE)
        await expect(image).to_be_visible()
        assert "rtl" == await page.evaluate("document.documentElement.dir")
        await until(page, f"document.querySelector('{PICTURE}').naturalWidth > 0")
        box = await image.bounding_box()
        assert box is not None
        assert 0 <= box["x"]
        assert box["x"] + box["width"] <= 360
        assert 1.6 == pytest.approx(box["width"] / box["height"], abs=0.01)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert ("", "boys-too") == (await image.get_attribute("alt"), await _named(image))
        assert [] == await unusable(page)
        assert [] == watch.seen


async def test_a_picture_that_does_not_come_leaves_the_words(address: str, chromium_path: str) -> None:
    async with browsing(chromium_path) as browser:
        page = await (await phone(browser)).new_page()
        await page.route("**/pictures/**", lambda route: route.abort())
        await reads(page, address)
        await expect(page.locator(PICTURE)).to_be_hidden()
        await expect(page.locator(".message.ours").last).to_contain_text("لڑک")


async def _named(image: object) -> str:
    source = await image.get_attribute("src")  # type: ignore[attr-defined]
    return str(source).rpartition("/")[2].removesuffix(".svg")

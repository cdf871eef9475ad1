"""Every language offered, on a phone: the picker, a page, a scene of a story, the directory, a tool; nothing overflows.

With HAMRAH_SCREENSHOTS set, four languages leave their pictures in docs/screenshots/languages/.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.wording.registry import load_registry
from tests.browser.console_page import AXE, RULES
from tests.browser.served import Watch, browsing, phone
from tests.service import Service, serving_here
from tests.talking import NOON

pytestmark = [pytest.mark.browser, pytest.mark.slow]

REGISTRY = load_registry()
OFFERED = REGISTRY.offered
WCAG = [rule for rule in RULES if rule.startswith("wcag")]
PICTURED = ("ur", "sd", "bn", "en")
SHOTS = Path(__file__).parents[2] / "docs" / "screenshots" / "languages"

PAGE = ("c:learn", "c:rights", "c:not-your-fault")
STORY = ("c:back", "c:back", "c:practise", "c:stories", "c:story-city-job", "c:girl")
DIRECTORY = ("!help", "!directory")
TOOL = ("!home", "c:learn", "c:rights", "c:tool-is-this-normal", "c:begin")


@pytest.fixture
async def address(service: Service, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    async with serving_here(service, now=lambda: NOON) as (_, here):
        yield here


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        before = await page.locator(".message.ours").count()
        await page.locator(f'.choices button[data-key="{key}"]').click()
        await expect(page.locator(".message.ours")).not_to_have_count(before)
        await expect(page.locator("body")).not_to_have_attribute("data-busy", "")


async def looked_at(page: Page, lang: str, name: str) -> list[str]:
    """What is wrong with the screen as it stands: too wide, or against WCAG."""
    if os.environ.get("HAMRAH_SCREENSHOTS") and lang in PICTURED:
        SHOTS.mkdir(exist_ok=True, parents=True)
        await page.screenshot(path=SHOTS / f"{name}-{lang}.png")
    wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    await page.evaluate(AXE)
    found = await page.evaluate("(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG)
    return [f"{name}: {v['id']}" for v in found["violations"]] + ([f"{name}: wider than the phone"] if wide else [])


@pytest.mark.parametrize("lang", OFFERED)
async def test_a_phone_shows_every_language_whole_and_the_right_way_round(
    lang: str, address: str, chromium_path: str
) -> None:
    async with browsing(chromium_path) as browser:
        watch, child = Watch(address), await phone(browser)
        page = await child.new_page()
        watch.follow(page)
        await page.goto(f"{address}/")
        await expect(page.locator(f'.choices button[data-key="lang:{lang}"]')).to_be_visible()
        wrong = await looked_at(page, lang, "1-picker")
        await press(page, f"lang:{lang}")
        assert lang == await page.evaluate("document.documentElement.lang")
        assert REGISTRY.languages[lang].direction == await page.evaluate("document.documentElement.dir")

        await press(page, "c:teen")
        wrong += await looked_at(page, lang, "2-welcome")
        for name, keys in (("3-page", PAGE), ("4-story", STORY), ("5-directory", DIRECTORY), ("6-tool", TOOL)):
            await press(page, *keys)
            wrong += await looked_at(page, lang, name)

        assert [] == wrong
        assert [] == watch.seen

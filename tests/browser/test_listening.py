"""A child who cannot read presses Listen: the words are played from our own origin and marked as they are heard."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.wording.voices import TRIAL_TAG
from tests.browser.console_page import AXE, RULES
from tests.browser.served import Watch, browsing, phone
from tests.opus import clip
from tests.service import Service, serving_here
from tests.talking import NOON

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WCAG = [rule for rule in RULES if rule.startswith("wcag")]
SECONDS = 50
"""Frames of 20 ms in a second."""


@pytest.fixture
async def address(service: Service, tmp_path: Path) -> AsyncIterator[str]:
    """A helpline whose home screen and first button can be heard in Urdu, the button by a computer's voice."""
    audio = tmp_path / "audio" / "ur" / "audio"
    audio.mkdir(parents=True)
    (audio / "screen.home.ogg").write_bytes(clip(2 * SECONDS))
    (audio / "button.tell.trial.ogg").write_bytes(clip(2 * SECONDS, {TRIAL_TAG: "yes"}))
    async with serving_here(service, now=lambda: NOON, audio_dir=tmp_path / "audio") as (_, here):
        yield here


async def unusable(page: Page) -> list[str]:
    """The rules of WCAG that axe finds broken."""
    await page.evaluate(AXE)
    found = await page.evaluate("(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG)
    return [violation["id"] for violation in found["violations"]]


async def at_home(page: Page, address: str) -> None:
    await page.goto(f"{address}/")
    for key in ("lang:ur", "c:skip"):
        await page.locator(f'.choices button[data-key="{key}"]').click()
    await expect(page.locator('[data-key="!listen"]')).to_be_visible()


async def listens(page: Page) -> None:
    """By keyboard, as somebody who does not see the screen."""
    await page.locator('[data-key="!listen"]').focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#player")).to_be_visible()


@pytest.mark.promise("S24")
async def test_words_are_marked_while_they_are_heard_and_the_screen_stays(address: str, chromium_path: str) -> None:
    async with browsing(chromium_path) as browser:
        watch, child = Watch(address), await phone(browser)
        page = await child.new_page()
        watch.follow(page)
        await at_home(page, address)
        buttons = await page.locator(".choices button").count()
        await listens(page)

        line, label = page.locator('[data-line="screen.home"]').first, page.locator('[data-label="button.tell"]')
        await expect(line).to_have_class("heard")
        assert await page.locator("#sound").evaluate("sound => !sound.paused && sound.controls")
        assert "nodownload" in (
            await page.locator("#sound").get_attribute("controlslist") or ""
        )  # no file on the phone
        await expect(page.locator("#voice-note")).to_contain_text("کمپیوٹر")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert [] == await unusable(page)

        await expect(label).to_have_class("heard", timeout=10_000)
        await expect(line).not_to_have_class("heard")
        await expect(page.locator("#player")).to_be_hidden(timeout=10_000)
        assert 0 == await page.locator(".heard").count()
        assert buttons == await page.locator(".choices button").count()
        assert "!listen" == await page.evaluate("document.activeElement.dataset.key")
        await page.locator('[data-key="c:tell"]').click()
        await expect(page.locator('[data-key="a:yes"]')).to_be_visible()
        assert [] == watch.seen


@pytest.mark.promise("S43")
async def test_the_next_message_a_press_on_stop_and_leaving_all_end_the_voice(address: str, chromium_path: str) -> None:
    async with browsing(chromium_path) as browser:
        page = await (await phone(browser)).new_page()
        await at_home(page, address)
        await listens(page)
        await page.locator("#hush").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#player")).to_be_hidden()
        assert "!listen" == await page.evaluate("document.activeElement.dataset.key")

        await listens(page)
        await page.evaluate("window.heard = document.getElementById('sound')")
        await page.locator('[data-key="c:tell"]').click()
        await expect(page.locator('[data-key="a:yes"]')).to_be_visible()
        assert await page.evaluate("window.heard.paused && !window.heard.hasAttribute('src')")

        await page.locator('[data-key="!back"], [data-key="!home"]').first.click()
        await page.locator("#leave").click()
        await page.wait_for_url(f"{address}/away")


@pytest.mark.promise("S43")
async def test_a_posters_link_leaves_nothing_in_the_address(address: str, chromium_path: str) -> None:
    async with browsing(chromium_path) as browser:
        page = await (await phone(browser)).new_page()
        told: list[str | None] = []
        page.on("request", lambda request: told.append(request.post_data))
        await page.goto(f"{address}/#school-1")
        await expect(page.locator('[data-key="lang:ur"]')).to_be_visible()

        assert f"{address}/" == page.url
        assert any(body and '"campaign":"school-1"' in body for body in told)
        assert "lang:ur" == await page.locator(".choices button").first.get_attribute("data-key")


async def test_a_voice_that_cannot_be_fetched_is_said_to_fail(address: str, chromium_path: str) -> None:
    async with browsing(chromium_path) as browser:
        page = await (await phone(browser)).new_page()
        await at_home(page, address)
        await page.route("**/audio/**", lambda route: route.abort())
        await page.locator('[data-key="!listen"]').click()
        await expect(page.locator("#status")).to_contain_text("آواز")
        await expect(page.locator("#player")).to_be_hidden()

"""A translator reads a sentence aloud on a phone, a colleague hears and approves it, and children hear it.

With HAMRAH_SCREENSHOTS set, each step leaves a picture in docs/screenshots/desk/.
"""

from base64 import b64decode
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.services.sound import seconds_of
from bot.services.spoken import Sound, sound_fault
from tests.browser.console_page import Floor, Visitor, floor
from tests.browser.test_recorder import MICROPHONE
from tests.browser.test_wording import looks_right, opens, to_the_desk
from tests.opus import clip as silence

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ID = "help.calm"
PLAYS = (
    "async (sound) => { await new Promise((go) => { sound.oncanplay = go; sound.load(); }); return sound.duration; }"
)


@pytest.fixture
async def house(tmp_path: Path, chromium_path: str) -> AsyncIterator[Floor]:
    async with floor(tmp_path, chromium_path, more=MICROPHONE) as made:
        yield made


async def to_the_recording(visitor: Visitor, seat: str) -> None:
    await to_the_desk(visitor, seat)
    await opens(visitor, ID)
    await visitor.page.click("a[href*='wording/recording']")
    await visitor.page.wait_for_selector("#voice")
    await visitor.page.wait_for_load_state()


async def test_a_sentence_is_read_aloud_heard_by_a_colleague_and_then_by_children(house: Floor) -> None:
    world = house.world
    async with house.visitor(width=360, lang="ur", permissions=["microphone"]) as translator:
        page = translator.page
        await to_the_recording(translator, "translator")
        assert world.live.wording.texts["ur"][ID] == await translator.text("#words")
        await page.set_input_files("#file", {"name": "no.ogg", "mimeType": "audio/ogg", "buffer": b"no sound"})
        await expect(page.locator("#told")).not_to_be_empty()
        assert await page.locator("#made").is_hidden()

        await page.click("#record")
        await expect(page.locator("#clock")).to_contain_text("3", timeout=10_000)
        await page.click("#stop")
        await page.wait_for_selector("#made:not([hidden])")
        assert 2 < await page.locator("#hear").evaluate(PLAYS) < 8
        await looks_right(translator, "recording-ur-360")
        await page.click("#made button[value=save]")
        await page.wait_for_selector("p.note")
        await translator.calm()

    async with house.visitor(width=360, lang="en") as reviewer:
        page = reviewer.page
        await to_the_recording(reviewer, "reviewer")
        assert 2 < await page.locator("ol audio").first.evaluate(PLAYS)
        await page.click("button[value=approve]")
        await page.wait_for_selector("button[value=publish]")
        await page.click("button[value=publish]")
        await page.wait_for_selector("li [data-state=published]")
        await world.revoicing.look()
        await page.reload()
        assert 2 < await page.locator("section.card audio").evaluate(PLAYS) < 8
        await looks_right(reviewer, "recording-published-en-360")

        clip = world.voices.now.find("ur", ID)
        assert clip is not None
        assert 3 <= seconds_of(clip.content()) <= 8
        assert "" == sound_fault(Sound(clip.content()), world.live.wording.texts["ur"][ID])

        # A file in the right form is not coded once more; what nobody can hear in it is said before it is sent.
        await page.set_input_files("#file", {"name": "a.ogg", "mimeType": "audio/ogg", "buffer": clip.content()})
        await page.wait_for_selector("#made:not([hidden])")
        assert clip.content() == b64decode(await page.locator("#voice input[name=sound]").input_value())
        await page.set_input_files("#file", {"name": "a.ogg", "mimeType": "audio/ogg", "buffer": silence(150)})
        await expect(page.locator("#told")).to_have_text("Nothing can be heard.")
        assert await page.locator("#made").is_hidden()
        await reviewer.calm()

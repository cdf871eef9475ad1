"""On the private page a child speaks instead of writing: heard again, deleted, sealed with the report, whole or not at all."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from bot.sealing.submission import MOST_SPOKEN_BYTES
from storage.schema import voice_files
from tests.browser.private_page import PrivatePage
from tests.browser.served import browsing
from tests.browser.test_private_trouble import Floor, sent
from tests.service import Service, reads, serving_here
from tests.talking import NOON

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MICROPHONE = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")


@asynccontextmanager
async def floor(
    service: Service, chromium: str, more: Sequence[str], attachments: str = "voice"
) -> AsyncIterator[Floor]:
    async with (
        serving_here(service, now=lambda: NOON, attachments=attachments) as (house, address),
        browsing(chromium, *more) as browser,
    ):
        yield Floor(service, house, address, browser)


async def at_words(child: PrivatePage, address: str) -> None:
    await child.opens(address)
    await child.press("begin", "a:yes", "skip", "a:ok", "a:no", "p:PK-PB", "here")
    for _ in range(9):
        if await child.page.locator("#words").count():
            break
        await child.press("skip")
    await expect(child.page.locator("#words")).to_be_visible()


async def speaks(child: PrivatePage) -> None:
    await child.press("record")
    await expect(child.page.locator('[role="timer"]')).to_contain_text("0:01", timeout=10_000)
    await child.press("record-stop")
    await expect(child.page.locator(".recorder audio").last).to_be_visible()


@pytest.mark.promise("S8", "R21", "S6")
async def test_a_voice_is_heard_again_deleted_and_sealed_with_the_report(service: Service, chromium_path: str) -> None:
    async with floor(service, chromium_path, MICROPHONE) as here, here.child() as child:
        await at_words(child, here.address)
        await speaks(child)
        await speaks(child)
        assert 2 == await child.page.locator(".recorder audio").count()
        await child.looks("12-recorder")
        await child.press("away:0")
        assert 1 == await child.page.locator(".recorder audio").count()
        assert await child.page.locator(".recorder audio").evaluate(
            "(sound) => new Promise((done) => { sound.onloadedmetadata = () => done(true); sound.load(); })"
        )
        await child.press("next", "skip")
        await expect(child.page.locator(".review")).to_contain_text("Voice message")
        await child.press("send")
        await child.code()
        await child.press("code-saved")
        await sent(child)

        found = await reads(here.house, here.service)
        [voice] = [told.content for case in found.cases for told in case.told if told.kind == "voice"]
        sealed = await here.house.database.read(lambda conn: conn.execute(select(voice_files.c.envelope)).scalar_one())
        assert ("words-what", "audio/webm") == (voice["ask"], voice["type"])
        assert voice["hash"] == sha256(b"hamrah file\n" + sealed).hexdigest()
        assert 0 < voice["seconds"] <= 3
        assert b"OpusHead" not in b"".join(child.sent) + sealed
        assert [] == child.faults + await child.broken()


async def test_without_a_microphone_it_is_said_kindly_and_writing_goes_on(service: Service, chromium_path: str) -> None:
    async with floor(service, chromium_path, ()) as here, here.child() as child:
        await at_words(child, here.address)
        await child.press("record")
        await expect(child.page.locator("body")).to_contain_text("You can write instead")
        await child.writes("they keep my papers")
        await child.press("skip")
        await expect(child.page.locator(".review")).to_contain_text("they keep my papers")


async def test_what_is_more_than_a_report_can_hold_is_said_and_not_kept(service: Service, chromium_path: str) -> None:
    async with floor(service, chromium_path, MICROPHONE) as here, here.child() as child:
        big = f"Blob.prototype.arrayBuffer = async () => new ArrayBuffer({MOST_SPOKEN_BYTES + 1})"
        await child.page.add_init_script(big)
        await at_words(child, here.address)
        await child.press("record")
        await expect(child.page.locator('[role="timer"]')).to_contain_text("0:01", timeout=10_000)
        await child.press("record-stop")
        await expect(child.page.locator("body")).to_contain_text("You can write the rest")
        assert 0 == await child.page.locator(".recorder audio").count()


async def test_where_no_voices_are_taken_none_is_offered(service: Service, chromium_path: str) -> None:
    async with floor(service, chromium_path, MICROPHONE, "none") as here, here.child() as child:
        await at_words(child, here.address)
        assert 0 == await child.page.locator(".recorder").count()

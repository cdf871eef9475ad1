"""On the private page a child adds a picture: only its pixels are sealed, whatever the file was, and only where it is allowed."""

import io
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from PIL import Image
from playwright.async_api import FilePayload, expect
from sqlalchemy import select

from bot.core.effects import Text
from bot.sealing.submission import MOST_PICTURES
from storage.schema import voice_files
from tests.browser.private_page import PrivatePage
from tests.browser.served import browsing
from tests.browser.test_private_trouble import Floor, sent
from tests.browser.test_private_walk import LARGE
from tests.browser.test_recorder import at_words
from tests.hostile_pictures import MARKERS, drawn, photo, refused, varied
from tests.service import Service, reads, serving_here
from tests.talking import NOON

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PROCEDURE = "pictures, 1 March"
SHARE = float(os.environ.get("LONG_SHARE", "1"))
# What the page holds in its memory: what it drew to look at is made of exactly that.
EARS = """
window.encoded = [];
const real = window.createImageBitmap;
window.createImageBitmap = async (blob, ...more) => {
  window.encoded.push([...new Uint8Array(await blob.arrayBuffer())]);
  return real(blob, ...more);
};
"""


@asynccontextmanager
async def floor(service: Service, chromium: str, attachments: str = "all") -> AsyncIterator[Floor]:
    async with (
        serving_here(service, now=lambda: NOON, attachments=attachments, attachments_procedure=PROCEDURE) as (
            house,
            address,
        ),
        browsing(chromium) as browser,
    ):
        yield Floor(service, house, address, browser)


async def chooses(child: PrivatePage, name: str, content: bytes) -> None:
    file: FilePayload = {"name": name, "mimeType": "image/jpeg", "buffer": content}
    await child.page.locator("input[type=file]").set_input_files([file])
    await expect(child.page.locator(".pictures > div:not([aria-busy])")).to_have_count(1, timeout=30_000)


async def kept(child: PrivatePage) -> int:
    return await child.page.locator(".pictures li").count()


async def shown(child: PrivatePage) -> bytes:
    """The bytes of the picture that stands last in the list, as they will be sealed."""
    return bytes(await child.page.evaluate("new Promise((done) => setTimeout(() => done(window.encoded.at(-1)), 50))"))


def hidden_in(content: bytes) -> list[str]:
    return [marker for marker in (*MARKERS, "Exif", "JFIF", "ICC_PROFILE", "xmpmeta") if marker.encode() in content]


@pytest.mark.promise("S32", "S34", "S8", "R21")
@pytest.mark.parametrize("lang", ["en", "ur"])
async def test_a_photo_is_bare_pixels_before_anything_leaves_the_page(
    service: Service, chromium_path: str, lang: str
) -> None:
    async with floor(service, chromium_path) as here, here.child(lang) as child:
        await child.page.add_init_script(EARS)
        await at_words(child, here.address)
        await chooses(child, "IMG_zq-place.jpg", photo((3000, 2000)))
        await chooses(child, "second.jpg", photo())
        assert 2 == await kept(child)
        await child.looks("14-picture")
        await child.press("picture-away:1")
        assert 1 == await kept(child)
        bare = await shown(child)
        picture = Image.open(io.BytesIO(bare))
        assert ("JPEG", (2048, 1365)) == (picture.format, picture.size)
        assert {} == dict(picture.getexif())
        assert not picture.info.get("comment")
        assert [] == hidden_in(bare)
        assert [] == [data for data in child.sent if b"POST" in data], "nothing is sent before the child says so"

        await child.press("next", "skip")
        assert await child.page.locator(".review").get_by_text("🖼").count() == 1
        await child.press("send")
        await child.code()
        await child.press("code-saved")
        await expect(child.page.locator("#page [data-key=chat]")).to_be_visible(timeout=40_000)
        await expect(child.page.locator("#page [data-key=again]")).to_have_count(0)

        found = await reads(here.house, here.service)
        assert () == found.faults
        told = [told.content for case in found.cases for told in case.told if told.kind == "picture"]
        assert [("words-what", "image/jpeg")] == [(one["ask"], one["type"]) for one in told]
        sealed = await here.house.database.read(lambda conn: conn.execute(select(voice_files.c.envelope)).scalar_one())
        everything = b"".join(child.sent) + sealed
        assert [] == [marker for marker in (*MARKERS, "IMG_") if marker.encode() in everything]
        assert bare[600:700] not in everything
        assert [] == child.faults + await child.broken()


@pytest.mark.promise("S32", "S34", "S30")
async def test_of_every_file_only_pixels_stay_or_nothing(service: Service, chromium_path: str) -> None:
    async with floor(service, chromium_path) as here, here.child() as child:
        await child.page.add_init_script(EARS)
        await at_words(child, here.address)
        for name, content in drawn().items():
            await chooses(child, name, content)
            assert 1 == await kept(child), name
            bare = await shown(child)
            assert "JPEG" == Image.open(io.BytesIO(bare)).format, name
            assert max(Image.open(io.BytesIO(bare)).size) <= 2048, name
            assert [] == hidden_in(bare), name
            assert bare.endswith(b"\xff\xd9"), name
            await child.press("picture-away:0")
        for name, content in refused().items():
            await chooses(child, name, content)
            assert 0 == await kept(child), name
            await expect(child.page.locator(".pictures [role=status]")).to_contain_text("You did nothing wrong")
        assert [] == [data for data in child.sent if not data.startswith((b"GET http://127.", b"GET blob:"))]
        assert [] == child.faults + await child.broken()


@pytest.mark.promise("S32", "S34")
@pytest.mark.parametrize("lang", ["en", "ur"])
async def test_a_phones_own_kind_that_this_browser_cannot_draw_gets_a_way_out(
    service: Service, chromium_path: str, lang: str
) -> None:
    """What iPhones and some others write (HEIC): the child hears what to do instead, and what was written stays."""
    async with floor(service, chromium_path) as here, here.child(lang) as child:
        await child.page.add_init_script(LARGE)
        await at_words(child, here.address)
        await child.page.fill("#words", "they keep my papers")
        for brand in (b"heic", b"heix", b"mif1"):
            content = b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0" + b"mif1" + brand + b"zq-place" * 99
            await chooses(child, "IMG_0001.HEIC", content)
            way_out = here.house.wording.say(lang, Text("private.picture-heic"))
            await expect(child.page.locator(".pictures [role=status]")).to_have_text(way_out)
            assert 0 == await kept(child)
        await child.looks("15-picture-not-drawn")
        assert "they keep my papers" == await child.page.input_value("#words")
        await chooses(child, "screenshot.png", photo())
        assert 1 == await kept(child)
        assert [] == [data for data in child.sent if b"zq-place" in data]
        assert [] == child.faults + await child.broken()


def parts_of(content: bytes) -> set[int]:
    """Kinds of the parts of a JPEG (ITU T.81, B.1), up to its first scan; none else may follow that scan."""
    kinds, at = set(), 2
    while content[at + 1] != 0xDA:
        assert 0xFF == content[at]
        kinds.add(content[at + 1])
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return kinds


@pytest.mark.long
@pytest.mark.promise("S32")
async def test_of_two_hundred_pictures_no_tag_is_left(
    service: Service, chromium_path: str, record_property: Callable[[str, object], None]
) -> None:
    """As many cameras and apps would write them; of the parts that can hold a tag (APP0 to APP15, comments) none is left."""
    async with floor(service, chromium_path) as here, here.child() as child:
        await child.page.add_init_script(EARS)
        await at_words(child, here.address)
        files = list(varied(round(200 * SHARE)))
        assert all(b"zq-" in content for _, content in files)
        for name, content in files:
            await chooses(child, name, content)
            assert 1 == await kept(child), name
            bare = await shown(child)
            picture = Image.open(io.BytesIO(bare))
            picture.load()
            assert ("JPEG", {}) == (picture.format, dict(picture.getexif())), name
            assert {0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD} >= parts_of(bare), name
            assert [] == hidden_in(bare), name
            await child.press("picture-away:0")
        assert [] == child.faults + await child.broken()
        record_property("pictures", len(files))


@pytest.mark.promise("S34")
async def test_a_report_holds_some_pictures_and_no_more(service: Service, chromium_path: str) -> None:
    async with floor(service, chromium_path) as here, here.child() as child:
        await at_words(child, here.address)
        for at in range(MOST_PICTURES):
            await chooses(child, "photo.jpg", photo())
            assert at + 1 == await kept(child)
        await chooses(child, "photo.jpg", photo())
        await expect(child.page.locator(".pictures [role=status]")).to_contain_text("You can write the rest")
        assert MOST_PICTURES == await kept(child)


async def test_where_no_pictures_are_taken_none_is_offered(service: Service, chromium_path: str) -> None:
    async with floor(service, chromium_path, "voice") as here, here.child() as child:
        await at_words(child, here.address)
        assert 0 == await child.page.locator("input[type=file], .pictures").count()


async def test_when_pictures_are_stopped_meanwhile_the_report_goes_without_them(
    service: Service, chromium_path: str
) -> None:
    async with floor(service, chromium_path) as here, here.child() as child:
        await at_words(child, here.address)
        await child.page.fill("#words", "they keep my papers")
        await chooses(child, "photo.jpg", photo())
        await child.press("next", "skip", "send")
        await child.code()
        here.house.flow = replace(here.house.flow, pictures=False)
        await child.press("code-saved")
        await expect(child.page.locator("#page")).to_contain_text("without them", timeout=40_000)
        await child.press("again")
        await sent(child)
        assert ["they keep my papers"] == await here.told()

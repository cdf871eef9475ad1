"""An officer hears a voice note in a frame without our origin; what is no sound, or not the one that was sent, does nothing."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect
from sqlalchemy import update

from storage.schema import voice_files
from tests.browser.console_page import Floor, Visitor, floor
from tests.opus import clip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.promise("S33"),
]

SECONDS = 50
"""Frames of 20 ms in a second."""
HOSTILE = {
    "a page": b"<!doctype html><script>parent.postMessage('heard', '*'); top.location = 'https://canary.invalid/'</script>",
    "a drawing": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script><image href='https://canary.invalid/'/></svg>",
    "a sound that is a page": clip(2)[:64] + b"<script src=https://canary.invalid/></script>" * 99,
    "a list of addresses": b"#EXTM3U\nhttps://canary.invalid/a.ts\n",
    "nothing": b"\0",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> AsyncIterator[Floor]:
    async with floor(tmp_path_factory.mktemp("console"), chromium_path) as made:
        yield made


async def listens(officer: Visitor) -> None:
    """By keyboard."""
    button = officer.page.locator("#case button.listen")
    await button.focus()
    await officer.page.keyboard.press("Enter")


async def test_a_voice_note_is_played_where_it_can_reach_nothing(house: Floor) -> None:
    case = await house.world.case()
    await house.world.sends_sound(case, clip(3 * SECONDS), 3)
    async with house.visitor(width=360) as officer:
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        await expect(officer.page.locator("#case button.listen")).to_have_text("▶ Listen (0:03)")
        await listens(officer)

        sound = officer.page.frame_locator("#case iframe.player").locator("audio")
        await expect(sound).to_have_js_property("duration", 3)
        assert "allow-scripts" == await officer.page.locator("iframe.player").get_attribute("sandbox")
        await officer.calm()
        assert "null" == await sound.evaluate("() => origin")
        assert await sound.evaluate("() => { try { return !parent.document; } catch { return true; } }")
        assert await sound.evaluate("() => fetch('/console/me').then(() => false, () => true)")
        assert await officer.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("kind", HOSTILE)
async def test_what_is_no_sound_is_said_to_be_none_and_runs_nowhere(house: Floor, kind: str) -> None:
    case = await house.world.case()
    await house.world.sends_sound(case, HOSTILE[kind], 1)
    async with house.visitor() as officer:
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        await listens(officer)
        await expect(officer.page.locator("#case")).to_contain_text("This sound cannot be played")
        await officer.calm()


async def test_another_sound_in_its_place_is_not_played(house: Floor) -> None:
    case = await house.world.case()
    await house.world.sends_sound(case, clip(SECONDS), 1)
    mine = voice_files.c.case_id == case.id
    await house.world.database.write(
        lambda conn: conn.execute(update(voice_files).where(mine).values(envelope=b"another" * 9999))
    )
    async with house.visitor() as officer:
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        await listens(officer)
        await expect(officer.page.locator("#trouble")).not_to_be_empty()
        assert 0 == await officer.page.locator("iframe.player").count()


async def test_a_sound_of_another_office_is_not_there(house: Floor) -> None:
    case = await house.world.case(place="PK-PB")
    record = await house.world.sends_sound(case, clip(SECONDS), 1)
    async with house.visitor() as officer:
        officer.expected.add(404)
        await officer.at_the_queue("sindh")
        asked = f"fetch('/console/case/{case.id.hex()}/sound/{record.hex()}').then((answer) => answer.status)"
        assert 404 == await officer.page.evaluate(asked)

"""An officer looks at a picture in a frame without our origin, blurred until pressed; what is no picture does nothing."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect
from sqlalchemy import select, update

from storage.schema import audit_entries, voice_files
from tests.browser.console_page import Floor, Visitor, floor
from tests.hostile_pictures import drawing, drawn, encoded, refused

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.promise("S33"),
]

WIDE = encoded("JPEG", drawing((400, 200)))
NOT_OURS = {name: content for name, content in refused().items() if 0 < len(content) < 1_000_000} | {
    "huge.jpg": encoded("JPEG", drawing((8, 8))).replace(
        b"\xff\xc0\0\x11\x08\0\x08\0\x08", b"\xff\xc0\0\x11\x08\xff\xff\xff\xff"
    ),
    "too wide.jpg": encoded("JPEG", drawing((3000, 8))),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> AsyncIterator[Floor]:
    async with floor(tmp_path_factory.mktemp("console"), chromium_path) as made:
        yield made


async def looks(officer: Visitor) -> Locator:
    """By keyboard; the canvas in the frame."""
    await officer.page.get_by_role("button", name="Look at the picture").focus()
    await officer.page.keyboard.press("Enter")
    return officer.page.frame_locator("#case iframe.viewer").locator("canvas")


async def test_a_picture_is_blurred_until_pressed_and_reaches_nothing(house: Floor) -> None:
    case = await house.world.case()
    await house.world.sends_picture(case, WIDE)
    async with house.visitor(width=360) as officer:
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        assert 0 == await officer.page.locator("iframe.viewer").count(), "nothing is fetched before it is asked for"
        await expect(officer.page.locator("#case")).to_contain_text("tell your supervisor")
        before = await _looked(house)
        canvas = await looks(officer)
        await expect(canvas).to_have_js_property("width", 12)
        assert before + 1 == await _looked(house)
        clear = officer.page.get_by_role("button", name="Show it clearly")
        await expect(clear).to_be_focused()
        await officer.page.keyboard.press("Enter")
        await expect(canvas).to_have_js_property("width", 400)
        await officer.page.keyboard.press("Enter")
        await expect(canvas).to_have_js_property("width", 12)

        assert await canvas.evaluate("(one) => one.getBoundingClientRect().right <= innerWidth"), "nothing is cut off"
        assert "allow-scripts" == await officer.page.locator("iframe.viewer").get_attribute("sandbox")
        assert [] == await officer.faults_of_access()
        await officer.calm()
        assert "null" == await canvas.evaluate("() => origin")
        assert await canvas.evaluate("() => { try { return !parent.document; } catch { return true; } }")
        assert await canvas.evaluate("() => fetch('/console/me').then(() => false, () => true)")
        assert await officer.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await officer.page.get_by_role("button", name="Hide it").click()
        assert 0 == await officer.page.locator("iframe.viewer").count()


async def test_what_is_no_picture_of_ours_is_not_shown_and_runs_nowhere(house: Floor) -> None:
    case = await house.world.case()
    for content in NOT_OURS.values():
        await house.world.sends_picture(case, content)
    async with house.visitor() as officer:
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        for _ in NOT_OURS:
            await officer.page.get_by_role("button", name="Look at the picture").first.click()
            await expect(officer.page.locator("#case")).to_contain_text("cannot be shown")
            await expect(officer.page.locator("#case iframe.viewer")).to_have_count(0)
        broken = officer.page.locator("#case .hint", has_text="cannot be shown")
        await expect(broken).to_have_count(len(NOT_OURS))
        await officer.calm()


async def test_a_picture_that_is_more_is_shown_as_its_pixels_alone(house: Floor) -> None:
    case = await house.world.case()
    await house.world.sends_picture(case, drawn()["a picture and a page.jpg"])
    async with house.visitor() as officer:
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        canvas = await looks(officer)
        await expect(canvas).to_have_js_property("width", 12)
        await officer.calm()


async def test_another_file_in_its_place_is_not_shown(house: Floor) -> None:
    case = await house.world.case()
    await house.world.sends_picture(case, WIDE)
    mine = voice_files.c.case_id == case.id
    await house.world.database.write(
        lambda conn: conn.execute(update(voice_files).where(mine).values(envelope=b"another" * 9999))
    )
    async with house.visitor() as officer:
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        await officer.page.get_by_role("button", name="Look at the picture").click()
        await expect(officer.page.locator("#trouble")).not_to_be_empty()
        assert 0 == await officer.page.locator("iframe.viewer").count()


async def test_a_picture_is_fetched_by_its_own_team_and_with_a_trace_only(house: Floor) -> None:
    mine, theirs = await house.world.case(), await house.world.case(place="PK-PB")
    async with house.visitor() as officer:
        officer.expected |= {403, 404}
        await officer.at_the_queue("sindh")
        for case, method in ((theirs, "POST"), (mine, "GET")):
            record = await house.world.sends_picture(case, WIDE)
            path = f"/console/case/{case.id.hex()}/{'picture' if method == 'POST' else 'sound'}/{record.hex()}"
            asked = f"fetch('{path}', {{method: '{method}'}}).then((answer) => answer.status)"
            assert await officer.page.evaluate(asked) in (403, 404)


async def _looked(house: Floor) -> int:
    """How many entries of the log say that somebody looked at a picture."""
    entries = await house.world.database.read(lambda conn: conn.execute(select(audit_entries.c.entry)).scalars().all())
    return sum(b'"act":"picture"' in bytes(entry) for entry in entries)

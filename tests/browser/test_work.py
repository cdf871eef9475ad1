"""The work inside a case in a real Chromium: two boxes that nobody mixes up, and what officers keep for one another."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.browser.console_page import Floor, Visitor, floor
from tests.console.officer import Officer
from tests.console.test_casework import answers_in
from tests.console.world import SeededCase

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> AsyncIterator[Floor]:
    """One house for all: each test brings its own case, and finds it among the others."""
    async with floor(tmp_path_factory.mktemp("work"), chromium_path) as made:
        yield made


async def at_work(officer: Visitor, case: SeededCase, seat: str = "sindh") -> None:
    """Signed in, the case open and claimed."""
    await officer.at_the_queue(seat)
    await officer.opens(case.id)
    await officer.page.click("[data-deed=claim]")
    await officer.page.wait_for_selector("[data-deed=release]")


@pytest.mark.promise("S52")
@pytest.mark.parametrize(("width", "lang"), [(1280, "en"), (360, "ur")])
async def test_what_is_written_in_the_box_for_notes_never_reaches_the_child(
    house: Floor, width: int, lang: str
) -> None:
    """Two boxes, each saying who reads it; one goes to the child, the other to colleagues."""
    case = await house.world.case()
    async with house.visitor(width=width, lang=lang) as officer:
        page = officer.page
        await at_work(officer, case)
        await page.keyboard.press("n")
        assert "note-text" == await page.evaluate("document.activeElement.id")
        await page.keyboard.type("Uncle works at the station: secret.")
        await page.click("#notes-card button[type=submit]")
        await page.wait_for_selector(".note-entry")
        assert "" == await page.input_value("#note-text")
        await page.fill("#answer", "I am here.")
        await page.click("form.reply button[type=submit]")
        await page.wait_for_selector(".message.ours")
        await page.fill("#note-text", "A second note.")
        await page.click("#notes-card button[type=submit]")
        await page.wait_for_selector(".note-entry >> nth=1")
        assert ["I am here."] == await officer.texts("#case .talk .told")
        assert await officer.text(".to-child") != await officer.text(".only")
        assert [] == await officer.texts(".alarm")
        assert [] == await officer.faults_of_access()
        assert await officer.overflow() <= 0
        await officer.calm()
    async with Officer(house.world) as colleague:
        await colleague.signs_in("supervisor")
        notes = colleague.notes_in(await colleague.opens(case.id))

    assert ["I am here."] == await answers_in(house.world, case)
    assert ["Uncle works at the station: secret.", "A second note."] == [words for _, _, words in notes]


@pytest.mark.promise("R26")
async def test_a_note_is_still_there_when_a_colleague_was_faster(house: Floor) -> None:
    case = await house.world.case()
    async with house.visitor() as officer, Officer(house.world) as colleague:
        await at_work(officer, case)
        await colleague.signs_in("supervisor")
        theirs = colleague.note(await colleague.opens(case.id), "Theirs.")
        await colleague.posts(f"case/{case.id.hex()}/note/add", theirs)
        officer.expected.add(409)
        await officer.page.fill("#note-text", "Mine.")
        await officer.page.click("#notes-card button[type=submit]")
        await officer.page.wait_for_selector(".note-entry")
        assert "Mine." == await officer.page.input_value("#note-text")
        await officer.page.click("#notes-card button[type=submit]")
        await officer.page.wait_for_selector(".note-entry >> nth=1")

        assert ["Theirs.", "Mine."] == await officer.texts(".note-entry .told")


async def test_a_note_whose_receipt_was_lost_is_kept_once(house: Floor) -> None:
    case = await house.world.case()
    async with house.visitor() as officer:
        await at_work(officer, case)

        async def lose(route: object) -> None:
            await route.fetch()  # type: ignore[attr-defined]
            await route.abort()  # type: ignore[attr-defined]

        await officer.page.route("**/note/add", lose, times=1)
        await officer.page.fill("#note-text", "Once.")
        await officer.page.click("#notes-card button[type=submit]")
        await officer.page.wait_for_selector("#trouble:not(:empty)")
        await officer.page.click("#notes-card button[type=submit]")
        await officer.page.wait_for_selector(".note-entry")

        assert ["Once."] == await officer.texts(".note-entry .told")
    async with Officer(house.world) as colleague:
        await colleague.signs_in("supervisor")
        assert 1 == len(colleague.notes_in(await colleague.opens(case.id)))

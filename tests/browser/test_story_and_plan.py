"""The story first, the plan in the child's words, covered until wanted, printed as a summary; in a real Chromium."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.browser.console_page import Floor, Visitor, floor
from tests.browser.test_work import at_work
from tests.console.officer import Officer
from tests.console.test_casework import answers_in
from tests.console.world import SeededCase

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

TOLD = {
    "who": ("me",),
    "concern": ("work",),
    "danger": ("now",),
    "place-from": ("PK-KP",),
    "place-to": ("PK-SD",),
    "wish": ("safe-place",),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> AsyncIterator[Floor]:
    async with floor(tmp_path_factory.mktemp("story"), chromium_path) as made:
        yield made


async def notes(house: Floor, case: SeededCase, what: str) -> list[dict[str, object]]:
    async with Officer(house.world) as colleague:
        await colleague.signs_in("supervisor")
        found = colleague.notes_in(await colleague.opens(case.id))
    return [json.loads(words) for kind, _, words in found if kind == what]


async def seals(officer: Visitor, card: str) -> None:
    await officer.page.click(f"{card} button[type=submit]")
    await officer.page.wait_for_selector(f"{card} [data-part=edit]:not([open])")


@pytest.mark.promise("S24")
@pytest.mark.parametrize(("width", "lang"), [(1280, "en"), (360, "ur")])
async def test_the_story_stands_first_on_one_line_and_is_covered_until_wanted(
    house: Floor, width: int, lang: str
) -> None:
    case = await house.world.case(answers=TOLD)
    places = house.world.live.wording.places[lang]
    async with house.visitor(width=width, lang=lang) as officer:
        page = officer.page
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        stops = await officer.texts("#story-card .stop strong")
        assert [places["PK-KP"], places["PK-SD"]] == [stops[0], stops[2]]
        order = await page.evaluate("[...document.querySelectorAll('#case .card')].map((card) => card.id)")
        assert "story-card" == order[0]
        blur = "getComputedStyle(document.querySelector('#case .told')).filter"
        assert "none" != await page.evaluate(blur)
        await page.focus("#case-title")
        await page.keyboard.press("b")
        assert "none" == await page.evaluate(blur)
        await page.click("#story-card summary >> nth=0")
        await page.fill("#story-what", "Works at a kiln, sleeps there")
        await page.fill("#story-transit", "Multan")
        await page.click("#story-card [data-part=edit] details summary")
        await page.check("input[name=forms][value=LB3]")
        await page.select_option("#story-status", "told")
        assert [] == await officer.faults_of_access()
        assert await officer.overflow() <= 0
        await seals(officer, "#story-card")
        assert "Multan" == (await officer.texts("#story-card .stop strong"))[1]
        assert "Works at a kiln" in await officer.text("#story-card")
        await page.emulate_media(media="print")
        assert await page.locator("#story-card").is_visible()
        assert not await page.locator("#notes-card").is_visible()
        assert not await page.locator("#queue").is_visible()
        await page.emulate_media(media="screen")
        await officer.calm()
    written = (await notes(house, case, "story"))[0]
    assert ("Works at a kiln, sleeps there", ["LB3"], "told") == (written["what"], written["forms"], written["status"])


async def test_what_was_shown_of_one_case_is_covered_at_the_next(house: Floor) -> None:
    first, other = await house.world.case(answers=TOLD), await house.world.case(answers=TOLD)
    blur = "getComputedStyle(document.querySelector('#case .told')).filter"
    async with house.visitor(width=1280, lang="en") as officer:
        await officer.at_the_queue("sindh")
        await officer.opens(first.id)
        await officer.page.focus("#case-title")
        await officer.page.keyboard.press("b")
        assert "none" == await officer.page.evaluate(blur)
        await officer.opens(other.id)
        assert "none" != await officer.page.evaluate(blur)
        assert "Show what was told" == await officer.text("#story-card [data-part=veil]")
        await officer.calm()


@pytest.mark.parametrize(("width", "lang"), [(1280, "en"), (360, "ur")])
async def test_the_child_sees_the_plan_with_the_code_and_officers_see_the_rest(
    house: Floor, width: int, lang: str
) -> None:
    case = await house.world.case(language="ur")
    urdu = house.world.live.wording.texts["ur"]
    async with house.visitor(width=width, lang=lang) as officer:
        page = officer.page
        await at_work(officer, case)
        await page.click("#plan-card summary")
        await page.fill("#plan-words", "میں اسکول جانا چاہتی ہوں")
        await page.fill("#plan-card input[name=goal-1]", "محفوظ جگہ سونا")
        await page.fill("#plan-card input[name=by-1]", "ہم")
        await page.fill("#plan-card input[name=when-1]", "آج رات")
        await page.select_option("#plan-card select[name=service-shelter]", "none")
        await page.select_option("#plan-justice", "reported")
        assert [] == await officer.faults_of_access()
        assert await officer.overflow() <= 0
        await seals(officer, "#plan-card")
        assert "میں اسکول جانا چاہتی ہوں" in await officer.text("#plan-card blockquote")
        await page.click("#plan-card [data-part=tell]")
        await page.click("form.reply button[type=submit]")
        await page.wait_for_selector(".message.ours")
        assert [] == await officer.faults_of_access()
        await officer.calm()

    said = (await answers_in(house.world, case))[0].split("\n")
    begin, end = urdu["console.begin.plan"], urdu["console.begin.plan-change"]
    assert [begin, "1. محفوظ جگہ سونا — ہم — آج رات", end] == said
    assert "none" == (await notes(house, case, "plan"))[0]["service-shelter"]


async def test_a_missing_guardian_is_brought_up_after_a_day_and_until_one_is_there(house: Floor) -> None:
    case = await house.world.case()
    async with house.visitor() as officer:
        page = officer.page
        await at_work(officer, case)
        await page.click("#plan-card summary")
        await page.select_option("#plan-guardian", "needed")
        await seals(officer, "#plan-card")
        assert await page.locator("#story-card [data-part=reminder]").is_hidden()
    house.world.clock.now += 23 * 3600
    async with Officer(house.world) as colleague:
        await colleague.signs_in("supervisor")
        assert case.id.hex() not in [one["id"] for one in (await colleague.gets("referrals")).json()["due"]]
    house.world.clock.now += 2 * 3600
    async with house.visitor() as officer:
        page = officer.page
        await officer.at_the_queue("sindh")
        await page.click(f".inbox-row[data-case='{case.id.hex()}']")
        await page.wait_for_selector("#story-card [data-part=reminder]:not([hidden])")
        assert "25" in await officer.text("#story-card [data-part=reminder]")
        assert [] == await officer.faults_of_access()
        await page.click("#plan-card summary")
        await page.select_option("#plan-guardian", "appointed")
        await seals(officer, "#plan-card")
        await page.evaluate("location.hash = ''")
        await page.wait_for_selector(f".inbox-row[data-case='{case.id.hex()}']", state="detached")
        await officer.calm()

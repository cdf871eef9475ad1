"""Prepared answers in a real Chromium: by "/", seen as the child will see them, with warnings where it matters."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.browser.console_page import Floor, floor
from tests.browser.test_work import at_work
from tests.console.test_casework import answers_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> AsyncIterator[Floor]:
    """A house as it is served."""
    async with floor(tmp_path_factory.mktemp("prepared"), chromium_path, prepared_first=True) as made:
        yield made


@pytest.mark.promise("S53", "S24")
@pytest.mark.parametrize(("width", "lang"), [(1280, "en"), (360, "ur")])
async def test_the_first_answer_is_chosen_in_the_childs_language_by_keys_alone(
    house: Floor, width: int, lang: str
) -> None:
    case = await house.world.case(language="ur")
    urdu = house.world.live.wording.texts["ur"]
    believed, safe = urdu["console.begin.believe"], urdu["console.begin.safe-now"]
    async with house.visitor(width=width, lang=lang) as officer:
        page, key = officer.page, officer.page.keyboard
        await at_work(officer, case)
        assert await page.evaluate("document.querySelector('#answer').readOnly")
        await page.focus("#case-title")
        await key.press("/")
        await page.wait_for_selector("#prepared[open]")
        assert [] == await officer.faults_of_access()
        assert await officer.overflow() <= 0
        english = "I believe you. What happened is not your fault."
        assert (english in await officer.text("#prepared [data-part=list]")) == (lang == "en")
        await key.type(believed[:12])
        await key.press("Enter")
        assert believed == await page.input_value("#answer")
        await key.press("/")
        await key.type(safe[:14])
        await key.press("ArrowDown")
        await key.press("Enter")
        assert f"{believed}\n{safe}" == await page.input_value("#answer")
        assert believed in await officer.text("form.reply .preview")
        assert (english in await officer.text("form.reply .preview")) == (lang == "en")
        assert [] == await officer.faults_of_access()
        await page.click("form.reply button[type=submit]")
        await page.wait_for_selector(".message.ours")
        assert not await page.evaluate("document.querySelector('#answer').readOnly")
        await page.fill("#answer", "کیا دروازہ کھلا ہے؟")
        await page.click("form.reply button[type=submit]")
        await page.wait_for_selector(".message.ours >> nth=1")
        await officer.calm()

    assert [f"{believed}\n{safe}", "کیا دروازہ کھلا ہے؟"] == await answers_in(house.world, case)


@pytest.mark.promise("S53")
async def test_a_name_a_place_a_number_or_a_link_is_pointed_out_before_it_goes(house: Floor) -> None:
    case = await house.world.case()
    async with house.visitor() as officer:
        page = officer.page
        await at_work(officer, case)
        await page.click("form.reply [data-part=choose]")
        await page.click("#prepared .choices button >> nth=0")
        await page.click("form.reply button[type=submit]")
        await page.wait_for_selector(".message.ours")
        place = house.world.live.wording.places["en"]["PK-SD"]
        words = f"Go to {place}, call 0300 1234567 or see example.org. Ask for Sana."
        await page.fill("#answer", words)
        assert 4 == await page.locator("form.reply .warned li").count()
        assert [] == await officer.faults_of_access()
        await page.click("form.reply button[type=submit]")
        await page.wait_for_selector("form.reply [data-part=error]:not(:empty)")
        assert 1 == await page.locator(".message.ours").count()
        await page.fill("#answer", "Are you safe?")
        assert await page.locator("form.reply .warned").is_hidden()
        await page.fill("#answer", words)
        await page.click("form.reply button[type=submit]")
        await page.click("form.reply button[type=submit]")
        await page.wait_for_selector(".message.ours >> nth=1")

    assert words == (await answers_in(house.world, case))[1]


@pytest.mark.promise("S53")
async def test_a_page_that_was_tampered_with_still_sends_no_free_first_answer(house: Floor) -> None:
    case = await house.world.case()
    async with house.visitor() as officer:
        page = officer.page
        await at_work(officer, case)
        await page.evaluate("document.querySelector('#answer').readOnly = false")
        await page.fill("#answer", "Come to the bus stop.")
        officer.expected.add(409)
        await page.click("form.reply button[type=submit]")
        await page.wait_for_selector("#trouble:not(:empty)")

    assert [] == await answers_in(house.world, case)

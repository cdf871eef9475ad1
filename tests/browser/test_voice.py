"""A child says what a page is like on a small phone; an administrator reads the figures; both for everybody."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.core.months import month_of
from bot.core.writes import Tally
from storage import tallies
from tests.browser.console_page import AXE, RULES, Floor, Visitor, floor
from tests.browser.served import Watch, browsing, phone
from tests.console.world import START
from tests.service import Service, serving_here
from tests.talking import NOON

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WCAG = [rule for rule in RULES if rule.startswith("wcag")]


@pytest.fixture
async def address(service: Service) -> AsyncIterator[str]:
    async with serving_here(service, now=lambda: NOON) as (_, here):
        yield here


@pytest.fixture
async def house(tmp_path: Path, chromium_path: str) -> AsyncIterator[Floor]:
    async with floor(tmp_path, chromium_path) as made:
        yield made


async def presses(page: Page, *keys: str) -> None:
    for key in keys:
        await page.locator(f'.choices button[data-key="{key}"]').last.click()
        await expect(page.locator("body[data-busy]")).to_have_count(0)  # what is pressed meanwhile is not heard


async def unusable(page: Page) -> list[str]:
    await page.evaluate(AXE)
    found = await page.evaluate("(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG)
    return [violation["id"] for violation in found["violations"]]


@pytest.mark.promise("S24")
@pytest.mark.parametrize("lang", ["en", "ur"])
async def test_a_child_says_what_a_page_is_like_on_a_small_phone(address: str, chromium_path: str, lang: str) -> None:
    async with browsing(chromium_path) as browser:
        watch, child = Watch(address), await phone(browser)
        page = await child.new_page()
        watch.follow(page)
        await page.goto(f"{address}/")
        await presses(page, f"lang:{lang}", "c:skip", "c:learn", "c:rights", "c:my-rights")
        faces = page.locator('.choices button[data-key^="f:"]')
        await expect(faces).to_have_count(3)
        tops = await faces.evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
        assert 1 == len(set(tops)), "three faces stand in one row"
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert [] == await unusable(page)

        await presses(page, "f:no", "say", "m:wrong")
        await page.locator("textarea").fill("zq-number")
        await page.keyboard.press("Enter")
        await expect(page.locator('.choices button[data-key="!back"]').last).to_be_visible()
        assert [] == await unusable(page)
        await presses(page, "!back")
        await expect(faces.first).to_be_visible()
        assert [] == watch.seen


@pytest.mark.promise("S24")
@pytest.mark.parametrize(("width", "lang"), [(1280, "en"), (360, "ur")])
async def test_an_administrator_reads_the_figures(house: Floor, width: int, lang: str) -> None:
    for item in ("page:my-rights:yes", "page:my-rights:no", "story:game-friend:some"):
        tally = Tally("helped", item, "ur", "teen", month_of(START))
        await house.world.database.write(lambda c, tally=tally: tallies.add(c, tally, 7))  # type: ignore[misc]
    async with house.visitor(width=width, lang=lang) as officer:
        await officer.signs_in("administrator")
        link = officer.page.locator("#me [data-part=figures]")
        await link.wait_for(state="visible")
        async with officer.page.context.expect_page() as opening:
            await link.click()
        page = await opening.value
        await page.wait_for_selector("table")
        assert 3 == await page.locator("#figures-helped ~ .scroll tbody tr").count()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert [] == await unusable(page)
        assert lang == await page.evaluate("document.documentElement.lang")


async def test_a_reader_opens_feedback_and_marks_it(house: Floor) -> None:
    case = await house.world.feedback("اسکول کی بسیں زیادہ ہوں")
    async with house.visitor(width=360, lang="ur") as officer:
        await officer.at_the_queue("duty-1")
        await officer.page.click("[data-view=feedback]")
        await officer.opens(case)
        assert "اسکول کی بسیں زیادہ ہوں" in await officer.text("#case .told")
        assert await officer.page.locator("#case-talk").is_hidden()
        assert [] == await officer.faults_of_access()
        assert await officer.overflow() <= 0
        await officer.page.click("[data-deed=sheet]")
        await officer.page.wait_for_selector("[data-deed=sheet]", state="detached")
        await officer.calm()


MANY_MORE = """
const list = document.querySelector("#sheet ul");
for (let i = 0; i < 80; i++) list.append(list.firstElementChild.cloneNode(true));
"""


async def test_a_reader_makes_the_yearly_sheet(house: Floor) -> None:
    said = ("اسکول کی بسیں زیادہ ہوں", "Teach it in <b>school</b>.", "My name is on this one.")
    for words in said:
        await house.world.feedback(words)
    other = await house.world.feedback("Not for the sheet.")
    async with house.visitor(width=360, lang="ur") as officer:
        await officer.at_the_queue("duty-1")
        await officer.page.click("[data-view=feedback]")
        for case in [hex for hex in await _cases(officer) if hex != other.hex()]:
            await officer.opens(bytes.fromhex(case))
            await officer.page.click("[data-deed=sheet]")
            await officer.page.wait_for_selector("[data-deed=sheet]", state="detached")
            await officer.page.click("[data-part=back]")
        assert await officer.page.locator("#queue [data-part=sheet]").is_hidden()
        await officer.page.click("[data-view=sheet]")
        await officer.page.click("#queue [data-part=sheet]")
        await officer.page.wait_for_selector("#sheet [data-part=print]:not([hidden])")
        assert set(said) == set(await officer.texts("#sheet .told"))
        assert [] == await officer.faults_of_access()
        assert await officer.overflow() <= 0

        await officer.page.locator("#sheet li", has_text="My name").locator("[data-part=drop]").click()
        await officer.page.emulate_media(media="print")
        shown = await officer.page.inner_text("body")
        assert set(said[:2]) == {words for words in said if words in shown}
        assert await officer.page.locator("#queue").is_hidden()
        assert await officer.page.locator("#sheet button:visible").count() == 0
        await officer.page.evaluate(MANY_MORE)
        assert (await officer.page.pdf()).count(b"/Type /Page\n") > 2, "a long sheet goes on overleaf"
        await officer.page.emulate_media(media="screen")
        await officer.page.click("#sheet [data-part=close]")
        await expect(officer.page.locator("#sheet .told")).to_have_count(0)
        await officer.calm()


async def _cases(officer: Visitor) -> list[str]:
    await expect(officer.page.locator("a.row")).to_have_count(4)
    return [await row.get_attribute("data-case") or "" for row in await officer.page.locator("a.row").all()]

"""The translators' desk in a real Chromium on a phone: correct, approve, publish; with scripts and without.

With HAMRAH_SCREENSHOTS set, each step leaves a picture in docs/screenshots/desk/.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from storage import wordings
from tests.browser.console_page import Floor, Visitor, floor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

SHOTS = Path(__file__).parents[2] / "docs" / "screenshots" / "desk"
CRITICAL = "code.show"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> AsyncIterator[Floor]:
    async with floor(tmp_path_factory.mktemp("wording"), chromium_path) as made:
        yield made


async def to_the_desk(visitor: Visitor, seat: str) -> None:
    """Sign in on the console, and go to the desk."""
    await visitor.signs_in(seat)
    link = visitor.page.locator("[data-part=wording]")
    await link.wait_for(state="visible")
    await link.click()
    await visitor.page.wait_for_selector("form.sieve")


async def looks_right(visitor: Visitor, name: str) -> None:
    assert [] == await visitor.faults_of_access()
    assert await visitor.overflow() <= 0
    await visitor.calm()
    if os.environ.get("HAMRAH_SCREENSHOTS"):
        SHOTS.mkdir(exist_ok=True)
        await visitor.page.screenshot(path=SHOTS / f"{name}.png")


async def opens(visitor: Visitor, id: str, of: str = "ur") -> None:
    page = visitor.page
    await page.select_option("#of", of)
    await page.fill("#q", id)
    await page.click("form.sieve button")
    await page.click(f"a.open[href*='text={id}&'], a.open[href$='text={id}']")
    await page.wait_for_selector("#edit")


@pytest.mark.parametrize(
    ("lang", "of", "scheme", "width"),
    [("en", "sd", "light", 360), ("ur", "hi", "dark", 360), ("ur", "ur", "light", 1280)],
)
async def test_two_people_bring_a_corrected_sentence_to_the_reader(
    house: Floor, lang: str, of: str, scheme: str, width: int
) -> None:
    """A safety-critical sentence: one corrects it on a phone, the other approves it, and a replica says it."""
    said = house.world.live.wording.texts[of][CRITICAL]
    assert "{code}" in said
    new = f"{said} …"
    name = f"{lang}-{of}-{width}"
    async with house.visitor(width=width, lang=lang, color_scheme=scheme) as writer:
        writer.expected = {409}
        await to_the_desk(writer, "translator")
        await looks_right(writer, f"list-{name}")
        await opens(writer, CRITICAL, of)
        await looks_right(writer, f"text-{name}")
        page = writer.page
        await page.fill("#words", said.replace("{code}", ""))
        await page.click("button[value=save]")
        assert 1 == await page.locator(".chip[data-lost]").count()  # the form was not sent: a name was lost
        await page.fill("#words", said.replace("{code}", ""))
        await page.focus("#words")
        await page.click(".chip")
        assert 0 == await page.locator(".chip[data-lost]").count()
        await page.fill("#words", new)
        assert new == await page.inner_text(".bubble.telegram [data-live]")
        await page.click("button[value=save]")
        await page.wait_for_selector("p.note")
        await page.click("button[value=approve]")
        await page.wait_for_selector("p.error")
        await looks_right(writer, f"second-{name}")
    async with house.visitor(width=width, lang=lang, color_scheme=scheme) as other:
        await to_the_desk(other, "administrator")
        await opens(other, CRITICAL, of)
        await other.page.click("button[value=approve]")
        await other.page.click("button[value=publish]")
        await other.page.wait_for_selector("[data-state=published]")
        await looks_right(other, f"published-{name}")

    await house.world.rewording.look()
    assert new == house.world.live.wording.texts[of][CRITICAL]


async def test_keys_save_and_lead_on_and_unsaved_words_survive_a_reload(house: Floor) -> None:
    async with house.visitor() as writer:
        await to_the_desk(writer, "translator")
        page = writer.page
        await page.select_option("#of", "ur")
        await page.click("form.sieve button")
        await page.locator("a.open").first.click()
        first = await page.input_value("#edit input[name=text]")
        await page.wait_for_load_state()  # the keys come with the script, after the form
        await page.keyboard.press("Alt+PageDown")
        await writer.until(f"document.querySelector('#edit input[name=text]')?.value !== '{first}'")
        second = await page.input_value("#edit input[name=text]")
        await page.wait_for_load_state()
        words = await page.input_value("#words") + " …"
        await page.fill("#words", words)
        await page.reload()
        assert words == await page.input_value("#words")
        await page.focus("#words")
        await page.keyboard.press("Control+Enter")
        await writer.until(f"document.querySelector('#edit input[name=text]')?.value !== '{second}'")
        await page.wait_for_load_state()
        await page.keyboard.press("Alt+Shift+L")
        await page.wait_for_selector("form.sieve")
        await writer.calm()

    rows = await house.world.database.read(lambda c: wordings.history(c, "ur", second))
    assert [words] == [row.words for row in rows]


async def test_it_works_without_scripts(house: Floor) -> None:
    async with house.visitor() as writer:
        await to_the_desk(writer, "translator")
        kept = await writer.page.context.storage_state()
    context = await house.browser.new_context(
        storage_state=kept, java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    page = await context.new_page()
    await page.goto(f"{house.address}/console/wording?of=sd&text=say.group")
    words = await page.input_value("#words") + " …"
    await page.fill("#words", words)
    await page.click("button[value=save]")
    assert "Saved." == await page.inner_text("p.note")
    await context.close()

    rows = await house.world.database.read(lambda c: wordings.history(c, "sd", "say.group"))
    assert [words] == [row.words for row in rows]

"""Content and administration in a real Chromium: on a phone and a desk, in English and Urdu, by keyboard alone.

With HAMRAH_SCREENSHOTS set, each step leaves a picture in docs/screenshots/room/.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.services.founding import read_teams
from storage import entries
from tests.browser.console_page import Floor, Visitor, floor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

SHOTS = Path(__file__).parents[2] / "docs" / "screenshots" / "room"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> AsyncIterator[Floor]:
    async with floor(tmp_path_factory.mktemp("room"), chromium_path) as made:
        yield made


async def goes_to(visitor: Visitor, seat: str, part: str) -> None:
    """Sign in on the console and follow its link."""
    await visitor.signs_in(seat)
    link = visitor.page.locator(f"[data-part={part}]")
    await link.wait_for(state="visible")
    await link.click()
    await visitor.page.wait_for_selector("main.wording")


async def looks_right(visitor: Visitor, name: str) -> None:
    assert [] == await visitor.faults_of_access()
    assert await visitor.overflow() <= 0
    await visitor.calm()
    if os.environ.get("HAMRAH_SCREENSHOTS"):
        SHOTS.mkdir(exist_ok=True)
        await visitor.page.screenshot(path=SHOTS / f"{name}.png")


@pytest.mark.parametrize(
    ("lang", "scheme", "width", "item"),
    [("en", "light", 360, "pk-police"), ("ur", "dark", 360, "pk-human-rights"), ("ur", "light", 1280, "pk-nccia")],
)
async def test_an_entry_is_changed_by_one_approved_by_another_and_published(
    house: Floor, lang: str, scheme: str, width: int, item: str
) -> None:
    name = f"{lang}-{width}"
    async with house.visitor(width=width, lang=lang, color_scheme=scheme) as admin:
        admin.expected = {409}
        await goes_to(admin, "administrator", "content")
        await looks_right(admin, f"list-{name}")
        page = admin.page
        await page.goto(f"{house.address}/console/content?lang={lang}&kind=helpline&item={item}")
        await looks_right(admin, f"entry-{name}")
        await page.fill("[name='f.country']", "XX")
        await page.click("button[value=save]")
        await page.wait_for_selector("[role=alert]")
        await looks_right(admin, f"refused-{name}")
        await page.fill("[name='f.country']", "PK")
        await page.fill("[name='f.note']", "Read again today.")
        await page.click("button[value=save]")
        await page.wait_for_selector("p.note")
        await page.click("button[value=approve]")
        await page.wait_for_selector("[role=alert]")
    async with house.visitor(width=width, lang=lang, color_scheme=scheme) as reviewer:
        await goes_to(reviewer, "reviewer", "content")
        await reviewer.page.goto(f"{house.address}/console/content?lang={lang}&kind=helpline&item={item}")
        await reviewer.page.click("button[value=approve]")
        await reviewer.page.click("button[value=publish]")
        await reviewer.page.wait_for_selector("h2 [data-state=published]")
        await looks_right(reviewer, f"published-{name}")

    rows = await house.world.database.read(lambda c: entries.history(c, "helpline", item))
    assert ["published", "reviewed", "draft"] == [row.state for row in rows]


@pytest.mark.parametrize("kind", ["page", "story", "answer", "region", "rule", "routing"])
async def test_every_kind_has_a_list_and_a_form_for_everybody(house: Floor, kind: str) -> None:
    items = {
        "page": "boys-too",
        "story": "bus-stop",
        "answer": "believe",
        "region": "PK-SD",
        "rule": "danger-now",
        "routing": "routing",
    }
    async with house.visitor(width=360, lang="ur") as admin:
        await goes_to(admin, "administrator", "content")
        for query in (f"kind={kind}", f"kind={kind}&item={items[kind]}", "view=recheck"):
            await admin.page.goto(f"{house.address}/console/content?lang=ur&{query}")
            await looks_right(admin, f"{kind}-{query.partition('=')[2].replace('&', '-').replace('=', '-')}")


async def test_a_list_of_teams_is_drafted_on_a_phone_and_saved_as_a_file(house: Floor) -> None:
    async with house.visitor(width=360, lang="ur") as admin:
        await goes_to(admin, "administrator", "room")
        page = admin.page
        await page.click("a[href*='teams?']")
        await page.click("li >> text=Sindh team (trial)")
        await page.wait_for_selector("#team")
        await page.check("[name='reader.punjab']")
        await page.click("#team button[value=change]")
        await page.wait_for_selector("section li.hint")
        await looks_right(admin, "teams-ur-360")
        async with page.expect_download() as saved:
            await page.click("button[value=file]")
        drafted = Path(await (await saved.value).path()).read_text("utf-8")
        assert "punjab" in next(team.officers for team in read_teams(drafted) if team.id == "sindh")


@pytest.mark.parametrize(
    ("lang", "scheme", "width"), [("en", "light", 360), ("ur", "dark", 360), ("ur", "light", 1280)]
)
async def test_the_room_is_used_by_keyboard_alone(house: Floor, lang: str, scheme: str, width: int) -> None:
    async with house.visitor(width=width, lang=lang, color_scheme=scheme) as admin:
        admin.expected = {409}
        await goes_to(admin, "administrator", "room")
        page = admin.page
        await looks_right(admin, f"room-{lang}-{width}")
        await page.focus("#set-campaigns")
        await page.keyboard.press("ControlOrMeta+A")
        await page.keyboard.type("not a name!")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("[role=alert]")
        await looks_right(admin, f"room-refused-{lang}-{width}")
        await page.focus("#set-campaigns")
        await page.keyboard.press("ControlOrMeta+A")
        await page.keyboard.type(f"school-{width}-{lang}")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("p.note")
        await page.focus("#form-attachments [name=procedure]")
        await page.keyboard.press("Space")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("p.note")
        await page.focus("button[name=look]")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#health ~ ul")
        await looks_right(admin, f"room-looked-{lang}-{width}")

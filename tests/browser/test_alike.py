"""The same matter in two cases, found by a real Chromium without the server learning what it is."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import select, update

from bot.sealing.keys import key_id, new_seed, public_key
from storage.schema import match_keys, match_tokens
from tests.browser.console_page import Floor, Visitor, floor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> AsyncIterator[Floor]:
    async with floor(tmp_path_factory.mktemp("alike"), chromium_path) as made:
        yield made


async def looks(officer: Visitor, case: bytes) -> None:
    await officer.page.evaluate("location.hash = ''")
    await officer.opens(case)
    await officer.page.click("#alike-card [data-part=look]")
    await officer.page.wait_for_selector("#alike-card [data-part=found]:not(:empty)")


@pytest.mark.promise("S1")
async def test_a_number_written_in_two_ways_is_found_and_never_leaves_the_page(house: Floor) -> None:
    """One child writes it in Urdu numerals, another with a country code, and an officer notes a vehicle."""
    first = await house.world.case((("words-what", "اس کا نمبر ۰۳۰۰-۱۲۳۴۵۶۷ ہے"),))
    second = await house.world.case((("words-what", "Call him: +92 300 1234567."),))
    asked: list[str] = []
    async with house.visitor() as officer:
        page = officer.page
        page.on("request", lambda request: asked.append(str(request.post_data)))
        await officer.at_the_queue("sindh")
        await looks(officer, first.id)
        await looks(officer, second.id)
        assert first.id.hex() in await page.inner_html("#alike-card [data-part=seen]")
        assert "300 1234567" in await officer.text("#alike-card [data-part=seen]")
        assert [] == await officer.faults_of_access()
        await page.click("#alike-card [data-part=seen] button")
        await page.wait_for_selector("#alike-card [data-part=links] a")
        await page.click("#alike-card [data-part=links] a")
        await officer.until(f"location.hash === '#/{first.id.hex()}'")
        await officer.calm()
    tokens = await house.world.database.read(lambda conn: conn.execute(select(match_tokens)).all())

    assert not [one for one in asked if "1234567" in one or "۱۲۳۴۵۶۷" in one]
    assert 1 == len({row.token for row in tokens})
    assert {first.id, second.id} == {row.case_id for row in tokens}


async def test_names_and_vehicles_of_the_story_are_compared_by_another_officer(house: Floor) -> None:
    """The common key reached the supervisor although another officer made it."""
    cases = [await house.world.case(place="PK-KP") for _ in range(2)]
    async with house.visitor() as officer, house.visitor() as supervisor:
        for visitor, seat, case, told in (
            (officer, "kp", cases[0], ("Gul Khan, علی", "LES-4521")),
            (supervisor, "supervisor", cases[1], ("khan GUL", "les 4521")),
        ):
            page = visitor.page
            await visitor.at_the_queue(seat)
            await visitor.opens(case.id)
            await page.click("#story-card summary >> nth=0")
            await page.fill("#story-names", told[0])
            await page.fill("#story-vehicles", told[1])
            await page.click("#story-card button[type=submit]")
            await page.wait_for_selector("#story-card [data-part=edit]:not([open])")
            await page.click("#alike-card [data-part=look]")
            await page.wait_for_selector("#alike-card [data-part=found]:not(:empty)")
        found = await supervisor.text("#alike-card [data-part=seen]")
        await supervisor.calm()

    assert "khan GUL" in found
    assert "les 4521" in found


@pytest.mark.promise("S52")
async def test_a_common_key_of_the_servers_own_is_not_used(house: Floor) -> None:
    """With one the server could try telephone numbers until a token fits."""
    case = await house.world.case((("words-what", "0300 7654321"),))
    forged = key_id(public_key(new_seed()))
    async with house.visitor() as officer:
        await officer.at_the_queue("sindh")
        await looks(officer, case.id)
        await house.world.database.write(lambda conn: conn.execute(update(match_keys).values(match_key=forged)))
        asked: list[str] = []
        officer.page.on("request", lambda request: asked.append(request.url))
        await officer.page.evaluate("document.querySelector('#alike-card [data-part=found]').textContent = ''")
        await officer.page.click("#alike-card [data-part=look]")
        await officer.page.wait_for_selector("#alike-card [data-part=found]:not(:empty)")

        assert "not signed" in await officer.text("#alike-card [data-part=found]")
        assert not [url for url in asked if url.endswith("match/look")]

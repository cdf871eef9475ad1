"""Passing a case on in a real Chromium: over a border and back, never to whoever is to be kept away."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from storage import cases
from storage.schema import slots
from tests.browser.console_page import Floor, Visitor, floor
from tests.browser.test_work import at_work
from tests.console.officer import Officer
from tests.console.world import SeededCase

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> AsyncIterator[Floor]:
    async with floor(tmp_path_factory.mktemp("sharing"), chromium_path) as made:
        yield made


async def passes_on(officer: Visitor, team: str, way: str = "referral", why: str = "A safe place is needed.") -> None:
    page = officer.page
    await page.click("#pass-card summary")
    await page.check(f"#pass-card input[name=pass-way][value={way}]")
    await page.select_option("#pass-to", team)
    await page.check("#pass-card input[name=pass-consent][value=given]")
    await page.fill("#pass-why", why)


async def readers(house: Floor, case: SeededCase) -> set[str]:
    """Ids of officers who hold a slot."""
    roster = house.world.living.current(now=house.world.clock())
    held = {slot.key for slot in await house.world.database.read(lambda conn: cases.slots_of(conn, case.id))}
    return {officer.id for officer in roster.officers if {key.id for key in officer.keys} & held}


@pytest.mark.promise("S12")
@pytest.mark.parametrize(("width", "lang"), [(1280, "en"), (360, "ur")])
async def test_a_case_is_referred_over_a_border_accepted_and_finished(house: Floor, width: int, lang: str) -> None:
    case = await house.world.case((("words-what", "My brother was taken to Dubai."),))
    async with house.visitor(width=width, lang=lang) as sindh, house.visitor(width=width, lang=lang) as border:
        await at_work(sindh, case)
        await passes_on(sindh, "border")
        assert [] == await sindh.faults_of_access()
        assert await sindh.overflow() <= 0
        await sindh.page.click("#pass-card button[type=submit]")
        await sindh.page.wait_for_selector(".referral [data-step=revoke]")
        assert {"sindh", "supervisor", "border"} == await readers(house, case)
        await border.at_the_queue("border")
        await border.page.wait_for_selector(f".inbox-row[data-case='{case.id.hex()}']")
        assert [] == await border.faults_of_access()
        await border.page.click(f".inbox-row[data-case='{case.id.hex()}']")
        await border.page.wait_for_selector(".referral [data-step=accept]")
        assert "A safe place is needed." in await border.text("#pass-card .told")
        assert "My brother was taken to Dubai." in await border.text("#case")
        assert [] == await border.texts(".alarm")
        await border.page.click("[data-step=accept]")
        await border.page.wait_for_selector(".referral [data-step=done]")
        await border.page.click("[data-step=done]")
        await border.until("location.hash === ''")  # beside a wide case the queue stands all the time
        assert {"sindh", "supervisor"} == await readers(house, case)
        await sindh.page.evaluate("location.hash = ''")
        await sindh.page.click("#queue [data-part=refresh]")
        await sindh.opens(case.id)
        await sindh.page.wait_for_selector(".referral")
        assert [] == await sindh.texts(".alarm")
        await sindh.calm()
        await border.calm()


@pytest.mark.promise("S40")
async def test_an_office_to_be_kept_away_cannot_be_chosen_and_its_officer_gets_no_slot(house: Floor) -> None:
    """The reporter named the Punjab team; the duty team can be asked, its officers from Punjab cannot."""
    case = await house.world.case(answers={"avoid": ("punjab",), "concern": ("work",)})
    async with house.visitor() as sindh:
        page = sindh.page
        await at_work(sindh, case)
        await page.click("#pass-card summary")
        assert await page.evaluate("document.querySelector('#pass-to option[value=punjab]').disabled")
        await page.select_option("#pass-to", "duty")
        supervisor = await page.evaluate("document.querySelector('input[name=pass-reader][value=supervisor]').disabled")
        await page.check("#pass-card input[name=pass-way][value=transfer]")
        await page.check("#pass-card input[name=pass-consent][value=given]")
        await page.evaluate("document.querySelector('input[name=pass-reader][value=supervisor]').disabled = false")
        await page.check("input[name=pass-reader][value=supervisor]")
        await page.click("#pass-card button[type=submit]")
        await page.wait_for_selector(".referral")

        assert supervisor
        assert {"duty-1", "duty-2"} <= await readers(house, case)
        assert "punjab" not in await readers(house, case)


@pytest.mark.promise("S40")
async def test_a_named_person_makes_somebody_choose_each_reader(house: Floor) -> None:
    case = await house.world.case(answers={"avoid": ("person",)}, pair_only=True)
    async with house.visitor() as duty:
        await at_work(duty, case, "duty-1")
        await duty.page.click("#pass-card summary")
        await duty.page.select_option("#pass-to", "sindh")
        ticked = await duty.page.locator("input[name=pass-reader]:checked").count()
        await duty.page.check("#pass-card input[name=pass-way][value=referral]")
        await duty.page.check("#pass-card input[name=pass-consent][value=given]")
        await duty.page.click("#pass-card button[type=submit]")
        await duty.page.wait_for_selector("#pass-card [data-part=error]:not(:empty)")
        await duty.page.check("input[name=pass-reader][value=supervisor]")
        await duty.page.click("#pass-card button[type=submit]")
        await duty.page.wait_for_selector(".referral")

        assert 0 == ticked
        assert await duty.page.locator("#pass-card [data-part=person]").count()
        assert {"duty-1", "duty-2", "supervisor"} == await readers(house, case)


@pytest.mark.promise("S40")
async def test_whoever_a_complaint_is_about_reads_no_more_and_is_never_added_again(house: Floor) -> None:
    case = await house.world.case((("words-what", "The helper was rude."),))
    async with house.visitor() as supervisor, Officer(house.world) as sindh:
        page = supervisor.page
        await at_work(supervisor, case, "supervisor")
        await passes_on(supervisor, "duty", "complaint", "The child says that the helper was rude.")
        await page.check("input[name=pass-away][value=sindh]")
        assert [] == await supervisor.faults_of_access()
        await page.click("#pass-card button[type=submit]")
        await page.wait_for_selector(".referral")
        await sindh.signs_in("sindh")
        assert 404 == (await sindh.posts(f"case/{case.id.hex()}/open", {})).status_code
        assert {"supervisor", "duty-1", "duty-2"} == await readers(house, case)
        assert [] == await supervisor.texts(".alarm")
        await supervisor.calm()


@pytest.mark.promise("S12", "S40")
async def test_a_slot_slipped_in_is_never_listed_by_passing_the_case_on(house: Floor) -> None:
    """The server adds a reader of its own; the page raises the alarm and passes nothing."""
    case = await house.world.case()
    stranger = await house.world.case(place="PK-PB")
    async with house.visitor() as sindh:
        await at_work(sindh, case)
        foreign = (await house.world.database.read(lambda conn: cases.slots_of(conn, stranger.id)))[0]
        await sindh.page.evaluate("location.hash = ''")
        key = next(
            key.id
            for officer in house.world.living.current(now=house.world.clock()).officers
            if officer.id == "punjab"
            for key in officer.keys
        )
        await house.world.database.write(
            lambda conn: conn.execute(slots.insert().values(case_id=case.id, key_id=key, roster=1, slot=foreign.slot))
        )
        await sindh.opens(case.id)
        assert 1 == await sindh.page.locator(".alarm").count()
        await passes_on(sindh, "border")
        await sindh.page.click("#pass-card button[type=submit]")
        await sindh.page.wait_for_selector("#trouble:not(:empty)")

        assert "border" not in await readers(house, case)

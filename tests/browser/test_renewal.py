"""An officer's key is renewed by the browser itself at signing in; cases follow, and the old key is destroyed (S13)."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Route
from sqlalchemy import Connection

from bot.sealing.roster import EPOCH_S
from bot.services.officers.epochs import OVERLAP_S, RENEW_S
from storage import accounts, cases
from storage.referrals import add_slots
from tests.browser.console_page import Floor, Visitor, floor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio]
DAY_S = 86_400


@pytest_asyncio.fixture
async def house(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> AsyncIterator[Floor]:
    async with floor(tmp_path_factory.mktemp("renewal"), chromium_path) as made:
        yield made


async def keys_of(house: Floor, seat: str) -> list[bytes]:
    bundles = await house.world.database.read(lambda conn: accounts.bundles(conn, seat))
    return [bundle.key for bundle in bundles]


async def readers_of(house: Floor, case: bytes) -> set[bytes]:
    return {slot.key for slot in await house.world.database.read(lambda conn: cases.slots_of(conn, case))}


async def comes_and_reads(officer: Visitor, case: bytes) -> None:
    await officer.at_the_queue("sindh")
    await officer.opens(case)
    assert "They keep my passport." in await officer.text("#case .told")


@pytest.mark.promise("S13")
async def test_a_key_near_its_end_is_renewed_at_signing_in_and_nothing_becomes_unreadable(house: Floor) -> None:
    case = await house.world.case()
    [old] = await keys_of(house, "sindh")
    house.world.clock.now += EPOCH_S - RENEW_S + DAY_S

    async with house.visitor() as officer:
        async with officer.page.expect_response("**/key/retire"):  # too early: an upload may still be sealed to it
            await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        assert "They keep my passport." in await officer.text("#case .told")
        assert [] == await officer.texts("#case .alarm")
        await officer.calm()
    [_, new] = await keys_of(house, "sindh")
    assert {old, new} <= await readers_of(house, case.id)

    house.world.clock.now += OVERLAP_S
    async with house.visitor() as officer:
        async with officer.page.expect_response("**/key/retire"):
            await officer.at_the_queue("sindh")
        await officer.calm()
    assert [new] == await keys_of(house, "sindh")
    assert old not in await readers_of(house, case.id)

    async with house.visitor() as officer:
        await comes_and_reads(officer, case.id)
        await officer.calm()


@pytest.mark.promise("S13")
async def test_cut_off_while_cases_are_sealed_it_goes_on_at_the_next_signing_in(house: Floor) -> None:
    seeded = [await house.world.case() for _ in range(4)]
    house.world.clock.now += EPOCH_S - DAY_S

    async with house.visitor() as officer:
        officer.expected |= {503}
        sealed = 0

        async def cut(route: Route) -> None:
            nonlocal sealed
            sealed += 1
            if sealed < 3:
                await route.continue_()
            else:
                await route.fulfill(status=503, json={"error": "unforeseen"})

        await officer.page.route("**/key/rewrap", cut)
        await officer.at_the_queue("sindh")
        await officer.page.wait_for_selector("#trouble:not(:empty)")
        await comes_to(officer, seeded[3].id)
    [_, new] = await keys_of(house, "sindh")
    assert 2 == sum([new in await readers_of(house, case.id) for case in seeded])

    async with house.visitor() as officer:
        async with officer.page.expect_response("**/key/retire"):
            await officer.at_the_queue("sindh")
        await comes_to(officer, seeded[0].id)
        await officer.calm()
    assert 4 == sum([new in await readers_of(house, case.id) for case in seeded])


async def comes_to(officer: Visitor, case: bytes) -> None:
    await officer.opens(case)
    assert "They keep my passport." in await officer.text("#case .told")


@pytest.mark.promise("S12", "S13")
async def test_a_slot_that_somebody_slipped_in_is_not_sealed_on(house: Floor) -> None:
    """The server cannot use a renewal to launder a reader of its own: the case stays as it was, and an alarm says so."""
    case = await house.world.case()
    other = await house.world.case()
    stolen = next(iter(await house.world.database.read(lambda conn: cases.slots_of(conn, other.id))))
    await house.world.database.write(lambda conn: slip_in(conn, case.id, stolen.slot))
    house.world.clock.now += EPOCH_S - DAY_S

    async with house.visitor() as officer:
        await officer.at_the_queue("sindh")
        await officer.page.wait_for_selector("#trouble:not(:empty)")
    [_, new] = await keys_of(house, "sindh")
    assert new not in await readers_of(house, case.id)
    assert new in await readers_of(house, other.id)


def slip_in(conn: Connection, case: bytes, slot: bytes) -> None:
    found = cases.find(conn, case)
    assert found is not None
    add_slots(conn, case, {b"\x07" * 16: slot}, 1, found.slot_list)

"""Becoming an officer in a real browser: the key never leaves it, the words are shown once, the signs agree (S14, S20)."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page

from bot.services import founding
from bot.services.officers.account import Role
from storage import accounts
from tests.browser.console_page import Floor, Visitor, floor
from tests.console.test_people import READER, signed_in_roster

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> AsyncIterator[Floor]:
    async with floor(tmp_path_factory.mktemp("joining"), chromium_path) as made:
        yield made


async def invited(
    house: Floor, visitor: Visitor, login: str, roles: frozenset[Role] = READER, lang: str = "en"
) -> Page:
    token = await house.world.joining.invite(login, f"{login.title()} <b>X</b>", roles, now=house.world.clock())
    await visitor.page.goto(f"{house.address}/console/join?lang={lang}#{token}")
    await visitor.page.wait_for_selector("#begin:not([hidden])")
    return visitor.page


async def makes_a_key(page: Page) -> str:
    await page.click("#begin [data-part=go]")
    await page.wait_for_selector("#words:not([hidden])")
    return await page.inner_text("#words [data-part=phrase]")


@pytest.mark.promise("S14", "S20")
@pytest.mark.parametrize(("lang", "width", "login"), [("en", 1280, "zoya"), ("ur", 360, "yasmin")])
async def test_somebody_who_was_invited_makes_a_key_and_reads_once_the_root_signed(
    house: Floor, lang: str, width: int, login: str
) -> None:
    bodies: list[str] = []
    async with house.visitor(width=width, lang=lang) as visitor:
        visitor.page.on("request", lambda request: bodies.append(request.post_data or ""))
        page = await invited(house, visitor, login, lang=lang)
        assert "#" not in page.url
        assert [] == await visitor.faults_of_access()
        phrase = await makes_a_key(page)
        assert [] == await visitor.faults_of_access()
        await page.fill("#again", "baba baba baba baba baba baba")
        await page.click("#words [data-part=keep]")
        await page.wait_for_selector("#error:not(:empty)")
        assert await house.world.database.read(lambda conn: accounts.by_id(conn, login)) is None
        await page.fill("#again", f" {phrase.upper()} ")
        await page.click("#words [data-part=keep]")
        await page.wait_for_selector("#done:not([hidden])")
        assert [] == await visitor.faults_of_access()
        assert await visitor.overflow() <= 0
        signs = await page.inner_text("#done [data-part=fingerprint]")
        assert phrase not in await page.content()

        pending = {one.account: one for one in await house.world.joining.pending(now=house.world.clock())}
        assert pending[login].fingerprint == signs == founding.fingerprint(pending[login].card)
        await signed_in_roster(house.world, login)
        case = await house.world.case()
        await page.click("#done a")
        await page.wait_for_selector("#sign-in:not([hidden])")
        await visitor.signs_in(login, phrase)
        await page.wait_for_selector("#desk:not([hidden])")
        await visitor.opens(case.id)
        assert "They keep my passport." in await visitor.text("#case .told")
        await visitor.calm()
    told = "".join(bodies)
    assert phrase not in told
    assert not [word for word in phrase.split() if f'"{word}"' in told]


async def test_who_reads_no_cases_joins_without_signs_to_compare(house: Floor) -> None:
    async with house.visitor() as visitor:
        page = await invited(house, visitor, "tara", frozenset({Role.ADMINISTRATOR}))
        phrase = await makes_a_key(page)
        await page.fill("#again", phrase)
        await page.click("#words [data-part=keep]")
        await page.wait_for_selector("#done:not([hidden])")
        assert not await page.is_visible("#done [data-part=reader]")
        await visitor.calm()


@pytest.mark.promise("S14")
async def test_an_invitation_that_was_used_leads_nowhere(house: Floor) -> None:
    async with house.visitor() as visitor:
        visitor.expected |= {404}
        await visitor.page.goto(f"{house.address}/console/join#{'x' * 43}")
        await visitor.page.wait_for_selector("#void:not([hidden])")
        assert [] == await visitor.faults_of_access()
        await visitor.calm()


@pytest.mark.promise("S14")
async def test_an_administrator_sees_who_waits_with_the_signs_to_compare(house: Floor) -> None:
    async with house.visitor() as visitor:
        page = await invited(house, visitor, "bano")
        phrase = await makes_a_key(page)
        await page.fill("#again", phrase)
        await page.click("#words [data-part=keep]")
        await page.wait_for_selector("#done:not([hidden])")
        signs = await page.inner_text("#done [data-part=fingerprint]")
    async with house.visitor() as visitor:
        await visitor.signs_in("administrator")
        await visitor.page.wait_for_selector("#me [data-part=people]:visible")
        await visitor.page.goto(f"{house.address}/console/people")
        row = visitor.page.locator("[data-pending=bano]")
        assert signs in await row.inner_text()
        await row.locator("summary").click()
        assert "bano" == json.loads(await row.locator("pre").inner_text())["id"]
        assert [] == await visitor.faults_of_access()
        await visitor.page.fill("#new-login", "faiz")
        await visitor.page.fill("#new-name", "Faiz")
        await visitor.page.click("button[value=invite]")
        assert "/console/join#" in await visitor.text("[data-link]")
        await visitor.page.click("[data-person=kp] summary")
        await visitor.page.check("[data-person=kp] input[name=sure]")
        await visitor.page.click("[data-person=kp] button[value=leave]")
        await visitor.page.wait_for_selector("p.note[role=status]")
        assert 0 == await visitor.page.locator("[data-person=kp]").count()
        assert await visitor.overflow() <= 0
        assert [] == await visitor.faults_of_access()
        await visitor.calm()


@pytest.mark.promise("S14", "S39", "S40")
async def test_older_cases_come_by_two_colleagues_and_what_was_kept_away_stays_away(house: Floor) -> None:
    """One asks in one browser, another lets them in another; a case that names a person is left out."""
    old = await house.world.case()
    away = await house.world.case(answers={"danger": ("now",), "concern": ("work",), "avoid": ("person",)})
    async with house.visitor() as visitor:
        page = await invited(house, visitor, "hina")
        phrase = await makes_a_key(page)
        await page.fill("#again", phrase)
        await page.click("#words [data-part=keep]")
        await page.wait_for_selector("#done:not([hidden])")
        signs = await page.inner_text("#done [data-part=fingerprint]")
    await signed_in_roster(house.world, "hina")

    async with house.visitor() as asks:
        await asks.at_the_queue("sindh")
        await asks.page.click("#admissions > summary")
        await asks.page.click("[data-admit=ask][data-officer=hina]")
        await asks.page.wait_for_selector("#admissions [data-part=told]:not(:empty)")
        assert [] == await asks.faults_of_access()
        assert 0 == await asks.page.locator("[data-admit=do]").count()
        await asks.calm()
    async with house.visitor() as does:
        await does.at_the_queue("supervisor")
        await does.page.click("#admissions > summary")
        assert signs in await does.text("#admissions [data-part=asked]")
        await does.page.click("[data-admit=do][data-officer=hina][data-team=sindh]")
        await does.page.wait_for_selector("#admissions [data-part=asked]:empty", state="attached")
        assert "1 were left out" in await does.text("#admissions [data-part=told]")
        assert [] == await does.faults_of_access()
        await does.calm()
    async with house.visitor() as newcomer:
        await newcomer.signs_in("hina", phrase)
        await newcomer.page.wait_for_selector("#desk:not([hidden])")
        await newcomer.opens(old.id)
        assert "They keep my passport." in await newcomer.text("#case .told")
        assert 0 == await newcomer.page.locator(f"a.row[data-case='{away.id.hex()}']").count()
        await newcomer.calm()

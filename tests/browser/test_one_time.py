"""One-time codes in a real browser: set up with the words, shown once, then they sign in (S21)."""

from base64 import b32decode
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.sealing.one_time import code_at
from tests.browser.console_page import Floor, Visitor, floor
from tests.browser.test_console_passkeys import registers, with_device

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.promise("S21"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> AsyncIterator[Floor]:
    async with floor(tmp_path_factory.mktemp("codes"), chromium_path, passkeys=True, codes=True) as made:
        yield made


async def names_themselves(officer: Visitor, seat: str) -> None:
    await officer.page.fill("#login", seat)
    await officer.page.fill("#phrase", officer.floor.world.phrase(seat))


def now_of(house: Floor, secret: str) -> str:
    return code_at(b32decode(secret.replace(" ", "")), house.world.clock() // 30)


async def test_codes_are_set_up_at_the_first_signing_in_and_then_sign_in(house: Floor) -> None:
    await house.world.case()
    async with house.visitor(width=360, lang="ur") as officer:
        await officer.page.click("#sign-in summary >> nth=1")
        assert [] == await officer.faults_of_access()
        await names_themselves(officer, "sindh")
        await officer.page.click("[data-part=code-first]")
        await officer.page.wait_for_selector("[data-part=code-new]:not([hidden])")
        secret = await officer.text("[data-part=letters]")
        assert 0 == await officer.overflow()
        assert [] == await officer.faults_of_access()
        box = await officer.page.locator("[data-part=squares]").bounding_box()
        assert box is not None
        assert box["width"] > 150
        await officer.page.fill("#code", now_of(house, secret))
        await officer.page.keyboard.press("Enter")
        await officer.page.wait_for_selector("a.row")
        assert "" == await officer.page.locator("[data-part=letters]").text_content()
        assert await officer.page.locator("[data-part=squares] path").get_attribute("d") is None
        await officer.page.click("#me [data-part=out]")
        await officer.page.wait_for_selector("#sign-in:not([hidden]) #login:visible")
        house.world.clock.now += 60
        await officer.page.click("#sign-in summary >> nth=1")
        await names_themselves(officer, "sindh")
        await officer.page.fill("#code", now_of(house, secret))
        await officer.page.click("[data-part=code-go]")
        await officer.page.wait_for_selector("a.row")
        await officer.calm()


async def test_a_wrong_code_says_so_and_keeps_what_was_typed(house: Floor) -> None:
    async with house.visitor() as officer:
        officer.expected.add(401)
        await officer.page.click("#sign-in summary >> nth=1")
        await names_themselves(officer, "punjab")
        await officer.page.fill("#code", "000000")
        await officer.page.click("[data-part=code-go]")
        await officer.page.wait_for_selector("#sign-in .error:not(:empty)")

        assert "A code counts once" in await officer.text("#sign-in .error")
        assert "punjab" == await officer.page.input_value("#login")


async def test_the_page_of_codes_sets_them_up_beside_a_passkey_and_fits_a_phone(house: Floor) -> None:
    async with with_device(house, width=360) as (officer, _, _):
        await registers(officer, "kp")
        await officer.page.wait_for_selector("#desk:not([hidden])")
        await officer.page.goto(f"{house.address}/console/codes?lang=en")
        await officer.page.click("button[value=make]")
        secret = await officer.text("[data-secret]")
        assert [] == await officer.faults_of_access()
        assert 0 == await officer.overflow()
        await officer.page.fill("#code", now_of(house, secret))
        await officer.page.keyboard.press("Enter")
        await officer.page.wait_for_selector("[data-on]")
        await officer.page.click("button[value=remove]")
        await officer.page.wait_for_selector("button[value=make]")
        await officer.calm()

"""Signing in with a passkey: made once with the pass phrase, user verification always, each challenge once (S21)."""

import contextlib
import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import CDPSession, Request

from tests.browser.console_page import Floor, Visitor, floor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.promise("S21"),
]

DEVICE = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> AsyncIterator[Floor]:
    async with floor(tmp_path_factory.mktemp("passkeys"), chromium_path, passkeys=True) as made:
        yield made


@contextlib.asynccontextmanager
async def with_device(house: Floor, *, width: int = 1280) -> AsyncIterator[tuple[Visitor, CDPSession, str]]:
    async with house.visitor(width=width) as officer:
        session = await officer.page.context.new_cdp_session(officer.page)
        await session.send("WebAuthn.enable")
        made = await session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        yield officer, session, made["authenticatorId"]


async def registers(officer: Visitor, seat: str) -> None:
    await officer.page.fill("#login", seat)
    await officer.page.fill("#phrase", officer.floor.world.phrase(seat))
    await officer.page.click("#sign-in [data-part=go]")


async def leaves(officer: Visitor) -> None:
    await officer.page.click("#me [data-part=out]")
    await officer.page.wait_for_selector("#sign-in:not([hidden]) #login:visible")


async def presents(officer: Visitor) -> None:
    await officer.page.click("#sign-in [data-part=passkey]")


async def unlocks(officer: Visitor, seat: str) -> None:
    await officer.page.wait_for_selector("#login", state="hidden")
    await officer.page.fill("#phrase", officer.floor.world.phrase(seat))
    await officer.page.click("#sign-in [data-part=go]")


async def error(officer: Visitor) -> str:
    await officer.page.wait_for_selector("#sign-in .error:not(:empty)")
    return await officer.text("#sign-in .error")


async def test_a_passkey_is_made_with_the_pass_phrase_and_then_signs_in(house: Floor) -> None:
    case = await house.world.case()
    async with with_device(house) as (officer, _, _):
        assert [] == await officer.faults_of_access()
        await registers(officer, "sindh")
        await officer.page.wait_for_selector("a.row")
        await leaves(officer)
        await presents(officer)
        await unlocks(officer, "sindh")
        await officer.page.wait_for_selector("a.row")
        await officer.opens(case.id)

        assert "They keep my passport." in await officer.text("#case")
        await officer.calm()


async def test_a_passkey_alone_opens_nothing(house: Floor) -> None:
    async with with_device(house) as (officer, _, _):
        await registers(officer, "punjab")
        await officer.page.wait_for_selector("#desk:not([hidden])")
        await leaves(officer)
        await presents(officer)
        await officer.page.wait_for_selector("#login", state="hidden")
        seen = await officer.page.evaluate(
            """async () => {
              const { token } = await (await fetch("me")).json();
              const answer = await fetch("queue", { method: "POST", body: '{"view":"todo","after":null,"limit":5}',
                headers: { "content-type": "application/json", "x-token": token } });
              return [answer.status, (await answer.json()).error];
            }"""
        )

    assert [401, "locked"] == seen


async def test_whoever_has_a_passkey_cannot_be_given_another_with_the_pass_phrase(house: Floor) -> None:
    async with with_device(house) as (officer, _, _):
        await registers(officer, "kp")
        await officer.page.wait_for_selector("#desk:not([hidden])")
    async with with_device(house) as (thief, _, _):
        thief.expected.add(401)
        await registers(thief, "kp")

        assert "not right" in await error(thief)


async def test_a_device_that_does_not_verify_its_user_is_not_enough(house: Floor) -> None:
    async with with_device(house) as (officer, session, device):
        await registers(officer, "border")
        await officer.page.wait_for_selector("#desk:not([hidden])")
        await leaves(officer)
        await session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
        officer.expected.add(401)
        await presents(officer)

        assert await error(officer)
        assert await officer.page.locator("#login").is_visible()


async def test_an_answer_to_a_challenge_counts_once(house: Floor) -> None:
    async with with_device(house) as (officer, _, _):
        await registers(officer, "balochistan")
        await officer.page.wait_for_selector("#desk:not([hidden])")
        await leaves(officer)
        sent: list[str] = []

        def note(request: Request) -> None:
            if request.url.endswith("/passkey"):
                sent.append(request.post_data or "")

        officer.page.on("request", note)
        await presents(officer)
        await officer.page.wait_for_selector("#login", state="hidden")
        officer.expected.add(401)
        again = await officer.page.evaluate(
            """async (body) => (await fetch("passkey", { method: "POST", body,
                 headers: { "content-type": "application/json" } })).status""",
            sent[0],
        )

    assert 401 == again
    assert sent[0] == sent[1]
    assert {"ticket", "credential"} == set(json.loads(sent[0]))

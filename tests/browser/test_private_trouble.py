"""The private page when things go wrong, and in other hands: bad lines, false lists, no scripts, large text, leaving."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Route, expect
from sqlalchemy import Connection

from bot.house import House
from bot.sealing.fields import base64_text
from bot.sealing.keys import new_seed, public_key
from bot.sealing.roster import with_suspended
from storage import rosters
from tests.browser.private_page import PrivatePage, tells_everything, tells_quickly
from tests.browser.served import browsing
from tests.service import Service, reads, serving_here
from tests.talking import NOON

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WORDS = "they keep my papers in a drawer"


@dataclass
class Floor:
    service: Service
    house: House
    address: str
    browser: Browser

    @asynccontextmanager
    async def child(self, lang: str = "en", **more: Any) -> AsyncIterator[PrivatePage]:
        options = {"viewport": {"width": 360, "height": 740}, "reduced_motion": "reduce", **more}
        context: BrowserContext = await self.browser.new_context(**options)
        child = PrivatePage(await context.new_page(), lang)
        try:
            yield child
        finally:
            await context.close()

    async def told(self) -> list[str]:
        """Everything that officers can read."""
        found = await reads(self.house, self.service)
        assert () == found.faults
        return [words for case in found.cases for words in case.words]


@pytest.fixture
async def floor(service: Service, chromium_path: str) -> AsyncIterator[Floor]:
    async with serving_here(service, now=lambda: NOON) as (house, address), browsing(chromium_path) as browser:
        yield Floor(service, house, address, browser)


async def sent(child: PrivatePage) -> None:
    await expect(child.page.locator("#page")).to_contain_text("Saved", timeout=40_000)


def posts(child: PrivatePage, path: str) -> int:
    return sum(f"POST {child.page.url.rpartition('/report')[0]}/report/{path}\n".encode() in one for one in child.sent)


# --- everybody can use it ---


@pytest.mark.promise("S43")
@pytest.mark.parametrize("lang", ["en", "sd"])
async def test_each_step_is_for_everybody(floor: Floor, lang: str) -> None:
    async with floor.child(lang) as child:
        await child.opens(floor.address)
        await tells_everything(child, WORDS, "Uncle of the driver", "do not phone")
        await child.press("code-saved")
        await expect(child.page.locator('#page [data-key="chat"]')).to_be_visible(timeout=40_000)
        await child.looks("13-saved")
        assert [] == child.faults
        assert [] == await child.broken()
        assert 13 == child.looked
    found = await reads(floor.house, floor.service)
    (case,) = found.cases
    assert {"esha", "faisal"} == set(case.readers) - {"recovery"}, "a person was named: the duty pair alone reads"


@pytest.mark.parametrize("lang", ["en", "ur"])
async def test_text_of_twice_the_size_stays_on_the_page(floor: Floor, lang: str) -> None:
    async with floor.child(lang) as child:
        await child.page.add_init_script(
            "addEventListener('DOMContentLoaded', () => document.documentElement.style.setProperty('font-size', '200%'))"
        )
        await child.opens(floor.address)
        await tells_everything(child, WORDS, "", "do not phone")
        await child.press("code-saved")
        await expect(child.page.locator('#page [data-key="chat"]')).to_be_visible(timeout=40_000)
        await child.looks("13-saved")
        assert [] == child.faults


async def test_the_keyboard_alone_tells_a_report(floor: Floor) -> None:
    """Focus goes to each new question; from there the next stop of the tabulator is its first answer."""
    async with floor.child() as child:
        await child.opens(floor.address)
        await child.page.locator('[data-key="begin"]').focus()
        await child.page.keyboard.press("Enter")
        for _ in range(5):
            assert "H2" == await child.page.evaluate("document.activeElement.tagName")
            await child.page.keyboard.press("Tab")
            assert (await child.page.evaluate("document.activeElement.dataset.key")).startswith(("a:", "p:"))
            await child.page.keyboard.press("Enter")
        await expect(child.page.locator('[data-key="here"]')).to_be_visible()
        assert [] == await child.broken()


async def test_without_scripts_it_shows_numbers_and_asks_nothing(floor: Floor) -> None:
    async with floor.child(java_script_enabled=False) as child:
        await child.page.goto(f"{floor.address}/report")
        text = await child.page.inner_text("body")
        assert "1121" in text
        assert 0 == await child.page.locator("button:visible").count()


async def test_a_browser_that_cannot_seal_asks_nothing(floor: Floor) -> None:
    async with floor.child() as child:
        await child.page.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })")
        await child.page.goto(f"{floor.address}/report?lang=en")
        await expect(child.page.locator("#page")).to_contain_text("too old to seal")
        assert 0 == await child.page.locator("#page button").count()


async def test_numbers_are_there_at_every_step_and_for_the_place_told(floor: Floor) -> None:
    async with floor.child() as child:
        await child.opens(floor.address)
        await child.page.click("#help")
        await expect(child.page.locator("#numbers a.dial").first).to_be_visible()
        await child.page.click('[data-key="numbers-away"]')
        await child.press("begin", "a:yes", "skip", "a:ok", "a:soon")
        await expect(child.page.locator("#numbers a.dial").first).to_be_visible()
        await child.press("p:PK-SD", "here")
        await child.page.click("#help")
        await expect(child.page.locator("#numbers")).to_contain_text("Sindh")


async def test_an_answer_changed_in_the_review_changes_what_follows(floor: Floor) -> None:
    async with floor.child() as child:
        await child.opens(floor.address)
        await child.press("begin", "a:yes", "skip", "a:ok", "a:no", "skip", "a:brought")
        await child.asks("Where did it begin")
        await child.press("!back", "a:no")
        await child.press("a:nobody")
        for _ in range(9):
            if await child.page.locator('[data-key="send"]').count():
                break
            await child.press("skip")
        await child.press("e:concern", "a:missing")
        await child.asks("Since when")


# --- leaving ---


@pytest.mark.promise("S43")
@pytest.mark.parametrize("way", ["button", "shift"])
async def test_leaving_wipes_the_page_and_back_shows_nothing(floor: Floor, way: str) -> None:
    async with floor.child() as child:
        await child.opens(floor.address)
        await child.press("begin", "a:yes", "skip", "a:ok", "a:no", "skip", "skip", "a:nobody", *["skip"] * 4)
        for _ in range(4):
            if await child.page.locator("#words").count():
                break
            await child.press("skip")
        await child.page.fill("#words", WORDS)
        length = await child.page.evaluate("history.length")
        if way == "button":
            await child.page.click("#leave")
        else:
            for _ in range(3):
                await child.page.keyboard.press("Shift")
        await child.page.wait_for_url("**/away")
        assert length == await child.page.evaluate("history.length")
        await child.page.go_back()
        assert WORDS not in await child.page.content()
        assert "/report" not in child.page.url
    assert [] == await floor.told()


@pytest.mark.promise("S43")
async def test_from_the_chat_the_page_takes_the_place_of_the_chat(floor: Floor) -> None:
    async with floor.child() as child:
        await child.page.goto(f"{floor.address}/")
        length = await child.page.evaluate("history.length")
        for key in ("lang:ur", "c:teen", "c:tell"):
            await child.page.locator(f'.choices button[data-key="{key}"]').click()
        first = child.page.locator(".choices button").first
        await expect(first).to_have_attribute("data-key", "!private")
        await first.click()
        await child.page.wait_for_url("**/report")
        await expect(child.page.locator('[data-key="begin"]')).to_be_visible()
        assert "ur" == await child.page.evaluate("document.documentElement.lang")
        assert length == await child.page.evaluate("history.length")


# --- bad lines ---


async def test_a_bad_line_is_tried_again_and_said_so(floor: Floor) -> None:
    """The part fails, then its answer is lost, then the closing fails, then its answer is lost: one case."""
    seen: dict[str, int] = {}

    async def fails(route: Route) -> None:
        path = route.request.url.rpartition("/")[2]
        seen[path] = seen.get(path, 0) + 1
        if seen[path] == 1:
            await route.abort()
        elif seen[path] == 2:
            await route.fetch()  # it arrived, and the answer did not
            await route.abort()
        else:
            await route.continue_()

    async with floor.child() as child:
        await child.opens(floor.address)
        await tells_quickly(child, WORDS)
        await child.page.route("**/report/part", fails)
        await child.page.route("**/report/close", fails)
        await child.press("code-saved")
        await expect(child.page.locator("#status")).to_contain_text("Not sent yet")
        await sent(child)
        assert "" == await child.page.inner_text("#status")
    assert {"part": 3, "close": 3} == seen
    assert [WORDS] == await floor.told()


async def test_parts_that_a_server_lost_are_sent_again(floor: Floor) -> None:
    async with floor.child() as child:
        await child.opens(floor.address)
        await tells_quickly(child, WORDS)

        async def pretends(route: Route) -> None:
            await route.fulfill(json={})

        await child.page.route("**/report/part", pretends, times=1)
        await child.press("code-saved")
        await sent(child)
        assert 2 == posts(child, "part") == posts(child, "close")
    assert [WORDS] == await floor.told()


async def test_when_the_answer_is_no_the_report_is_still_there(floor: Floor) -> None:
    async with floor.child() as child:
        await child.opens(floor.address)
        await tells_quickly(child, WORDS)
        await child.page.route("**/report/close", lambda route: route.fulfill(status=400, json={"why": "damaged"}))
        await child.press("code-saved")
        await expect(child.page.locator("#page h2")).to_contain_text("could not be sent")
        await child.page.unroute("**/report/close")
        await child.press("again")
        await sent(child)
    assert [WORDS] == await floor.told()


# --- who reads ---


def _put(conn: Connection, document: bytes) -> None:
    conn.exec_driver_sql("UPDATE rosters SET document = ?", (document,))


async def newest(floor: Floor) -> bytes:
    return await floor.house.database.read(rosters.newest)


@pytest.mark.promise("S11", "S12")
async def test_officers_who_changed_between_loading_and_sending(floor: Floor) -> None:
    """Somebody is suspended after the page has sealed: it looks again and seals anew, under the same number."""
    async with floor.child() as child:
        await child.opens(floor.address)
        await tells_quickly(child, WORDS)
        document = with_suspended(await newest(floor), ["amna"])

        async def changes(route: Route) -> None:
            floor.house.roster.load(document, now=NOON)
            await floor.house.database.write(partial(_put, document=document))
            await route.continue_()

        await child.page.route("**/report/close", changes, times=1)
        await child.press("code-saved")
        await sent(child)
        assert 2 == posts(child, "close")
    (case,) = (await reads(floor.house, floor.service)).cases
    assert "amna" not in case.readers
    assert "bilal" in case.readers


async def test_a_list_that_nobody_signed_gets_nothing(floor: Floor) -> None:
    """The server slips in a key of its own, or an old list: nothing is sealed, and the child is told."""
    document = json.loads(await newest(floor))
    other = {**document["keys"][0], "public": base64_text(public_key(new_seed()))}
    slipped = {**document, "keys": [other, *document["keys"][1:]]}
    unsigned = {**document, "signatures": []}
    for false in (slipped, unsigned):
        async with floor.child() as child:
            await child.opens(floor.address)
            await tells_quickly(child, WORDS)
            body = json.dumps(false)

            head = {"x-time": str(NOON), "content-type": "application/octet-stream"}
            await child.page.route("**/report/roster*", partial(_fulfilled, body=body, head=head))
            await child.press("code-saved")
            await expect(child.page.locator("#page h2")).to_contain_text("nothing was sent")
            await expect(child.page.locator("#numbers a.dial").first).to_be_visible()
            assert 0 == posts(child, "part") + posts(child, "close")
    assert [] == await floor.told()


async def _fulfilled(route: Route, *, body: str, head: dict[str, str]) -> None:
    await route.fulfill(body=body, headers=head)


async def test_a_list_that_has_expired_gets_nothing(floor: Floor) -> None:
    async with floor.child() as child:
        await child.opens(floor.address)
        await tells_quickly(child, WORDS)

        async def later(route: Route) -> None:
            answer = await route.fetch()
            await route.fulfill(response=answer, headers={**answer.headers, "x-time": str(NOON + 400 * 86_400)})

        await child.page.route("**/report/roster*", later)
        await child.press("code-saved")
        await expect(child.page.locator("#page h2")).to_contain_text("nothing was sent")
        assert 0 == posts(child, "part")


# --- the code ---


@pytest.mark.promise("S18")
async def test_another_code_is_another_code_and_none_is_in_an_address(floor: Floor) -> None:
    async with floor.child() as child:
        await child.opens(floor.address)
        first = await tells_quickly(child, WORDS)
        await child.press("code-again")
        await expect(child.page.locator("#page .code")).not_to_have_text(first, timeout=30_000)
        second = await child.code()
        assert 20 == sum(c.isdigit() for c in second)
        assert second not in await child.page.title()
        digits = second.replace(" ", "").encode()
        assert not any(digits[:19] in one or digits[5:19] in one for one in child.sent)

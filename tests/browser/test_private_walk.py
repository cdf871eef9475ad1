"""Every step of the mailbox on the private page, for everybody: large letters, both directions, keyboard; and left fast from
each; and in other hands."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import pytest
from playwright.async_api import expect
from sqlalchemy import Connection

from bot.core.case import Deed, Standing, do
from bot.core.effects import Text
from storage import cases
from tests.browser.private_page import PrivatePage, tells_quickly, to_review
from tests.browser.served import browsing
from tests.browser.test_private_trouble import Floor, sent
from tests.service import Service, answer, reads, serving_here
from tests.talking import NOON

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORDS, ANSWER = "they keep my papers in a drawer zqxv", "You are not alone."
LARGE = "addEventListener('DOMContentLoaded', () => document.documentElement.style.setProperty('font-size', '200%'))"


@pytest.fixture
async def floor(service: Service, chromium_path: str) -> AsyncIterator[Floor]:
    async with serving_here(service, now=lambda: NOON) as (house, address), browsing(chromium_path) as browser:
        yield Floor(service, house, address, browser)


async def told(floor: Floor, words: str = WORDS) -> str:
    """A report that reached us, and its code."""
    async with floor.child() as child:
        await child.opens(floor.address)
        code = await tells_quickly(child, words)
        await child.press("code-saved")
        await sent(child)
    return code


async def case_with(floor: Floor, words: str = WORDS) -> bytes:
    return (await reads(floor.house, floor.service)).case_of(words).id


async def does(floor: Floor, case: bytes, *deeds: Deed) -> None:
    def work(conn: Connection) -> None:
        for deed in deeds:
            found = cases.find(conn, case)
            assert found is not None
            after = do(found.standing, deed, by="amna", version=found.standing.version)
            assert isinstance(after, Standing)
            cases.move(conn, case, found.standing, after, now=NOON)

    await floor.house.database.write(work)


async def in_mailbox(child: PrivatePage, floor: Floor, code: str) -> None:
    await child.opens(floor.address)
    await child.press("mail")
    await child.enters(code)
    await expect(child.page.locator('#page [data-key="close"]')).to_be_visible(timeout=30_000)


async def looked(child: PrivatePage, name: str) -> None:
    """For everybody, and whoever reads by ear or by key begins at its heading."""
    await child.looks(name)
    child.faults += (
        [] if await child.page.evaluate("document.activeElement.tagName") == "H2" else [f"{name}: no heading"]
    )


@pytest.mark.promise("S43", "S46")
@pytest.mark.parametrize("lang", ["en", "ur"])
async def test_each_step_with_the_code_is_for_everybody_with_letters_of_twice_the_size(floor: Floor, lang: str) -> None:
    """Also that a report which is closed says until when it can be read, and that a wrong code says nothing else."""
    code = await told(floor)
    case = await case_with(floor)
    await answer(floor.house, floor.service, case, ANSWER, "amna")
    async with floor.child(lang) as child:
        await child.page.add_init_script(LARGE)
        say = floor.house.wording.say
        await child.opens(floor.address)
        await child.press("mail")
        await looked(child, "mail")
        for aside in ("lost-code", "wrote-before"):
            await child.press(aside)
            await looked(child, aside)
            await child.press("!back")
        await child.enters("1234 5678")
        await expect(child.page.locator("#page .why")).to_have_text(say(lang, Text("mail.mistyped")))
        await looked(child, "mistyped")
        await child.enters(code)
        await expect(child.page.locator("#page .answer")).to_contain_text(ANSWER, timeout=30_000)
        await looked(child, "mailbox")
        for ways in (("add",), ("check",), ("stop",), ("empty",), ("close",)):
            await child.press(*ways)
            await looked(child, ways[0])
            await child.press("!back")
        await child.press("check")
        await child.page.fill("#words", "the name of my goat")
        await child.press("send")
        await expect(child.page.locator("#page .why")).to_be_visible(timeout=30_000)
        await looked(child, "check-answer")
        await child.press("!back", "stop", "yes")
        await expect(child.page.locator('#page [data-key="go-on"]')).to_be_visible(timeout=30_000)
        await looked(child, "stopped")

        await does(floor, case, Deed.OPEN, Deed.CLAIM, Deed.CLOSE)
        await in_mailbox(child, floor, code)
        await expect(child.page.locator("#page")).to_contain_text("2026-06-02")
        assert 0 == await child.page.locator("#page a").count(), "a day is no number to dial"
        await looked(child, "until")
        assert [] == child.faults
        assert [] == await child.broken()


async def test_the_keyboard_alone_writes_back(floor: Floor) -> None:
    code = await told(floor)
    async with floor.child() as child:
        page = child.page
        await child.opens(floor.address)
        await page.locator('[data-key="mail"]').focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        assert "code" == await page.evaluate("document.activeElement.id")
        await page.keyboard.type(code)
        await page.keyboard.press("Enter")
        await expect(page.locator('#page [data-key="add"]')).to_be_visible(timeout=30_000)
        for _ in range(9):
            await page.keyboard.press("Tab")
            if await page.evaluate("document.activeElement.dataset.key") == "add":
                break
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        assert "words" == await page.evaluate("document.activeElement.id")
        await page.keyboard.type("one thing more")
        for _ in range(4):
            await page.keyboard.press("Tab")
            if await page.evaluate("document.activeElement.dataset.key") == "send":
                break
        await page.keyboard.press("Enter")
        await expect(page.locator("#page .why")).to_be_visible(timeout=30_000)
        assert "H2" == await page.evaluate("document.activeElement.tagName")
    assert "one thing more" in await floor.told()


Way = Callable[[PrivatePage, Floor, str], Awaitable[object]]


async def _review(child: PrivatePage, floor: Floor, _: str) -> None:
    await child.opens(floor.address)
    await child.press("begin")
    await to_review(child, WORDS)


async def _code(child: PrivatePage, floor: Floor, _: str) -> None:
    await child.opens(floor.address)
    await tells_quickly(child, WORDS)


def _at(*keys: str) -> Way:
    async def goes(child: PrivatePage, floor: Floor, code: str) -> None:
        await in_mailbox(child, floor, code)
        await child.press(*keys)

    return goes


async def _saved(child: PrivatePage, floor: Floor, _: str) -> None:
    await _code(child, floor, _)
    await child.press("code-saved")
    await sent(child)


async def _question(child: PrivatePage, floor: Floor, _: str) -> None:
    await child.opens(floor.address)
    await child.press("begin", "a:yes", "skip", "a:ok", "a:now")
    await expect(child.page.locator("#numbers a.dial").first).to_be_visible()


async def _entry(child: PrivatePage, floor: Floor, _: str) -> None:
    await child.opens(floor.address)
    await child.press("mail")


SCREENS: Mapping[str, Way] = {
    "the first": lambda child, floor, _: child.opens(floor.address),
    "a question, with numbers": _question,
    "review": _review,
    "code": _code,
    "saved": _saved,
    "code typed": _entry,
    "mailbox": _at(),
    "writing back": _at("add"),
    "question": _at("check"),
    "taking back": _at("stop"),
    "deleting": _at("close"),
}


@pytest.mark.promise("S43")
async def test_every_screen_is_left_fast_and_shows_nothing_afterwards(floor: Floor) -> None:
    code = await told(floor)
    await answer(floor.house, floor.service, await case_with(floor), ANSWER, "amna")
    for name, goes in SCREENS.items():
        async with floor.child() as child:
            await goes(child, floor, code)
            if await child.page.locator("#words").count():
                await child.page.fill("#words", WORDS)
            length = await child.page.evaluate("history.length")
            await child.page.locator("#leave").click()
            await child.page.wait_for_url("**/away")
            assert length == await child.page.evaluate("history.length"), name
            await child.page.go_back()
            shown = await child.page.content()
            assert not any(said in shown for said in (WORDS, ANSWER, code)), name
            assert "/report" not in child.page.url, name


@pytest.mark.promise("S43")
async def test_after_leaving_the_memory_of_the_tab_holds_no_word(floor: Floor) -> None:
    """A snapshot of everything its scripts still hold, as whoever takes the phone with tools could make one."""
    async with floor.child() as child:
        line = await child.page.context.new_cdp_session(child.page)
        pieces: list[str] = []
        line.on("HeapProfiler.addHeapSnapshotChunk", lambda event: pieces.append(event["chunk"]))

        async def holds_the_word() -> bool:
            pieces.clear()
            await line.send("HeapProfiler.collectGarbage")
            await line.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
            return "zqxv" in "".join(pieces)

        await child.opens(floor.address)
        await child.press("begin")
        await to_review(child, WORDS)
        assert await holds_the_word(), "or this test would show nothing"
        await child.page.locator("#leave").click()
        await child.page.wait_for_url("**/away")
        assert not await holds_the_word()


@pytest.mark.promise("S43")
async def test_a_mailbox_that_nobody_touches_is_put_away(floor: Floor) -> None:
    code = await told(floor)
    await answer(floor.house, floor.service, await case_with(floor), ANSWER, "amna")
    async with floor.child() as child:
        await child.page.clock.install()
        await in_mailbox(child, floor, code)
        await child.press("add")
        await child.page.fill("#words", "half a sentence")
        await child.page.clock.fast_forward("09:50")
        await child.page.fill("#words", "half a sentence more")
        await child.page.clock.fast_forward("09:50")
        assert "half a sentence more" == await child.page.input_value("#words"), "who writes is not interrupted"
        await child.page.clock.fast_forward("00:11")
        await expect(child.page.locator("#code")).to_be_visible()
        shown = await child.page.content()
        assert not any(said in shown for said in ("half a sentence", ANSWER, code))


@pytest.mark.promise("S17", "S19")
async def test_whoever_else_has_the_code_reads_answers_and_never_the_report(floor: Floor) -> None:
    code = await told(floor)
    await answer(floor.house, floor.service, await case_with(floor), ANSWER, "amna")
    async with floor.child() as stranger:
        heard: list[bytes] = []
        stranger.page.on("response", lambda response: heard.append(response.url.encode()))
        await in_mailbox(stranger, floor, code)
        await expect(stranger.page.locator("#page .answer")).to_contain_text(ANSWER)
        shown = await stranger.page.content()
        assert not any(part in shown for part in (WORDS, "zqxv", "Punjab", "amna"))
        assert not any(path in b" ".join(heard) for path in (b"/record", b"/case", b"/console"))


async def test_a_second_report_begins_empty_and_says_that_there_was_a_first(floor: Floor) -> None:
    """From the very same browser: nothing of the first is left on it; "I already wrote" is an answer of the new one."""
    first = await told(floor)
    async with floor.child() as child:
        await child.opens(floor.address)
        await child.press("mail", "wrote-before", "tell-again")
        await to_review(child, "and now my sister")
        assert WORDS not in await child.page.content()
        await child.press("send")
        second = await child.code()
        await child.press("code-saved")
        await sent(child)
    assert first != second
    found = await reads(floor.house, floor.service)
    assert 2 == len(found.cases)
    (answers,) = [told.content for told in found.case_of("and now my sister").told if told.kind == "answers"]
    assert "before" in str(answers)

"""The mailbox on the private page in a real Chromium: told, answered, written back by text and voice, read, taken back."""

import json
from base64 import b64encode
from functools import partial
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from bot.sealing.keys import new_seed, public_key
from bot.services.page_writing import SIZE
from tests.browser.private_page import PrivatePage, tells_quickly, to_review
from tests.browser.served import Watch, browsing, desk, free_port, phone, served
from tests.browser.test_recorder import MICROPHONE, speaks
from tests.browser.test_story import ANSWER, officer_answers, sign_in
from tests.leak_scan import Marks

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORDS = "وہ مجھے گھر نہیں جانے دیتے، نشان ززقفخ تمبغ"
MORE = "کل رات وہ گاڑی بدل گئی، نشان ضمنثق"
LATER = "اب میں دوسرے کمرے میں ہوں، نشان ظضذ"
QUESTION, ANSWERED = "میری بکری کا نام، نشان ٹھڈڑپ", "موتی چچژگھ"


@pytest.mark.promise("S8", "S17", "S19", "S24", "S54")
async def test_what_is_written_back_on_the_page_is_read_by_the_officer_and_by_nobody_else(
    tmp_path: Path, chromium_path: str
) -> None:
    """Sealed on the device to a key that the code proves; the network gives way once, and nothing is there twice."""
    address = f"http://127.0.0.1:{free_port()}"
    folder = tmp_path / "trial"
    trial = ("trial", "--data-dir", str(folder), "--listen", address.removeprefix("http://"))
    async with served(trial, address) as service, browsing(chromium_path, *MICROPHONE) as browser:
        watch = Watch(address)
        page = await (await phone(browser)).new_page()
        watch.follow(page)
        child = PrivatePage(page, "ur")
        await child.opens(address)
        code = await tells_quickly(child, WORDS, "PK-SD")
        await child.press("code-saved")
        await expect(page.locator('#page [data-key="chat"]')).to_be_visible(timeout=30_000)

        async def at_desk() -> Page:
            """The officer, signed in anew."""
            opened = await (await desk(browser)).new_page()
            watch.follow(opened)
            await sign_in(opened, address, "sindh", service.phrase_of("sindh"))
            return opened

        officer = await at_desk()
        await officer_answers(officer, WORDS)

        await child.opens(address)
        await opens_mailbox(child, code)
        await expect(page.locator("#page .answer")).to_contain_text(ANSWER)
        await child.looks("19-mailbox")
        await child.press("add")
        await speaks(child)
        await page.fill("#words", MORE)
        await child.looks("20-write-back")
        await page.route("**/report/message", _answer_lost, times=1)
        await child.press("send")
        await expect(page.locator("#page .why")).to_be_visible(timeout=30_000)
        assert MORE not in await page.content()
        await child.press("check")
        await page.fill("#words", QUESTION)
        await child.looks("21-question")
        await child.press("send")
        await expect(page.locator("#page .why")).to_be_visible(timeout=30_000)
        await page.fill("#words", ANSWERED)
        await child.press("send")
        await expect(page.locator('#page [data-key="add"]')).to_be_visible(timeout=30_000)
        await child.press("stop")
        await child.looks("22-take-back")
        await child.press("yes")
        await expect(page.locator('#page [data-key="go-on"]')).to_be_visible(timeout=30_000)
        await child.looks("23-taken-back")

        officer = await at_desk()
        await officer.locator("#queue a.row", has_text="اردو").click()
        case = officer.locator("#case")
        await expect(case.locator("[data-part=talk]")).to_contain_text(MORE)
        await expect(case.locator(".message", has_text=MORE)).to_have_count(1)
        await expect(case.locator("button.listen")).to_have_count(1)
        for words in (QUESTION, ANSWERED):
            await expect(case.locator("[data-part=check-pairs]")).to_contain_text(words)
        await expect(case.locator("[data-part=wish]")).to_be_visible()
        await expect(case.locator("[data-part=alarms]")).to_be_empty()
        await case.locator("button.listen").click()
        sound = officer.frame_locator("#case iframe.player").locator("audio")
        await expect(sound).to_have_count(1)

        again = await (await phone(browser)).new_page()
        watch.follow(again)
        reader = PrivatePage(again, "en")
        await reader.opens(address)
        await opens_mailbox(reader, code)
        await reader.looks("23-taken-back")
        await reader.press("go-on")
        await expect(again.locator('#page [data-key="stop"]')).to_be_visible(timeout=30_000)
        await reader.looks("19-mailbox")
        # The first phone still shows the state from before: its words are sealed anew, behind what the second one sent.
        await child.press("add")
        await page.fill("#words", LATER)
        await child.press("send")
        await expect(page.locator("#page .why")).to_be_visible(timeout=30_000)
        await reader.press("add")
        await reader.looks("20-write-back")
        await reader.press("!back", "check")
        await reader.looks("21-question")
        await reader.press("!back", "stop")
        await reader.looks("22-take-back")
        await a_swapped_key_is_refused(reader, address, code)
        await the_code_is_lost(PrivatePage(again, "hi"), address)
        officer = await at_desk()
        await officer.locator("#queue a.row", has_text="हिन्दी").click()
        await expect(officer.locator("#case [data-part=facts]")).to_contain_text("Yes, and the code is lost")
        await officer.locator("#queue a.row", has_text="اردو").click()
        await expect(officer.locator("#case .message", has_text=LATER)).to_have_count(1)
        await expect(officer.locator("#case [data-part=alarms]")).to_be_empty()

        assert [] == child.faults + reader.faults
        assert [] == await child.broken() + await reader.broken()
        digits = "".join(c for c in code if c.isdigit())
        marks = Marks([WORDS, MORE, LATER, QUESTION, ANSWERED, code, digits, digits[:19]])
        assert [] == [leak for sent in child.sent + reader.sent for leak in marks.leaks(sent, "a request")]
        assert [] == marks.leaks_in(folder)
        assert [] == marks.leaks(bytes(service.log), "the log")
        assert [] == [said for said in watch.seen if "net::ERR_" not in said], "but for the answer that got lost"


async def opens_mailbox(child: PrivatePage, code: str) -> None:
    await child.press("mail")
    await child.enters(code)
    await expect(child.page.locator('#page [data-key="close"]')).to_be_visible(timeout=30_000)


async def a_swapped_key_is_refused(child: PrivatePage, address: str, code: str) -> None:
    """Whoever owns the server names a key of their own: the page offers no word to it.  Without a mark it names the chat."""
    own = b64encode(public_key(new_seed())).decode()
    for public, said in ((own, "could not make sure who would read"), ("", "go to the chat")):
        await child.opens(address)
        await child.page.route("**/report/mailbox", partial(_named, public), times=1)
        before = len(child.sent)
        await opens_mailbox(child, code)
        await expect(child.page.locator("#page")).to_contain_text(said)
        assert 0 == await child.page.locator('#page [data-key="add"], #page [data-key="stop"]').count()
        assert not any(b"/report/part" in sent for sent in child.sent[before:])


async def _named(public: str, route: Route) -> None:
    """The mailbox with another key for its case, or with none."""
    answer = await route.fetch()
    shown = json.loads(await answer.body())
    if public:
        shown["write"]["public"] = public
    else:
        del shown["write"]
    await route.fulfill(response=answer, body=json.dumps(shown))


async def the_code_is_lost(child: PrivatePage, address: str) -> None:
    """A new report says by itself that there is an earlier one."""
    await child.opens(address)
    await child.press("mail", "lost-code", "tell-again")
    await to_review(child, "I told you in spring", "PK-SD")
    await child.press("send")
    await child.code()
    await child.press("code-saved")
    await expect(child.page.locator('#page [data-key="chat"]')).to_be_visible(timeout=30_000)


async def _answer_lost(route: Route) -> None:
    """The server has kept it, and the page does not hear so: it asks once more."""
    answer = await route.fetch()
    assert (200, SIZE) == (answer.status, len(await answer.body()))
    await route.abort()

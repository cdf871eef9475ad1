"""The private page in a real Chromium: told and sealed there, opened by the right officer, and nothing else of it anywhere."""

from pathlib import Path

import pytest
from playwright.async_api import Route, expect

from bot.sealing.case_code import new_code
from tests.browser.private_page import PrivatePage, tells_everything
from tests.browser.served import Watch, browsing, desk, free_port, phone, served
from tests.browser.test_story import ANSWER, officer_answers, sign_in
from tests.leak_scan import Marks

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORDS = "وہ مجھے گھر نہیں جانے دیتے، نشان ززقفخ تمبغ"
PERSON = "ضمنثق ٹھڈڑپ"
LIMIT = "گھر پر فون نہ کریں، نشان چچژگھ"


@pytest.mark.promise("S8", "S17", "S18", "S24", "S43")
async def test_what_is_told_in_urdu_is_read_by_the_officer_and_found_nowhere_else(
    tmp_path: Path, chromium_path: str
) -> None:
    """Told at 360 pixels; neither a request nor a file nor a log of the server holds a word or the code in any form."""
    address = f"http://127.0.0.1:{free_port()}"
    folder = tmp_path / "trial"
    trial = ("trial", "--data-dir", str(folder), "--listen", address.removeprefix("http://"))
    async with served(trial, address) as service, browsing(chromium_path) as browser:
        watch = Watch(address)
        context = await phone(browser)
        page = await context.new_page()
        watch.follow(page)
        child = PrivatePage(page, "ur")
        await child.opens(address, "#tgWebAppData=query_id%3DAAF&tgWebAppVersion=8.0")
        before = await page.evaluate("history.length")
        assert f"{address}/report" == page.url, "the launch fragment and the language are gone from the address"
        assert "rtl" == await page.evaluate("document.documentElement.dir")

        code = await tells_everything(child, WORDS, "", LIMIT)
        assert not any(b"/report/part" in sent or b"/report/close" in sent for sent in child.sent), "D1"
        await child.press("code-saved")
        await expect(page.locator('#page [data-key="chat"]')).to_be_visible(timeout=30_000)
        await child.looks("13-saved")

        assert before == await page.evaluate("history.length")
        assert [] == await child.broken()
        assert [] == child.faults
        assert [] == await context.cookies()
        assert [0, 0, 0] == await page.evaluate(
            "async () => [localStorage.length + sessionStorage.length, (await caches.keys()).length,"
            " (await indexedDB.databases()).length]"
        )
        assert WORDS not in await page.evaluate("document.documentElement.outerHTML"), "forgotten once it is sent"
        digits = "".join(c for c in code if c.isdigit())
        marks = Marks([WORDS, LIMIT, code, digits, digits[:19]])
        assert [] == [leak for sent in child.sent for leak in marks.leaks(sent, "a request")]

        officer = await (await desk(browser)).new_page()
        watch.follow(officer)
        await sign_in(officer, address, "sindh", service.phrase_of("sindh"))
        await officer_answers(officer, WORDS)
        await expect(officer.locator("#case")).to_contain_text(LIMIT)

        heard = await context.new_page()
        watch.follow(heard)
        await heard.goto(f"{address}/")
        for key in ("lang:ur", "c:teen", "c:mail"):
            await heard.locator(f'.choices button[data-key="{key}"]').click()
        await heard.fill("#words", code)
        await heard.click("#send")
        await expect(heard.locator("#talk")).to_contain_text(ANSWER, timeout=20_000)

        again = await (await phone(browser)).new_page()
        watch.follow(again)
        reader = PrivatePage(again, "ur")
        await reader.opens(address)
        await reader.press("mail")
        await reader.looks("14-code")
        await reader.enters(digits[:19] + str((int(digits[19]) + 1) % 10))
        await expect(again.locator("#page .why")).to_be_visible()
        assert not any(b"/report/mailbox" in sent for sent in reader.sent), "a mistyped code is not looked for"
        await reader.enters(new_code().display())
        await expect(again.locator("#page .why")).to_be_visible(timeout=30_000)
        await reader.press("lost-code")
        await reader.looks("15-lost-code")
        await reader.press("!back")
        await again.context.set_offline(True)
        await reader.enters(code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")))
        await expect(again.locator("#status")).not_to_be_empty()
        await again.context.set_offline(False)
        await expect(again.locator("#page .answer")).to_contain_text(ANSWER, timeout=30_000)
        await reader.looks("16-answer")
        assert [] == [leak for sent in reader.sent for leak in marks.leaks(sent, "a request")]
        assert [] == await reader.broken()
        assert [] == reader.faults
        await reader.press("empty", "!back", "empty")
        await reader.looks("17-empty")
        await again.route("**/report/deed", _answer_lost, times=1)
        await reader.press("yes")
        await expect(again.locator('#page [data-key="chat"]')).to_be_visible(timeout=20_000)
        await reader.press("!back", "mail")
        await reader.enters(code)
        await expect(again.locator('#page [data-key="close"]')).to_be_visible(timeout=30_000)
        await expect(again.locator("#page .answer")).to_have_count(0)
        await reader.press("close")
        await reader.looks("18-close")
        await reader.press("yes", "!back", "mail")
        await reader.enters(code)
        await expect(again.locator("#page .why")).to_be_visible(timeout=30_000)
        assert [] == reader.faults
        assert [] == [leak for sent in reader.sent for leak in marks.leaks(sent, "a request")]
        assert digits not in (await again.evaluate("document.documentElement.outerHTML")).replace(" ", "")

        assert [] == [said for said in watch.seen if "net::ERR_" not in said], "but for the network that was taken away"
        assert [] == marks.leaks_in(folder)
        assert [] == marks.leaks(bytes(service.log), "the log")


async def _answer_lost(route: Route) -> None:
    """The server has done it, and the page does not hear so: it asks once more."""
    await route.fetch()
    await route.abort()

"""The main job with real processes and a real browser: a child tells in Urdu, the right officer reads it, the child hears back.

With HAMRAH_SCREENSHOTS set, each step leaves a picture in docs/screenshots/.
"""

import asyncio
import os
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.served import Served, Watch, browsing, desk, free_port, hamrah, phone, served
from tests.fake_telegram import Child, FakeTelegram

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHOTS = Path(__file__).parents[2] / "docs" / "screenshots"
WORDS = "وہ مجھے گھر نہیں جانے دیتے اور میرا فون رکھ لیا ہے"
ANSWER = "مجھے آپ کی بات پر یقین ہے۔ جو ہوا اس میں آپ کا کوئی قصور نہیں۔"
"""The first answer is a prepared sentence, in the child's language."""
BEGINNING = "یقین"
NO_WAY_OUT = (
    "a:yes",
    "skip",
    "a:ok",
    "a:now",
    "p:PK-SD",
    "here",
    "a:no",
    "a:nobody",
    "a:me",
    "a:12-14",
    "a:girl",
    "a:work",
    "done",
)
"""What the child presses, from "is it safe to chat" to the question for words."""


async def shot(page: Page, name: str) -> None:
    if os.environ.get("HAMRAH_SCREENSHOTS") and "//127.0.0.1" in page.url:  # the trial's pages, not the service's
        SHOTS.mkdir(exist_ok=True)
        await page.screenshot(path=SHOTS / f"{name}.png")


async def press(page: Page, key: str) -> None:
    """Press the newest button with this key and wait for the answer."""
    await page.evaluate("for (const one of document.querySelectorAll('.message')) one.dataset.old = ''")
    await page.locator(f'.choices button[data-key="{key}"]').click()
    await expect(page.locator(".message.ours:not([data-old])").first).to_be_visible()  # an old one may have vanished
    await expect(page.locator("body")).not_to_have_attribute("data-busy", "")


async def child_tells(page: Page, address: str) -> str:
    """Tell at `/` in Urdu; return the case code."""
    await page.goto(f"{address}/")
    await shot(page, "1-language")
    await press(page, "lang:ur")
    assert await page.evaluate("document.documentElement.dir") == "rtl"
    await press(page, "c:teen")
    await shot(page, "2-home-ur")
    await press(page, "c:tell")
    for key in NO_WAY_OUT:
        await press(page, key)
        if key == "a:now":
            await expect(page.locator("a.dial").first).to_be_visible()
            await shot(page, "3-numbers-first-ur")
    await page.fill("#words", WORDS)
    await shot(page, "chat-ur")
    await page.click("#send")
    await expect(page.locator("#words")).to_have_value("")
    await press(page, "skip")
    await shot(page, "4-review-ur")
    await press(page, "send")
    code = await page.locator(".code").inner_text()
    await shot(page, "5-code-ur")
    await press(page, "code-saved")
    await shot(page, "6-sent-ur")
    return code


async def officer_answers(page: Page, words: str) -> None:
    """Read the report in Urdu, take it, answer it; the officer is signed in.  A trial has reports in English beside it."""
    row = page.locator("#queue a.row", has_text="اردو")
    await expect(row).to_be_visible(timeout=30_000)
    await shot(page, "console-queue")
    await row.click()
    await expect(page.locator("#case")).to_contain_text(words)
    await shot(page, "7-case")
    await page.get_by_role("button", name="I work on this").click()
    await page.locator("[data-deed=release]").wait_for()
    await page.locator("form.reply [data-part=choose]").click()
    await page.fill("#prepared-find", BEGINNING)
    await page.keyboard.press("Enter")
    await expect(page.locator("#answer")).to_have_value(ANSWER)
    await shot(page, "8-answer")
    await page.locator("form.reply button[type=submit]").click()
    await expect(page.locator("#case .talk")).to_contain_text(ANSWER)


async def sign_in(page: Page, address: str, login: str, phrase: str) -> None:
    await page.goto(f"{address}/console/")
    await page.fill("#login", login)
    await page.fill("#phrase", phrase)
    await shot(page, "console-sign-in")
    await page.keyboard.press("Enter")


@pytest.mark.journey
@pytest.mark.promise("S24")
async def test_a_child_tells_on_the_web_and_reads_the_answer_in_the_terminal(
    tmp_path: Path, chromium_path: str
) -> None:
    """Typed at `/` in Urdu, opened and answered in `/console`, read with the case code in `hamrah chat`."""
    address = f"http://127.0.0.1:{free_port()}"
    trial = ("trial", "--data-dir", str(tmp_path / "trial"), "--listen", address.removeprefix("http://"))
    async with served(trial, address) as service, browsing(chromium_path) as browser:
        watch = Watch(address)
        child, officer = await phone(browser), await desk(browser)
        page = await child.new_page()
        watch.follow(page)
        code = await child_tells(page, address)
        assert [] == await child.cookies()
        assert 0 == await page.evaluate("localStorage.length + sessionStorage.length")

        console = await officer.new_page()
        watch.follow(console)
        await sign_in(console, address, "sindh", service.phrase_of("sindh"))
        await officer_answers(console, WORDS)

        heard = await _terminal(tmp_path, service, code)
        assert ANSWER in heard
        assert WORDS not in heard
        assert [] == watch.seen


async def _terminal(tmp_path: Path, service: Served, code: str) -> str:
    script = tmp_path / "talk.txt"
    script.write_text(f"{code}\n", "utf-8")
    return await hamrah("chat", "--server", service.address, "--lang", "ur", "--script", str(script))


async def test_a_child_tells_in_telegram_and_reads_the_answer_there(tmp_path: Path, chromium_path: str) -> None:
    """The same through Telegram, in a founded service: passkey and pass phrase open the console."""
    address = f"http://localhost:{free_port()}"
    async with FakeTelegram() as telegram, browsing(chromium_path) as browser:
        env, phrase = await _found(tmp_path, address, telegram)
        async with served(("serve",), address, env):
            child = Child(telegram)
            code = await _tells_in_telegram(child)

            watch = Watch(address)
            context = await desk(browser)
            console = await context.new_page()
            watch.follow(console)
            await _virtual_authenticator(console)
            await sign_in(console, address, "amber", phrase)  # the first time, this registers the passkey
            await officer_answers(console, WORDS)

            await child.writes(code)
            await child.sees(ANSWER, within_s=15)
            assert [] == watch.seen


async def _found(tmp_path: Path, address: str, telegram: FakeTelegram) -> tuple[dict[str, str], str]:
    """Found a service with a duty team of two, by the commands a host uses."""
    env = {
        "HAMRAH_DATA_DIR": str(tmp_path / "service"),
        "HAMRAH_LISTEN": f"127.0.0.1:{address.rpartition(':')[2]}",
        "HAMRAH_PUBLIC_URL": address,
        "HAMRAH_TELEGRAM_TOKEN": telegram.token,
        "HAMRAH_TELEGRAM_API_URL": telegram.api_url,
    }
    root, teams, signed = tmp_path / "root.key", tmp_path / "teams.toml", tmp_path / "roster.json"
    told = await hamrah("init", "--root-key", str(root), env=env)
    env["HAMRAH_ROOT_FINGERPRINT"] = told.split("HAMRAH_ROOT_FINGERPRINT=")[1].split()[0]
    phrases, cards = [], []
    for login in ("amber", "basil"):
        card = tmp_path / f"{login}.json"
        said = await hamrah("officer", "add", login, "--name", f"Officer {login}", "--card", str(card), env=env)
        phrases.append(said.split("\n\n")[1].strip())
        cards.append(str(card))
    teams.write_text(
        '[[team]]\nid = "duty"\nname = "Duty team"\nplaces = ["PK"]\nofficers = ["amber", "basil"]\n'
        'duty = true\npair = ["amber", "basil"]\n',
        "utf-8",
    )
    sign = ("roster", "sign", "--root-key", str(root), "--teams", str(teams), "--version", "1", "--out", str(signed))
    await hamrah(*sign, *cards, env=env)
    await hamrah("roster", "publish", str(signed), env=env)
    return env, phrases[0]


async def _tells_in_telegram(child: Child) -> str:
    await child.starts()
    await child.sees(buttons=["اردو"])
    for key in ("lang:ur", "c:teen", "c:tell", *NO_WAY_OUT):
        await _press(child, key)
    await child.sees("اپنے لفظوں میں", within_s=15)
    await child.writes(WORDS)
    await child.sees("مددگاروں کو نہیں کرنا", buttons=["رہنے دیں"], within_s=15)
    for key in ("skip", "send"):
        await _press(child, key)
    note = await child.sees("آپ کا کوڈ:", within_s=15)
    code = next(line for line in note.text.splitlines() if sum(c.isdigit() for c in line) == 20)
    await _press(child, "code-saved")
    await child.sees("بھیج دی گئی", within_s=15)
    return code


async def _press(child: Child, key: str) -> None:
    """Press a button of the newest question, then wait for the next one; a chat gets a message a second."""
    asked = [note for note in child.chat.visible() if note.buttons]
    data = next(b["callback_data"] for b in asked[-1].buttons if b["callback_data"].endswith(f":{key}"))
    await child.presses_data(data, asked[-1])
    for _ in range(300):
        if any(note.buttons and note.id > asked[-1].id for note in child.chat.visible()):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"nothing came after {key}\n{child.screen()}")


async def _virtual_authenticator(page: Page) -> None:
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "ctap2Version": "ctap2_1",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await session.send("WebAuthn.addVirtualAuthenticator", {"options": options})

"""A child at the private page in a real browser, and everything that left the page."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Page, Request, expect

from tests.browser.console_page import AXE, RULES

SHOTS = Path(__file__).parents[2] / "docs" / "screenshots" / "private"
BROKEN = """
window.broken = [];
document.addEventListener("securitypolicyviolation", (event) => window.broken.push(event.violatedDirective));
"""
OUT_OF_SIGHT = """
["leave", "help"].map((id) => document.getElementById(id).getBoundingClientRect())
  .some(({ top, bottom }) => top < 0 || bottom > innerHeight + 1)
"""


@dataclass  # without slots: playwright notes on the object which of its methods listen
class PrivatePage:
    """`sent`: address, headers and body of every request.  `faults`: what axe found, or what stood over the edge."""

    page: Page
    lang: str
    sent: list[bytes] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    looked: int = 0

    async def opens(self, address: str, more: str = "") -> None:
        await self.page.add_init_script(BROKEN)
        self.page.on("request", self._leaves)
        await self.page.goto(f"{address}/report?lang={self.lang}{more}")
        await expect(self.page.locator('[data-key="begin"]')).to_be_visible()

    def _leaves(self, request: Request) -> None:
        head = f"{request.method} {request.url}\n{request.headers}\n".encode()
        self.sent.append(head + (request.post_data_buffer or b""))

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.locator(f'#page [data-key="{key}"]').click()
            await self.page.mouse.move(0, 0)  # else the pointer rests on a button of the next step

    async def writes(self, words: str) -> None:
        await self.page.fill("#words", words)
        await self.press("next")

    async def enters(self, code: str) -> None:
        """Into the field for a code, and on by the keyboard alone."""
        await self.page.fill("#code", code)
        await self.page.keyboard.press("Enter")

    async def asks(self, title_or_text: str) -> None:
        await expect(self.page.locator("#page h2")).to_contain_text(title_or_text)

    async def code(self) -> str:
        return await self.page.locator("#page .code").inner_text(timeout=30_000)

    async def looks(self, name: str) -> None:
        """Everybody can use what stands there now, and nothing stands over the edge; with a picture where asked for."""
        self.looked += 1
        await self.page.evaluate(AXE)
        found = await self.page.evaluate("(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", RULES)
        self.faults += [f"{name}: {v['id']} {node['html'][:160]}" for v in found["violations"] for node in v["nodes"]]
        over = int(await self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))
        self.faults += [f"{name}: {over} pixels over the edge"] if over > 0 else []
        hidden = bool(await self.page.evaluate(OUT_OF_SIGHT))
        self.faults += [f"{name}: leaving or the numbers are out of sight"] if hidden else []
        if os.environ.get("HAMRAH_SCREENSHOTS"):
            SHOTS.mkdir(parents=True, exist_ok=True)
            await self.page.screenshot(path=SHOTS / f"{name}-{self.lang}.png")

    async def broken(self) -> list[str]:
        """Directives of the policy that were violated."""
        return list(await self.page.evaluate("window.broken"))


async def tells_quickly(child: PrivatePage, words: str, place: str = "PK-PB") -> str:
    """The least that a report can be, in Punjab; returns the code, which is shown and not yet confirmed."""
    await child.press("begin")
    await to_review(child, words, place)
    await child.press("send")
    return await child.code()


async def to_review(child: PrivatePage, words: str, place: str = "PK-PB") -> None:
    """From the first question to the last step before sending."""
    await child.press("a:yes", "skip", "a:ok", "a:no", f"p:{place}", "here")
    for _ in range(9):  # to the question for words
        if await child.page.locator("#words").count():
            break
        await child.press("skip")
    await child.writes(words)
    await child.press("skip")


async def tells_everything(child: PrivatePage, words: str, person: str, limit: str) -> str:
    """A whole report, with a look at each kind of step; returns the code, which is shown and not yet confirmed."""
    await child.looks("1-begin")
    await child.press("begin")
    await child.looks("2-safe")
    await child.press("a:yes", "skip")
    await child.looks("3-limits")
    await child.press("a:more")
    await child.looks("4-read-more")
    await child.press("!back", "a:ok")
    await child.press("a:now")
    await expect(child.page.locator("#numbers a.dial").first).to_be_visible()
    await child.looks("5-numbers-first")
    await child.page.click('[data-key="numbers-away"]')
    await child.looks("6-place")
    await child.press("p:PK-SD")
    await expect(child.page.locator('[data-key="here"]')).to_be_visible()
    await child.looks("7-district")
    await child.press("here", "a:no")
    await expect(child.page.locator('[data-key="name-person"]')).to_be_visible()
    await child.looks("8-keep-away")
    if person:
        await child.press("name-person")
        await child.writes(person)
    else:
        await child.press("a:nobody")
    await child.press("a:me", "a:12-14", "skip", "a:work")
    await child.press("a:talk", "a:safe-place")
    await child.looks("9-several")
    await child.press("done")
    await child.page.fill("#words", words)
    await child.looks("10-words")
    await child.press("next")
    await child.writes(limit)
    await child.looks("11-review")
    await child.press("send")
    code = await child.code()
    await child.looks("12-code")
    return code

"""An officer at a real browser: the console served from memory, and eyes on all that the page does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Error, Page, Request, Response, async_playwright, expect

from storage import cases
from tests.console.officer import ORIGIN
from tests.console.world import Clock, World, make_world
from tests.fake_telegram.serving import loopback_socket, serving

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WAIT_MS = 20_000


@dataclass(slots=True)
class Floor:
    """A console on a loopback address, and the browser that visits it."""

    world: World
    address: str
    browser: Browser
    troubles: list[str] = field(default_factory=list)

    @contextlib.asynccontextmanager
    async def visitor(self, *, width: int = 1280, lang: str = "en", **more: Any) -> AsyncIterator["Visitor"]:
        context = await self.browser.new_context(
            viewport={"width": width, "height": 860}, reduced_motion="reduce", **more
        )
        await context.add_init_script(INSIDE)
        page = await context.new_page()
        page.set_default_timeout(WAIT_MS)
        visitor = Visitor(self, page)
        page.on("console", visitor.hears)
        page.on("pageerror", lambda error: visitor.troubles.append(f"error: {error}"))
        page.on("request", visitor.sees)
        page.on("response", visitor.answered)
        await page.goto(f"{self.address}/console/?lang={lang}")
        await page.wait_for_selector("#sign-in:not([hidden])")
        try:
            yield visitor
        finally:
            await context.close()


INSIDE = """
window.executed = [];
window.broken = [];
for (const name of ["alert", "confirm", "prompt"]) window[name] = (what) => { window.executed.push(String(what)); };
document.addEventListener("securitypolicyviolation", (event) => window.broken.push(event.violatedDirective));
const Real = window.Worker;
window.workers = [];
window.Worker = class extends Real { constructor(...all) { super(...all); window.workers.push(this); } };
"""
"""Runs before the page's own script: notes what should never happen, and holds on to the workers for hostile tests."""


@dataclass  # without slots: playwright notes on the object which of its methods listen
class Visitor:
    floor: Floor
    page: Page
    troubles: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def hears(self, message: ConsoleMessage) -> None:
        foreseen = any(f"status of {status} " in message.text for status in self.expected)
        if message.type in ("error", "warning") and not foreseen:
            self.troubles.append(f"{message.type}: {message.text}")

    def sees(self, request: Request) -> None:
        if not request.url.startswith((self.floor.address, "blob:")):
            self.troubles.append(f"stranger: {request.url[:80]}")

    def answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.troubles.append(f"{response.status}: {response.url}")

    async def signs_in(self, seat: str, phrase: str | None = None) -> None:
        await self.page.fill("#login", seat)
        await self.page.fill("#phrase", phrase or self.floor.world.phrase(seat))
        await self.page.click("#sign-in [data-part=go]")

    async def at_the_queue(self, seat: str) -> None:
        await self.signs_in(seat)
        await self.page.wait_for_selector("#desk:not([hidden])")
        await self.page.wait_for_selector("#queue [data-part=rows]:not([aria-busy])", state="attached")
        await self.page.wait_for_selector("a.row, #queue [data-part=empty]:not([hidden])")

    async def opens(self, case: bytes) -> None:
        """Until this very case is shown: beside the list the one before stands until then."""
        found = await self.floor.world.database.read(lambda conn: cases.find(conn, case))
        assert found is not None
        await self.page.click(f"a.row[data-case='{case.hex()}']")
        await expect(self.page.locator("#case-title")).to_contain_text(found.handle, timeout=WAIT_MS)

    async def text(self, selector: str) -> str:
        return await self.page.inner_text(selector)

    async def texts(self, selector: str) -> list[str]:
        return await self.page.locator(selector).all_inner_texts()

    async def faults_of_access(self) -> list[str]:
        """What axe finds, as "rule: element"; empty when everybody can use the page."""
        await self.page.evaluate(AXE)
        found = await self.page.evaluate("(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", RULES)
        return [f"{v['id']}: {node['html'][:120]}" for v in found["violations"] for node in v["nodes"]]

    async def until(self, holds: str) -> None:
        await until(self.page, holds)

    async def overflow(self) -> int:
        """Pixels by which the page is wider than its window."""
        return int(await self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))

    async def calm(self) -> None:
        """Nothing was executed, refused by the policy, asked of a stranger or complained about."""
        assert [] == await self.page.evaluate("[...window.executed, ...window.broken]")
        assert [] == self.troubles


async def until(page: Page, holds: str) -> None:
    """Wait until an expression holds in the page: its own policy lets no expression be evaluated again from inside."""
    async with asyncio.timeout(WAIT_MS / 1000):
        while True:
            with contextlib.suppress(Error):  # another page was being loaded
                if await page.evaluate(holds):
                    return
            await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def floor(
    folder: Path,
    chromium: str,
    *,
    passkeys: bool = False,
    codes: bool = False,
    prepared_first: bool = False,
    url: str = "sqlite:///:memory:",
    clock: Clock | None = None,
    more: Sequence[str] = (),
) -> AsyncIterator[Floor]:
    """`more`: arguments of Chromium.

    `passkeys`: signing in needs one; they belong to a name, so the address says `localhost`.  `url`: of the database.

    `prepared_first`: as in a service, the first answer is made of prepared sentences.
    """
    listener = loopback_socket()
    host = "localhost" if passkeys else "127.0.0.1"
    address = f"http://{host}:{listener.getsockname()[1]}"
    world = await make_world(
        folder,
        origins=frozenset({address, ORIGIN}),
        clock=clock or Clock(),
        passkeys_of=host if passkeys else "",
        codes=codes,
        url=url,
        prepared_first=prepared_first,
    )
    async with serving(world.site, listener), async_playwright() as playwright:
        args = ["--disable-dev-shm-usage", *more]
        browser = await playwright.chromium.launch(executable_path=chromium, args=args)
        try:
            yield Floor(world, address, browser)
        finally:
            await browser.close()
            await world.database.close()

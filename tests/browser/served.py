"""The real command in a process of its own, as a host runs it; and eyes on what a browser did while it was open."""

import asyncio
import contextlib
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, async_playwright

HAMRAH = Path(sys.executable).parent / "hamrah"
READY_WITHIN_S = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def hamrah(*words: str, env: Mapping[str, str] | None = None) -> str:
    """Run a command to its end and return what it printed."""
    process = await asyncio.create_subprocess_exec(
        HAMRAH, *words, env=_clean(env), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    assert process.returncode == 0, f"hamrah {' '.join(words)}: {err.decode()}"
    return out.decode()


@dataclass(slots=True)
class Served:
    """`address`: where it listens; `printed`: what it wrote to standard output so far; `log`: what it logs, as it grows."""

    address: str
    printed: str
    log: bytearray

    def phrase_of(self, login: str) -> str:
        """The pass phrase that a trial prints for its seats."""
        found = re.search(r"^\s*((?:[a-z]+ ){5}[a-z]+)$", self.printed, re.MULTILINE)
        assert found, "no pass phrase"
        assert re.search(rf"^  {login} ", self.printed, re.MULTILINE), f"no seat {login}"
        return found[1]


@contextlib.asynccontextmanager
async def served(words: Sequence[str], address: str, env: Mapping[str, str] | None = None) -> AsyncIterator[Served]:
    """Start `hamrah WORDS`, wait until it is ready, stop it as an orchestrator does."""
    process = await asyncio.create_subprocess_exec(
        HAMRAH, *words, env=_clean(env), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    printed, faults = bytearray(), bytearray()
    assert process.stderr is not None
    reading = [
        asyncio.create_task(_drain(process.stdout, printed)),
        asyncio.create_task(_drain(process.stderr, faults)),
    ]
    try:
        if not await _ready(process, address):
            raise AssertionError(f"hamrah ended with status {process.returncode}: {faults.decode()[-2000:]}")
        yield Served(address, printed.decode(), faults)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 15)
        await asyncio.gather(*reading)


async def _drain(stream: asyncio.StreamReader, kept: bytearray) -> None:
    while piece := await stream.read(65_536):
        kept += piece


async def _ready(process: asyncio.subprocess.Process, address: str) -> bool:
    async with aiohttp.ClientSession() as http, asyncio.timeout(READY_WITHIN_S):
        while process.returncode is None:
            with contextlib.suppress(aiohttp.ClientError):
                async with http.get(f"{address}/health/ready") as response:
                    if response.status == 200:
                        return True
            await asyncio.sleep(0.1)
    return False


def _clean(env: Mapping[str, str] | None) -> dict[str, str]:
    """No setting of the machine the tests run on reaches the command."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HAMRAH_")}
    return {**kept, **(env or {})}


@dataclass  # without slots: playwright notes on the object which of its methods listen
class Watch:
    """What must not happen while pages are open: errors, policy violations, requests to strangers."""

    address: str
    seen: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.seen.append(f"error: {error}"))
        page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.seen.append(f"{message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.seen.append(f"stranger: {request.url.split('/')[2]}")


@contextlib.asynccontextmanager
async def browsing(chromium: str, *more: str) -> AsyncIterator[Browser]:
    """`more`: arguments of Chromium."""
    async with async_playwright() as playwright:
        args = ["--disable-dev-shm-usage", *more]
        browser = await playwright.chromium.launch(executable_path=chromium, args=args)
        try:
            yield browser
        finally:
            await browser.close()


async def phone(browser: Browser) -> BrowserContext:
    """A cheap phone in Urdu."""
    return await browser.new_context(
        viewport={"width": 360, "height": 740}, locale="ur-PK", device_scale_factor=1.5, reduced_motion="reduce"
    )


async def desk(browser: Browser) -> BrowserContext:
    return await browser.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce")

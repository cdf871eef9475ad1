"""What the private page costs a cheap phone: bytes until it can be used and for a whole report, seconds on a slow line.

A real Chromium at 360 pixels, on a line of 400 kbit/s with 400 ms to and fro ("slow 3G") and a processor slowed to a quarter.
Nothing is ever kept by the browser, so each visit costs the same.
"""

import tempfile
import time
from base64 import b64decode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from benchmarks.figures import Figure, at_most, middle
from benchmarks.footprint import trial
from tests.plugins.browser import REASON, find_chromium

KB = 1000
LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
SLOWER = 4
LANGUAGES = ("en", "ur")
TO_THE_WORDS = ("begin", "a:yes", "skip", "a:ok", "a:no", "p:PK-PB", "here")
WORDS = "They took my papers and say that I cannot leave before the debt is paid. " * 4


def measure(rounds: int) -> list[Figure]:
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit(REASON)
    with tempfile.TemporaryDirectory(prefix="hamrah-bench-") as folder, sync_playwright() as playwright:
        args = ["--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=chromium, args=args)
        with trial(Path(folder) / "trial") as (_, address):
            seen = {lang: [_visit(browser, address, lang) for _ in range(rounds)] for lang in LANGUAGES}
        browser.close()
    return [figure for lang, visits in seen.items() for figure in _figures(lang, visits)]


@dataclass(slots=True)
class Visit:
    """Bytes that came and that went, until it could be used and in all; seconds."""

    down: float = 0
    up: float = 0
    usable: float = 0
    opened: float = 0
    coded: float = 0
    sent: float = 0


def _figures(lang: str, visits: Sequence[Visit]) -> Iterator[Figure]:
    down, up, usable = (middle([getattr(visit, of) for visit in visits]) / KB for of in ("down", "up", "usable"))
    opened, coded, sent = (middle([getattr(visit, of) for visit in visits]) for of in ("opened", "coded", "sent"))
    yield Figure(f"private page ({lang}), loaded until it can be used", usable, "KB", at_most(150))
    yield Figure(f"private page ({lang}), loaded in all for a whole report", down, "KB", at_most(150))
    yield Figure(f"private page ({lang}), sent for a report of words, sealed to its readers", up, "KB")
    yield Figure(f"private page ({lang}), slow 3G until it can be used", opened, "s", at_most(5))
    yield Figure(f"private page ({lang}), slow 3G from Send to the code", coded, "s")
    yield Figure(f"private page ({lang}), slow 3G from the code kept to Saved", sent, "s")


def _visit(browser: Browser, address: str, lang: str) -> Visit:
    context = browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    page = context.new_page()
    with _counting(context.new_cdp_session(page)) as visit:
        began = time.perf_counter()
        page.goto(f"http://{address}/report?lang={lang}")
        page.locator('#page [data-key="begin"]').wait_for()
        visit.opened, visit.usable = time.perf_counter() - began, visit.down
        _press(page, *TO_THE_WORDS)
        while not page.locator("#words").count():
            _press(page, "skip")
        page.fill("#words", WORDS)
        _press(page, "next", "skip", "send")
        began = time.perf_counter()
        page.locator("#page .code").wait_for(timeout=120_000)
        visit.coded = time.perf_counter() - began
        _press(page, "code-saved")
        began = time.perf_counter()
        page.locator('#page [data-key="chat"]').wait_for(timeout=120_000)
        visit.sent = time.perf_counter() - began
    context.close()
    return visit


@contextmanager
def _counting(line: CDPSession) -> Iterator[Visit]:
    """Every byte that comes, heads and all, as it is on the line; of what goes the bodies."""
    visit = Visit()

    def came(event: dict[str, float]) -> None:
        visit.down += event["encodedDataLength"]

    def went(event: dict[str, dict[str, Any]]) -> None:
        pieces = event["request"].get("postDataEntries", ())
        visit.up += sum(len(b64decode(piece["bytes"])) for piece in pieces)

    line.send("Network.enable", {"maxPostDataSize": 10_000_000})
    line.send("Network.emulateNetworkConditions", LINE)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    line.on("Network.loadingFinished", came)
    line.on("Network.requestWillBeSent", went)
    yield visit


def _press(page: Page, *keys: str) -> None:
    for key in keys:
        page.locator(f'#page [data-key="{key}"]').click()

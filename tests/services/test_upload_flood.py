"""The private page's door for parts while somebody floods it: every honest report arrives, soon, and nothing grows (S47)."""

import asyncio
import os
import time
from collections.abc import Callable
from hashlib import sha256

import pytest

from bot.core.errors import PartsMissing
from bot.sealing.context import new_id
from storage import uploads
from tests.helpline import Helpline
from tests.private.sealed_page import SealedPage
from tests.services.test_submitting import held, submitting

pytestmark = [pytest.mark.promise("S47"), pytest.mark.slow]

SHARE = float(os.environ.get("LONG_SHARE", "1"))
A_SECOND, AT_ONCE = 500, 50
MOST_TRIES = 20
"""As the page's own (bot/web/src/private/send.ts)."""
SLOWEST_S = 10.0
"""For nineteen honest reports in twenty."""


def stray(number: int) -> bytes:
    """A part of a report that never ends; small, so that the test needs no disk (bytes are counted in test_submitting)."""
    content = os.urandom(64)
    return new_id() + bytes(2) + (number % 24).to_bytes(2, "big") + sha256(content).digest() + content


async def flood(helpline: Helpline, stop: asyncio.Event, a_second: int) -> int:
    """So many parts a second until it is told to stop; returns how many it was."""
    here, sent, began = submitting(helpline), 0, time.monotonic()
    while not stop.is_set():
        due = int((time.monotonic() - began) * a_second) - sent
        await asyncio.gather(*(here.part(stray(sent + at), helpline.now) for at in range(min(due, AT_ONCE))))
        sent += min(due, AT_ONCE)
        await asyncio.sleep(0.01)
    return sent


async def arrives(helpline: Helpline, page: SealedPage) -> float:
    """As the page does it: all parts, the closing message, and again what is missing; returns the seconds it took."""
    here, began = submitting(helpline), time.monotonic()
    wanted = tuple(range(len(page.parts)))
    for _ in range(MOST_TRIES):
        for number in wanted:
            await here.part(page.part(number), helpline.now)
            await asyncio.sleep(0.2)  # a phone's line: parts do not come at once
        try:
            await here.close(page.close(), helpline.now)
            return time.monotonic() - began
        except PartsMissing as missing:
            wanted = missing.numbers
    raise AssertionError(f"{len(wanted)} parts are still missing")


async def beside_a_flood(helpline: Helpline, reports: int, a_second: int) -> tuple[list[float], int]:
    pages = [await SealedPage(helpline).seals() for _ in range(reports)]
    full = submitting(helpline)
    for at in range(uploads.MOST_OPEN_PARTS):
        await full.part(stray(at), helpline.now)
    stop = asyncio.Event()
    flooding = asyncio.create_task(flood(helpline, stop, a_second))
    took = await asyncio.gather(*(arrives(helpline, page) for page in pages))
    stop.set()
    sent = await flooding
    assert reports == len(await helpline.case_ids())
    assert uploads.MOST_OPEN_PARTS + AT_ONCE >= await held(helpline)  # what comes at once is counted with the next one
    return sorted(took), sent


async def test_five_reports_arrive_beside_a_flood(helpline: Helpline, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of the bound, and a tenth of the flood."""
    monkeypatch.setattr(uploads, "MOST_OPEN_PARTS", uploads.MOST_OPEN_PARTS // 10)
    took, sent = await beside_a_flood(helpline, 5, A_SECOND // 10)
    assert took[-1] < SLOWEST_S
    assert sent > 20


@pytest.mark.long
async def test_fifty_reports_arrive_beside_up_to_five_hundred_stray_parts_a_second(
    everywhere: Helpline, record_property: Callable[[str, object], None]
) -> None:
    reports = max(2, round(50 * SHARE))
    took, sent = await beside_a_flood(everywhere, reports, A_SECOND)
    p95 = took[int(len(took) * 0.95)]
    record_property("reports", reports)
    record_property("stray parts", sent)
    record_property("stray parts a second", round(sent / took[-1]))
    record_property("p95 seconds", round(p95, 2))
    assert p95 < SLOWEST_S

"""The private page on a line that is cut anywhere, on a phone whose clock is wrong or that keeps nothing: one report, or none."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial

import pytest
from playwright.async_api import Route, expect
from sqlalchemy import select

from bot.core.effects import Text
from storage import purge
from storage.schema import upload_parts
from tests.browser.private_page import tells_quickly
from tests.browser.test_private_trouble import Floor, posts, sent
from tests.browser.test_private_walk import ANSWER, case_with, floor, in_mailbox, told
from tests.service import answer
from tests.talking import NOON

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["floor"]  # a fixture

WORDS = "they keep my papers in a drawer zqxv"
HASTE = "const later = setTimeout; window.setTimeout = (what, ms, ...more) => later(what, ms / 200, ...more);"
"""The page waits 1, 2, 4 … 60 s between tries; here a two-hundredth of it."""


class Cut(Exception):
    """The line is dead where the test wants it; what dies by itself is not counted."""


@dataclass(slots=True)
class Line:
    """A line to the server that is cut after so many bytes of the next upload to an address (`up`), or of its answer (`down`),
    until no cut is left.
    """

    to: int
    up: dict[bytes, list[int]] = field(default_factory=dict)
    down: dict[bytes, list[int]] = field(default_factory=dict)
    cut: int = 0

    async def carries(self, phone: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        server, there = await asyncio.open_connection("127.0.0.1", self.to)
        try:
            head = await phone.readuntil(b"\r\n\r\n")
            path = head.split(b" ")[1]
            up = _next(self.up, path)
            down = None if up is not None else _next(self.down, path)
            forth = asyncio.create_task(_pump(phone, there, up, head.replace(b"keep-alive", b"close")))
            await asyncio.gather(forth, _pump(server, back, down))
        except Cut:
            self.cut += 1
        except (ConnectionError, asyncio.IncompleteReadError):
            return  # the browser hung up: it keeps lines open that it may need, and closes them when it does not
        finally:
            for end in (back, there):
                end.close()


def _next(cuts: dict[bytes, list[int]], path: bytes) -> int | None:
    return cuts[path].pop() if cuts.get(path) else None


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, most: int | None, first: bytes = b"") -> None:
    """`most`: bytes after which the line is dead; none: all of it."""
    carried, piece = 0, first
    while True:
        if most is not None and carried + len(piece) >= most:
            sink.write(piece[: most - carried])  # closing sends it on
            raise Cut
        sink.write(piece)
        await sink.drain()
        carried += len(piece)
        piece = await source.read(4096)
        if not piece:
            return


@asynccontextmanager
async def cutting(address: str) -> AsyncIterator[tuple[Line, str]]:
    line = Line(int(address.rpartition(":")[2]))
    listening = await asyncio.start_server(line.carries, "127.0.0.1", 0)
    async with listening:
        yield line, f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"


def offsets(upto: int, count: int) -> Iterator[int]:
    """From the first byte to the last, in even steps."""
    yield from (1 + (upto - 1) * at // (count - 1) for at in range(count))


@pytest.mark.promise("R21", "S8")
async def test_wherever_the_line_is_cut_it_is_one_report(floor: Floor) -> None:
    """Forty times: in the head, in the body, after the last byte; and in the answer, which then was already kept."""
    async with cutting(floor.address) as (line, address), floor.child() as child:
        await child.page.add_init_script(HASTE)
        await child.opens(address)
        await tells_quickly(child, WORDS)
        line.up = {b"/report/part": list(offsets(12_000, 16)), b"/report/close": list(offsets(3_000, 8))}
        line.down = {path: list(offsets(500, 8)) for path in line.up}
        await child.press("code-saved")
        await expect(child.page.locator("#page")).to_contain_text("Saved", timeout=60_000)
        assert 40 == line.cut
        assert "" == await child.page.inner_text("#status")
    assert [WORDS] == await floor.told()


@pytest.mark.promise("R21", "S8")
async def test_wherever_the_line_is_cut_what_is_written_back_comes_once(floor: Floor) -> None:
    code = await told(floor)
    async with cutting(floor.address) as (line, address), floor.child() as child:
        await child.page.add_init_script(HASTE)
        line.down = {b"/report/mailbox": list(offsets(2_000, 5)), b"/report/salt": list(offsets(300, 3))}
        await in_mailbox(child, replace(floor, address=address), code)
        assert 8 == line.cut
        line.up = {b"/report/part": list(offsets(2_000, 8)), b"/report/message": list(offsets(700, 5))}
        line.down = {b"/report/part": list(offsets(500, 5)), b"/report/message": list(offsets(900, 5))}
        await child.press("add")
        await child.page.fill("#words", "one thing more")
        await child.press("send")
        await expect(child.page.locator("#page .why")).to_be_visible(timeout=60_000)
        assert 8 + 23 == line.cut
    assert ["one thing more", WORDS] == sorted(await floor.told())


async def test_a_page_that_stands_between_us_and_the_phone_is_no_answer(floor: Floor) -> None:
    """As in a café that wants a sign-in: the page says that nothing was sent, and goes on when the line is free."""
    async with floor.child() as child:
        await child.page.add_init_script(HASTE)
        await child.opens(floor.address)
        await tells_quickly(child, WORDS)
        portal = partial(_portal, status=200)
        await child.page.route("**/report/part", portal)
        await child.press("code-saved")
        await expect(child.page.locator("#status")).to_contain_text("Not sent yet")
        await child.page.unroute("**/report/part", portal)
        await sent(child)
    assert [WORDS] == await floor.told()


async def _portal(route: Route, *, status: int) -> None:
    await route.fulfill(status=status, body="<html>Welcome! Please sign in.</html>", content_type="text/html")


@pytest.mark.promise("R21")
async def test_a_page_that_is_closed_in_the_middle_leaves_nothing_that_anybody_reads(floor: Floor) -> None:
    async with floor.child() as child:
        await child.opens(floor.address)
        await tells_quickly(child, WORDS)
        await child.page.route("**/report/close", lambda route: route.abort())
        await child.press("code-saved")
        await expect(child.page.locator("#status")).to_contain_text("Not sent yet")
        assert posts(child, "part") >= 1
    assert [] == await floor.told()
    database = floor.house.database
    assert 1 == len(await database.read(lambda c: c.execute(select(upload_parts.c.part)).all()))
    for day in range(1, 3):
        await purge.purge(database, NOON + day * 86_400)
    assert [] == await database.read(lambda c: c.execute(select(upload_parts.c.part)).all())


async def test_a_button_pressed_twice_on_a_slow_line_takes_no_written_word_off_the_page(floor: Floor) -> None:
    """The list of offices is on its way when the child presses again: the later answer must not bring the question back."""
    waits = [0.1, 2.0]

    async def slow(route: Route) -> None:
        await asyncio.sleep(waits.pop(0) if waits else 0)
        await route.continue_()

    async with floor.child() as child:
        await child.page.route("**/report/roster*", slow)
        await child.opens(floor.address)
        await child.press("begin", "a:yes", "skip", "a:ok", "a:no", "p:PK-PB", "here")
        await child.page.locator('#page [data-key="skip"]').dblclick()
        await expect(child.page.locator('#page [data-key="name-person"]')).to_be_visible()
        for _ in range(9):
            if await child.page.locator("#words").count():
                break
            await child.press("skip")
        await child.page.fill("#words", WORDS)
        await asyncio.sleep(2.5)
        assert WORDS == await child.page.input_value("#words")


@pytest.mark.promise("R21")
async def test_a_phone_that_slept_and_came_back_on_another_network_sends_once(floor: Floor) -> None:
    async with floor.child() as child:
        await child.page.clock.install()
        await child.opens(floor.address)
        await tells_quickly(child, WORDS)
        await child.page.context.set_offline(True)
        await child.press("code-saved")
        await expect(child.page.locator("#status")).to_contain_text("Not sent yet")
        await child.page.clock.fast_forward("10:00")
        await child.page.context.set_offline(False)
        await sent(child)
    assert [WORDS] == await floor.told()


@pytest.mark.parametrize("year", [1999, 2041])
async def test_a_phone_whose_clock_is_wrong_by_years_tells_and_reads(floor: Floor, year: int) -> None:
    """The server's clock counts: for the list of officers, and for what is told."""
    async with floor.child() as child:
        await child.page.clock.install(time=f"{year}-02-03T04:05:06Z")
        await child.opens(floor.address)
        code = await tells_quickly(child, WORDS)
        await child.press("code-saved")
        await sent(child)
        await answer(floor.house, floor.service, await case_with(floor), ANSWER, "amna")
        await in_mailbox(child, floor, code)
        await expect(child.page.locator("#page .answer")).to_contain_text(ANSWER)
    assert [WORDS] == await floor.told()


NOTHING_KEPT = """
for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) {
  Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });
}
Object.defineProperty(Navigator.prototype, "cookieEnabled", { get: () => false });
Object.defineProperty(Document.prototype, "cookie", { get() { throw new DOMException("denied", "SecurityError"); } });
"""


@pytest.mark.promise("S43")
async def test_where_the_browser_keeps_nothing_it_works_all_the_same(floor: Floor) -> None:
    async with floor.child("ur") as child:
        await child.page.add_init_script(NOTHING_KEPT)
        faults: list[str] = []
        child.page.on("pageerror", lambda error: faults.append(str(error)))
        await child.opens(floor.address)
        code = await tells_quickly(child, WORDS)
        await child.press("code-saved")
        saved = floor.house.wording.say("ur", Text("private.saved"))
        await expect(child.page.locator("#page")).to_contain_text(saved, timeout=40_000)
        await in_mailbox(child, floor, code)
        assert [] == faults + await child.broken()
    assert [WORDS] == await floor.told()

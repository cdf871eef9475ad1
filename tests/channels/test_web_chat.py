"""The web chat through its one address: once, padded, nothing kept on the device, nothing told by size or time."""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.channels.web.chat import LONGEST_BODY
from bot.core import failpoints
from tests.channels.web_page import Page, found, http, page, served
from tests.service import answer

pytestmark = pytest.mark.asyncio(loop_scope="module")
__all__ = ["http", "page", "served"]  # fixtures

BUNDLE = Path(__file__).parents[2] / "bot" / "web" / "dist"


@pytest.fixture
def broken() -> Iterator[None]:
    failpoints.arm({"HAMRAH_TEST_BUILD": "1", "HAMRAH_FAILPOINTS": "F4=raise"})
    yield
    failpoints.arm({})


# --- the main job ---


async def test_a_report_typed_in_the_browser_is_read_and_answered(page: Page, served: Any, http: Any) -> None:
    service, house, _ = served
    await page.opens()
    code = await page.tells("they keep my papers in a drawer")
    case = (await found(served)).case_of("they keep my papers in a drawer")
    assert "web" == case.channel
    await answer(house, service, case.id, "You are not alone.", sorted(case.readers)[0])

    later = Page(http, house)
    await later.opens("ur")
    await later.enters(code)
    assert "You are not alone." in later.text()


# --- once ---


@pytest.mark.promise("R2")
async def test_an_event_that_is_sent_again_is_one_step(page: Page, served: Any) -> None:
    await page.opens()
    event = {"kind": "wrote", "words": "sent twice by a bad line"}
    first = await page.posts(event, 7)
    again = await page.posts(event, 7)
    assert first[-1]["rows"] == again[-1]["rows"], "the second answer shows where the talk is"
    await page.presses("resume")
    await page.presses("a:yes", "skip", "a:ok")
    while "send" not in page.offered():
        await page.presses("skip")
    await page.presses("send", "code-saved")
    assert 1 == (await found(served)).counted()["sent twice by a bad line"]


@pytest.mark.promise("R2")
async def test_five_copies_at_once_are_one_step(page: Page) -> None:
    await page.opens()
    await page.presses("c:tell")
    prompt = page.prompt()
    event = {"kind": "chose", "key": "a:yes", "turn": prompt["turn"]}
    await asyncio.gather(*(page.posts(event, 8) for _ in range(5)))
    await page.posts({"kind": "looked"})
    assert prompt["turn"] + 1 <= page.prompt()["turn"] <= prompt["turn"] + 6
    await page.presses("skip", "a:ok")
    assert "skip" in page.offered()


async def test_two_pages_never_meet(http: Any, served: Any) -> None:
    one, other = Page(http, served[1]), Page(http, served[1])
    await one.opens("ur")
    said = await other.posts({"kind": "looked"})
    assert any(button["key"] == "lang:ur" for row in said[-1]["rows"] for button in row)


# --- what no page of ours sends ---

ASKED = {"session": base64.b64encode(bytes(32)).decode(), "number": 1, "event": {"kind": "help"}}
HOSTILE: list[Any] = [
    b"",
    b"null",
    b"[]",
    b'"x"',
    b"\xff\xfe",
    b"{" * 30_000,
    b"[" * 60_000,
    b'{"session":' + b"9" * 5_000 + b"}",
    {},
    {**ASKED, "session": "AAAA"},
    {**ASKED, "session": 5},
    {**ASKED, "session": "!" * 44},
    {**ASKED, "session": base64.b64encode(bytes(33)).decode()},
    {**ASKED, "number": -1},
    {**ASKED, "number": 2**53},
    {**ASKED, "number": 1.5},
    {**ASKED, "number": True},
    {**ASKED, "number": "1"},
    {**ASKED, "number": None},
    {**ASKED, "event": None},
    {**ASKED, "event": []},
    {**ASKED, "event": {"kind": "fell"}},
    {**ASKED, "event": {"kind": "wrote"}},
    {**ASKED, "event": {"kind": "wrote", "words": ""}},
    {**ASKED, "event": {"kind": "wrote", "words": "x" * 4_001}},
    {**ASKED, "event": {"kind": "wrote", "words": ["x"]}},
    {**ASKED, "event": {"kind": "chose", "key": 1, "turn": 1}},
    {**ASKED, "event": {"kind": "chose", "key": "a", "turn": "1"}},
    {**ASKED, "event": {"kind": "codemade", "code": "x"}},
    {**ASKED, "event": {"kind": "mailboxopened"}},
]


@pytest.mark.parametrize("body", HOSTILE, ids=lambda body: repr(body)[:50])
async def test_what_no_page_sends_is_refused_and_leaves_nothing(http: Any, served: Any, body: Any) -> None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with http.post("/chat/turn", data=raw, headers={"content-type": "application/json"}) as response:
        assert 400 == response.status
        assert b"" == await response.read()


async def test_half_a_character_is_taken_as_a_mark(page: Page) -> None:
    await page.opens()
    said = await page.writes("broken \ud83d emoji")
    assert any(button["key"] == "resume" for row in said[-1]["rows"] for button in row)


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json"]
)
async def test_only_json_is_read(http: Any, kind: str) -> None:
    async with http.post("/chat/turn", data=json.dumps(ASKED), headers={"content-type": kind}) as response:
        assert 415 == response.status


@pytest.mark.parametrize("method", ["get", "put", "delete", "options", "patch"])
async def test_only_posts_are_taken(http: Any, method: str) -> None:
    async with http.request(method, "/chat/turn") as response:
        assert 405 == response.status


async def test_a_body_of_a_mebibyte_is_refused_unread(served: Any) -> None:
    """Only the head is sent, and the answer comes all the same."""
    host, port = served[2].removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        b"POST /chat/turn HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1048576\r\n\r\n"
    )
    head = await asyncio.wait_for(reader.readuntil(b"\r\n"), 5)
    writer.close()
    assert b"HTTP/1.1 413" in head


async def test_a_body_that_does_not_tell_its_length_is_cut_off(http: Any) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 64 * LONGEST_BODY:
            sent += 8192
            yield b"x" * 8192
            await asyncio.sleep(0)

    try:
        async with http.post("/chat/turn", data=endless(), headers={"content-type": "application/json"}) as response:
            assert 413 == response.status
    except aiohttp.ClientError:
        pass  # the connection was closed on what nobody reads
    assert sent < 64 * LONGEST_BODY


# --- when nothing can be kept ---


@pytest.mark.promise("S6")
async def test_what_cannot_be_kept_is_said_with_the_numbers(page: Page, served: Any, broken: None) -> None:
    body = {"session": page.session, "number": 1, "event": {"kind": "wrote", "words": "not kept"}}
    async with page.http.post("/chat/turn", json=body) as response:
        assert 503 == response.status
        (said,) = (await response.json())["messages"]
    assert "1121" in said["text"]
    assert 0 == (await found(served)).counted()["not kept"]


# --- what a page leaves behind ---


async def test_no_answer_sets_a_cookie_and_every_page_is_the_same_for_all(http: Any) -> None:
    for path in ("/", "/away", "/static/chat.js", "/static/chat.css", "/nowhere"):
        bodies = []
        for _ in range(2):
            async with http.get(path) as response:
                assert "set-cookie" not in response.headers
                assert "no-store" == response.headers["cache-control"]
                bodies.append(await response.read())
        assert bodies[0] == bodies[1], f"{path} carries something of its own for each visitor"


async def test_the_page_script_keeps_nothing_on_the_device() -> None:
    script = (BUNDLE / "chat.js").read_text("utf-8")
    for word in ("localStorage", "sessionStorage", "indexedDB", ".cookie", "serviceWorker", "pushState", "caches"):
        assert word not in script


async def test_leaving_goes_to_a_harmless_page_that_clears_up(http: Any) -> None:
    async with http.get("/away") as response:
        text = await response.text()
        assert '"cache", "storage"' == response.headers["clear-site-data"]
    assert not re.search(r"hamrah|help|report|police|child|<script", text, re.IGNORECASE)


async def test_without_scripts_the_numbers_are_there(http: Any) -> None:
    async with http.get("/") as response:
        text = await response.text()
    assert "1121" in text.partition("<noscript>")[2].partition("</noscript>")[0]


@pytest.mark.promise("S18")
async def test_no_address_of_the_web_chat_takes_anything_in_its_query(http: Any) -> None:
    async with http.post("/chat/turn?session=x&number=1", json=ASKED) as response:
        assert 200 == response.status
    async with http.get("/?code=12345") as with_query, http.get("/") as without:
        assert await with_query.read() == await without.read()

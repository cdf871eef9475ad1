"""The doors of the private page: one page of small size, ciphertext of one type, nothing about who the child is."""

import gzip
import json
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.core.roster import Roster
from bot.house import House
from bot.sealing.message import MESSAGE_BYTES
from bot.sealing.roster import RootOfTrust, verify_roster
from bot.sealing.submission import CLOSING_BYTES, PART_BYTES
from bot.services.page_mailbox import SIZE
from tests.plugins.service import copied
from tests.service import Service, serving_here
from tests.talking import NOON

pytestmark = pytest.mark.asyncio(loop_scope="module")

BYTES = {"content-type": "application/octet-stream"}
POSTS = ("/report/salt", "/report/mailbox", "/report/deed", "/report/message", "/report/part", "/report/close")
ADDRESSES = ("/report", "/report/content?lang=ur", "/report/places?lang=ur&in=PK-SD", "/report/roster")
LARGEST_PAGE = 150_000
"""Bytes over the line, everything that a report needs."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(founded: Service, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[House, str]]:
    service = copied(founded, tmp_path_factory.mktemp("private") / "service")
    async with serving_here(service, now=lambda: NOON) as (house, address):
        yield house, address


@pytest_asyncio.fixture(loop_scope="module")
async def http(served: tuple[House, str]) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(served[1], auto_decompress=False) as session:
        yield session


async def size_of(http: aiohttp.ClientSession, path: str) -> int:
    async with http.get(path, headers={"accept-encoding": "gzip"}) as answer:
        assert 200 == answer.status
        return len(await answer.read())


async def test_everything_a_report_needs_is_small_in_every_language(served: Any, http: aiohttp.ClientSession) -> None:
    scripts = [f"/static/{name}" for name in ("private.js", "private.css", "derive.js", "icon.svg")]
    sizes = {path: await size_of(http, path) for path in ("/report", *scripts)}
    teams = ",".join(id for id, _ in served[0].flow.offices)
    sizes["/report/roster"] = await size_of(http, "/report/roster?teams=") + await size_of(
        http, f"/report/roster?teams={teams}"
    )
    for lang, _ in served[0].flow.languages:
        asked = [f"/report/content?lang={lang}", *(f"/report/places?lang={lang}&in={w}" for w in ("PK-SD", "*"))]
        mine = {path: await size_of(http, path) for path in asked}
        total = sum(sizes.values()) + sum(mine.values())
        print(f"{lang}: {total / 1000:.1f} kB", {**sizes, **mine})
        assert total <= LARGEST_PAGE


@pytest.mark.promise("S24", "S25", "S43")
async def test_the_page_keeps_nothing_and_loads_nothing_of_strangers(http: aiohttp.ClientSession) -> None:
    async with http.get("/report", headers={"accept-encoding": "identity"}) as answer:
        page, headers = (await answer.read()).decode(), answer.headers
    assert "set-cookie" not in headers
    assert "no-store" == headers["cache-control"]
    policy = headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "frame-ancestors https://web.telegram.org" in policy
    assert "x-frame-options" not in headers
    assert "telegram" not in page.lower()
    assert "http" not in page.replace("http-equiv", ""), "everything comes from here"


async def test_only_this_page_may_stand_in_a_frame(http: aiohttp.ClientSession) -> None:
    for path in ("/", "/away", "/report/content?lang=ur", "/report/x", "/console/"):
        async with http.get(path) as answer:
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
            assert "DENY" == answer.headers["x-frame-options"]


async def test_without_scripts_it_shows_the_numbers(served: Any, http: aiohttp.ClientSession) -> None:
    async with http.get("/report", headers={"accept-encoding": "identity"}) as answer:
        page = await answer.text()
    without = page.partition("<noscript>")[2].partition("</noscript>")[0]
    assert "1121" in without
    assert "no scripts" in without


# --- uploads ---


@pytest.mark.promise("S8")
@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/json", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ""],
)
async def test_only_bytes_are_taken(http: aiohttp.ClientSession, path: str, kind: str) -> None:
    async with http.post(path, data=b"they lock the door", headers={"content-type": kind}) as answer:
        assert 415 == answer.status
        assert b"door" not in await answer.read()


@pytest.mark.promise("S8")
async def test_a_large_upload_touches_no_disk_and_is_refused(
    http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With no folder for temporary files at all, whatever wanted one would fail."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))

    async def slowly() -> AsyncIterator[bytes]:
        for _ in range(320):
            yield bytes(65_536)

    for path in POSTS:
        async with http.post(path, data=bytes(20 << 20), headers=BYTES) as answer:
            assert 413 == answer.status
        try:
            async with http.post(path, data=slowly(), headers=BYTES) as answer:
                assert 413 == answer.status
        except aiohttp.ClientConnectionError:
            pass  # it did not wait for the end
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("path", "most"),
    [("/report/part", PART_BYTES + 52), ("/report/close", CLOSING_BYTES), ("/report/message", MESSAGE_BYTES)],
)
async def test_what_is_no_upload_is_told_so_and_nothing_more(http: aiohttp.ClientSession, path: str, most: int) -> None:
    for body in (b"", b"they lock the door", bytes(most), b"{}", b"[" * 10_000):
        async with http.post(path, data=body, headers=BYTES) as answer:
            assert (400, {"why": "damaged"}) == (answer.status, json.loads(await answer.read()))


# --- who the child is ---


@pytest.mark.promise("S51")
@pytest.mark.parametrize("path", [*ADDRESSES, *POSTS])
async def test_launch_data_is_refused_wherever_it_comes(http: aiohttp.ClientSession, path: str) -> None:
    method = "POST" if path in POSTS else "GET"
    mark = "&" if "?" in path else "?"
    carried = [
        (f"{path}{mark}tgWebAppData=query_id%3DAAF", {}),
        (f"{path}{mark}initData=user", {}),
        (path, {"x-telegram-init-data": "user"}),
        (path, {"authorization": "tma query_id=AAF"}),
        (path, {"referer": "https://web.telegram.org/#tgWebAppData=x"}),
    ]
    for address, headers in carried:
        async with http.request(method, address, headers={**BYTES, **headers}) as answer:
            assert (400, {"why": "launch-data"}) == (answer.status, json.loads(await answer.read()))


@pytest.mark.promise("S51")
async def test_launch_data_in_a_closing_message_is_refused(http: aiohttp.ClientSession) -> None:
    async with http.post("/report/close", data=b'{"initData": "user"}', headers=BYTES) as answer:
        assert (400, {"why": "launch-data"}) == (answer.status, json.loads(await answer.read()))


# --- the code ---


@pytest.mark.promise("S18", "S19")
async def test_the_salt_of_a_bucket_is_stable_and_asked_for_in_a_body(http: aiohttp.ClientSession) -> None:
    answers = []
    for locator in (b"00000", b"00000", b"99999"):
        async with http.post("/report/salt", data=locator, headers=BYTES) as answer:
            answers.append((answer.status, await answer.read()))
    assert answers[0] == answers[1] != answers[2]
    assert {200} == {status for status, _ in answers}
    assert 1 == len({len(body) for _, body in answers})
    for wrong in (b"", b"1234", b"1234x", "۱۲".encode(), b"123456"):
        async with http.post("/report/salt", data=wrong, headers=BYTES) as answer:
            assert answer.status in (400, 413)
    async with http.get("/report/salt?locator=00000") as answer:
        assert 405 == answer.status


@pytest.mark.promise("S18", "S19")
async def test_a_code_that_opens_nothing_is_told_so_like_one_that_does(http: aiohttp.ClientSession) -> None:
    async with http.post("/report/mailbox", data=b"12345" + bytes(64), headers=BYTES) as answer:
        body = await answer.read()
    assert (200, SIZE, {}) == (answer.status, len(body), json.loads(body))
    assert "no-store" == answer.headers["cache-control"]
    for wrong in (b"", b"12345" + bytes(63), b"1234x" + bytes(64)):
        async with http.post("/report/mailbox", data=wrong, headers=BYTES) as answer:
            assert (400, {"why": "damaged"}) == (answer.status, json.loads(await answer.read()))


# --- the list of officers ---


def verified(document: bytes, service: Service) -> Roster:
    return verify_roster(document, RootOfTrust.from_text(service.fingerprint), now=NOON)


async def test_only_the_keys_that_are_asked_for_come(http: aiohttp.ClientSession, founded: Service) -> None:
    with_keys = {}
    for teams in ("", "lahore", "lahore,duty", "no-such"):
        async with http.get(f"/report/roster?teams={teams}") as answer:
            assert str(NOON) == answer.headers["x-time"]
            roster = verified(await answer.read(), founded)
        with_keys[teams] = {officer.id for officer in roster.officers if officer.keys}
    assert {
        "": set(),
        "no-such": set(),
        "lahore": {"amna", "bilal"},
        "lahore,duty": {"amna", "bilal", "esha", "faisal", "ghazala"},
    } == with_keys


async def test_content_and_places_come_in_the_languages_offered(http: aiohttp.ClientSession) -> None:
    async with http.get("/report/places?lang=ur&in=PK-SD", headers={"accept-encoding": "gzip"}) as answer:
        places = json.loads(gzip.decompress(await answer.read()))
    assert {"PK-SD"} == {place["parent"] for place in places}
    for path in ("content?lang=xx", "content", "places?lang=ur&in=nowhere", "places?lang=ur", "places?in=PK-SD"):
        async with http.get(f"/report/{path}") as answer:
            assert 404 == answer.status

"""Words that were published are read by every replica within five seconds, without a restart; bad ones by none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from hashlib import sha256
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import Connection

from bot.content.loader import load_content
from bot.main import open_house
from bot.wording.load import load_wording
from storage import Database, open_database, recordings, wordings
from storage.wordings import Version
from tests.browser.served import Served, free_port, served
from tests.opus import spoken
from tests.service import found

pytestmark = pytest.mark.slow  # real servers

WITHIN_S = 5.0
VOICE = spoken(4)


def published(number: int, text: str, words: str, english: str) -> Version:
    return Version("ur", text, number, "published", "amna", words, english, sha256(english.encode()).digest(), 7)


async def says(address: str, id: str) -> str:
    async with aiohttp.ClientSession() as http, http.get(f"{address}/console/words/ur") as answer:
        return str((await answer.json())["texts"][id])


async def until_said(replica: Served, id: str, words: str) -> float:
    """Seconds until `words` are said; fails where they are not within five."""
    clock = asyncio.get_running_loop()
    began = clock.time()
    async with asyncio.timeout(WITHIN_S):
        while await says(replica.address, id) != words:  # noqa: ASYNC110 - another process is asked
            await asyncio.sleep(0.1)
    return clock.time() - began


async def until_heard(replica: Served, id: str) -> bytes:
    """What a child hears of a text; fails where that is nothing for five seconds."""
    async with asyncio.timeout(WITHIN_S), aiohttp.ClientSession() as http:
        while True:
            async with http.get(f"{replica.address}/audio/ur/{id}.ogg") as answer:
                if answer.status == 200:
                    return await answer.read()
            await asyncio.sleep(0.1)


async def recorded(database: Database, id: str) -> None:
    """Somebody read the Urdu words of a text aloud, and it was published."""
    content = load_content()
    words = load_wording(content.texts, content.place_names).texts["ur"][id]
    digest = sha256(VOICE).digest()

    def work(conn: Connection) -> None:
        recordings.keep(conn, digest, VOICE)
        recordings.add(conn, recordings.Version("ur", id, 1, "published", "amna", words, digest, 4, 7))

    await database.write(work)


async def publish(database: Database, *rows: Version) -> None:
    def work(conn: object) -> None:
        for row in rows:
            wordings.add(conn, row)  # type: ignore[arg-type]

    await database.write(work)


@pytest.fixture
async def replicas(tmp_path: Path, postgres_tables: str) -> AsyncIterator[tuple[Database, Served, Served]]:
    service = await found(tmp_path / "service", postgres_tables)
    async with AsyncExitStack() as stack:
        database = await open_database(postgres_tables)
        stack.push_async_callback(database.close)
        addresses = [f"127.0.0.1:{free_port()}" for _ in range(2)]
        one, other = [
            await stack.enter_async_context(served(["serve"], f"http://{address}", service.environment(listen=address)))
            for address in addresses
        ]
        yield database, one, other


async def test_two_replicas_say_what_was_published_and_neither_says_what_is_bad(
    replicas: tuple[Database, Served, Served],
) -> None:
    database, *both = replicas
    await publish(database, published(1, "console.page.title", "میز", "Console"))
    await asyncio.gather(*(until_said(one, "page.title", "میز") for one in both))

    await recorded(database, "help.calm")
    assert [VOICE, VOICE] == await asyncio.gather(*(until_heard(one, "help.calm") for one in both))

    bad = published(1, "console.lock.in", "تالا لگے گا", "Locks in {minutes} min")  # the placeholder is lost
    await publish(database, bad, published(2, "console.page.title", "دفتر", "Console"))
    good = Version("ur", bad.text, 2, "withdrawn", "amna", "", bad.english, bad.source, 7)
    await asyncio.sleep(WITHIN_S)
    assert ["میز", "میز"] == [await says(one.address, "page.title") for one in both]
    assert all(b"wording_refused" in one.log for one in both)

    await publish(database, good)
    await asyncio.gather(*(until_said(one, "page.title", "دفتر") for one in both))


async def test_a_single_server_on_sqlite_says_it_too(tmp_path: Path) -> None:
    service = await found(tmp_path / "service")
    house = await open_house(service.settings())
    try:
        before = house.wording
        await publish(house.database, published(1, "console.page.title", "میز", "Console"))
        await house.rewording.look()

        assert "میز" == house.wording.texts["ur"]["console.page.title"] != before.texts["ur"]["console.page.title"]
    finally:
        await house.close()

    again = await open_house(service.settings())  # and it stays so after a restart
    try:
        assert "میز" == again.wording.texts["ur"]["console.page.title"]
    finally:
        await again.close()

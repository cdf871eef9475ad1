"""A poster's link from scan to count, through Telegram and the web; the phone's language orders the picker there."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from bot.channels.telegram.translate import Heard, translate
from bot.core.events import Started
from storage import tallies
from tests.channels.calling import Line
from tests.channels.web_page import Page
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.world import Clock
from tests.plugins.service import copied
from tests.service import Service, serving_here
from tests.talking import NOON

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def line(founded: Service, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Line]:
    folder: Path = tmp_path_factory.mktemp("campaigns")
    service = copied(founded, folder / "service")
    async with (
        FakeTelegram(clock=Clock(NOON)) as telegram,
        serving_here(service, telegram, now=telegram.clock, campaigns="school-1,bus_stop", languages="en,ur") as served,
    ):
        yield Line(service, served[0], telegram, served[1])


async def counted(line: Line) -> dict[tuple[str, str], int]:
    rows = await line.house.database.read(lambda c: tallies.of(c, "start"))
    return {(tally.item, tally.lang): n for tally, n in rows}


async def test_a_deep_link_is_counted_with_the_language_chosen(line: Line) -> None:
    before = await counted(line)
    phone = line.phone()
    await phone.starts("bus_stop")
    await phone.shown(0)
    assert before == await counted(line)
    await phone.chooses("lang:ur")

    assert {**before, ("bus_stop", "ur"): 1} == await counted(line)


async def test_a_link_that_nobody_made_counts_nothing(line: Line) -> None:
    before = await counted(line)
    for payload in ("school-9", "Sara_from_Lahore", "x" * 65, "school-1 school-1"):
        phone = line.phone()
        await phone.starts(payload)
        await phone.shown(0)
        await phone.chooses("lang:ur")
    assert before == await counted(line)


async def test_a_webs_link_is_counted_too(line: Line) -> None:
    async with aiohttp.ClientSession(line.address) as http:
        for campaign in ("school-1", "school-1", "unknown", 7, None):
            page = Page(http, line.house)
            await page.posts({"kind": "started", "hint": "", "campaign": campaign})
            await page.presses("lang:en")
    assert 2 == (await counted(line))["school-1", "en"]


@pytest.mark.parametrize(
    ("phones", "first"), [("ur", "lang:ur"), ("en", "lang:en"), ("ps", "lang:en"), (None, "lang:en")]
)
async def test_the_phones_language_goes_first_and_chooses_nothing(line: Line, phones: str | None, first: str) -> None:
    phone = line.phone(language_code=phones)
    await phone.starts()
    await phone.shown(0)
    assert first == phone.keys()[0]
    assert {"lang:en", "lang:ur"} <= set(phone.keys())


@pytest.mark.parametrize("sender", [None, "x", {}, {"language_code": 7}, {"language_code": None}, []])
async def test_a_message_without_a_language_has_no_hint(sender: object) -> None:
    message = {"message_id": 1, "chat": {"id": 5, "type": "private"}, "from": sender, "text": "/start school-1"}
    heard = translate({"message": message}, NOON)
    assert isinstance(heard, Heard)
    assert Started(NOON, "school-1", "") == heard.event

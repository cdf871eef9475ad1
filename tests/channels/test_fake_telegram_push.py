"""How the fake server brings updates: in order, again and again, doubled, swapped, late; and what it lets go."""

import asyncio
from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fake_telegram import Child, FakeTelegram
from tests.fake_telegram.serving import serving


class Bot:
    """A webhook that notes what comes and answers as told."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.at: list[float] = []
        self.answer: Callable[[], Response] = Response
        self.statuses: list[int] = []
        self.held = asyncio.Event()
        self.held.set()

    async def hook(self, request: Request) -> Response:
        update = await request.json()
        self.texts.append(update["message"]["text"])
        self.at.append(asyncio.get_running_loop().time())
        await self.held.wait()
        return Response(status_code=self.statuses.pop(0)) if self.statuses else self.answer()


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    bot = Bot()
    async with serving(Starlette(routes=[Route("/hook", bot.hook, methods=["POST"])])) as address:
        telegram.world.webhook.url = address + "/hook"
        yield bot


async def test_what_is_refused_comes_again_with_growing_gaps(telegram: FakeTelegram, bot: Bot) -> None:
    bot.statuses = [500, 503, 404, 302]
    await Child(telegram).writes("x")

    gaps = [later - earlier for earlier, later in zip(bot.at, bot.at[1:], strict=False)]
    assert bot.texts == ["x"] * 5
    assert all(gap >= least for gap, least in zip(gaps, telegram.pusher.manners.gaps_s, strict=False))
    assert [one.status for one in telegram.pusher.deliveries] == [500, 503, 404, 302, 200]
    assert telegram.world.webhook.last_error_at == telegram.clock()


async def test_one_chat_waits_for_its_own_update_only(telegram: FakeTelegram, bot: Bot) -> None:
    bot.held.clear()
    for user_id, text in ((1, "a"), (1, "b"), (2, "c")):
        await Child(telegram, user_id, waits=False).writes(text)
    await asyncio.sleep(0.05)

    assert sorted(bot.texts) == ["a", "c"]
    bot.held.set()
    await Child(telegram, 1).writes("d")
    assert [text for text in bot.texts if text != "c"] == ["a", "b", "d"]


async def test_copies_come_at_once_and_neighbours_swapped(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.pusher.manners.copies = 3
    await Child(telegram).writes("x")
    assert bot.texts == ["x"] * 3

    bot.texts.clear()
    telegram.pusher.manners.copies, telegram.pusher.manners.swapped = 1, True
    child = Child(telegram, 9, waits=False)
    telegram.world.webhook.url, url = "", telegram.world.webhook.url
    await child.writes("first")
    await child.writes("second")
    telegram.world.webhook.url = url
    await Child(telegram).writes("another")
    await asyncio.sleep(0.05)
    assert [text for text in bot.texts if text != "another"] == ["second", "first"]


async def test_impatience_brings_it_again_while_the_first_is_at_work(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.pusher.manners.patience_s = 0.05
    bot.held.clear()
    await Child(telegram, waits=False).writes("x")
    await asyncio.sleep(0.2)

    assert len(bot.texts) > 1
    bot.held.set()


async def test_a_call_in_the_acknowledgement_is_checked_like_any_other(telegram: FakeTelegram, bot: Bot) -> None:
    child = Child(telegram)
    bot.answer = lambda: JSONResponse({"method": "sendMessage", "chat_id": child.id, "text": "hello"})
    await child.writes("x")
    await child.sees("hello")
    bot.answer = lambda: JSONResponse({"method": "sendMessage", "chat_id": child.id, "text": "x" * 4097})
    await child.writes("x")
    await child.sees_nothing_new()

    assert [call.status for call in telegram.world.calls] == [200, 400]


async def test_after_a_day_an_update_is_lost(telegram: FakeTelegram, bot: Bot) -> None:
    bot.statuses = [500] * 1000
    await Child(telegram, 1, waits=False).writes("old")
    await asyncio.sleep(0.05)
    telegram.clock.advance(24 * 3600 + 1)
    await asyncio.sleep(0.3)

    assert [one.update_id for one in telegram.world.expired] == [telegram.world.next_update_id() - 1]
    assert telegram.world.pending == []


async def test_a_file_is_served_whole_or_cut(telegram: FakeTelegram) -> None:
    telegram.world.files["note"] = bytes(range(256)) * 100
    file_url = f"{telegram.api_url}/file/bot{telegram.token}/files/note"
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{telegram.base_url}{telegram.token}/getFile", json={"file_id": "note"}) as answer:
            assert (await answer.json())["result"]["file_path"] == "files/note"
        async with session.get(file_url) as answer:
            assert await answer.read() == telegram.world.files["note"]
        telegram.cut_files_after = 1000
        with pytest.raises(aiohttp.ClientPayloadError):
            async with session.get(file_url) as answer:
                await answer.read()
        async with session.get(file_url.replace(telegram.token, "1:x")) as answer:
            assert answer.status == 401


async def test_a_child_tells_what_it_did_not_see(telegram: FakeTelegram) -> None:
    child = Child(telegram, waits=False)
    await child.writes("hello?")

    with pytest.raises(AssertionError, match=r"did not see 'welcome' with \['Yes'\]\nme:  hello\?"):
        await child.sees("welcome", buttons=["Yes"], within_s=0.02)
    with pytest.raises(AssertionError, match="no button shows 'Yes'"):
        await child.presses("Yes")

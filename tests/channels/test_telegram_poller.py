"""Polling keeps the promises of the webhook: nothing confirmed before its commit, order in a chat, no loops (R25)."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.channels.telegram.answers import PollingConflict, TokenRejected
from bot.channels.telegram.api import Api
from bot.channels.telegram.inbound import Answer
from bot.channels.telegram.poller import OFFSET_LIFE_S, Offset, Poller
from bot.channels.telegram.request import PooledRequest
from bot.core.errors import Busy
from tests.fake_telegram import Child, FakeTelegram, Flood, HalfAnswer, Reset, Status

DAY_S = 24 * 3600


class Desk:
    """Stands for the service behind the poller: commits when it may, fails when told."""

    def __init__(self) -> None:
        self.texts: defaultdict[int, list[str]] = defaultdict(list)
        self.ids: list[int] = []
        self.kept: list[bytes] = []
        self.fails: defaultdict[str, int] = defaultdict(int)
        self.held: defaultdict[int, asyncio.Event] = defaultdict(_open)
        self.tries: list[str] = []

    async def deliver(self, update: dict[str, Any]) -> Answer | None:
        message = update.get("message") or {}
        chat_id, text = message.get("chat", {}).get("id", 0), message.get("text", "")
        self.tries.append(text)
        await self.held[chat_id].wait()
        if self.fails[text]:
            self.fails[text] -= 1
            raise Busy("locked")
        self.texts[chat_id].append(text)
        self.ids.append(update["update_id"])
        press = update.get("callback_query")
        return Api.press_answer(press["id"]) if press else None

    async def keep(self, body: bytes) -> None:
        if self.fails["keep"]:
            self.fails["keep"] -= 1
            raise Busy("locked")
        self.kept.append(body)


def _open() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def poller(telegram: FakeTelegram, api: Api, desk: Desk) -> AsyncIterator[Poller]:
    """Runs beside the test; what it died of is raised at the end."""

    async def rest(seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.05))

    poller = Poller(api, desk.deliver, desk.keep, telegram.clock, wait_s=1, rest=rest)
    running = asyncio.create_task(poller.run())
    yield poller
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


@pytest.mark.promise("R25")
@pytest.mark.usefixtures("poller")
async def test_what_children_write_arrives_once_and_in_order(telegram: FakeTelegram, desk: Desk) -> None:
    children = [Child(telegram, 1000 + number, waits=False) for number in range(20)]
    for number in range(15):
        await asyncio.gather(*[child.writes(f"{number}") for child in children])
    await Child(telegram, 5).writes("last")

    wanted = [f"{number}" for number in range(15)]
    assert all(desk.texts[child.id] == wanted for child in children)
    assert len(set(desk.ids)) == len(desk.ids) == 301


@pytest.mark.promise("R25")
async def test_nothing_is_confirmed_before_its_commit(telegram: FakeTelegram, desk: Desk, poller: Poller) -> None:
    desk.held[1].clear()
    slow, quick = Child(telegram, 1, waits=False), Child(telegram, 2, waits=False)
    await slow.writes("slow")
    await quick.writes("quick")
    await _until(lambda: desk.texts[2] == ["quick"])
    await asyncio.sleep(0.2)
    assert len(telegram.world.pending) == 2

    desk.held[1].set()
    await _until(lambda: not telegram.world.pending)
    assert desk.texts == {1: ["slow"], 2: ["quick"]}
    assert poller.offset == Offset(max(desk.ids) + 1, telegram.clock())


@pytest.mark.promise("R4")
@pytest.mark.usefixtures("poller")
async def test_a_slow_chat_does_not_hold_up_the_others(telegram: FakeTelegram, desk: Desk) -> None:
    desk.held[1].clear()
    slow = Child(telegram, 1, waits=False)
    for number in range(3):
        await slow.writes(f"{number}")
    for number in range(20):
        await Child(telegram, 100 + number, waits=False).writes("x")
        await _until(lambda number=number: desk.texts[100 + number] == ["x"])

    desk.held[1].set()
    await _until(lambda: desk.texts[1] == ["0", "1", "2"])
    assert len(set(desk.ids)) == len(desk.ids) == 23


@pytest.mark.promise("R25", "R4")
@pytest.mark.usefixtures("poller")
async def test_what_failed_comes_again_before_what_followed(telegram: FakeTelegram, desk: Desk) -> None:
    desk.fails["1"] = 2
    child, other = Child(telegram, 1, waits=False), Child(telegram, 2, waits=False)
    for number in range(4):
        await child.writes(f"{number}")
    await other.writes("x")
    await _until(lambda: not telegram.world.pending)

    assert desk.texts == {1: ["0", "1", "2", "3"], 2: ["x"]}
    assert desk.tries.count("1") == 3


@pytest.mark.promise("R25")
async def test_a_stopped_poller_loses_nothing_and_doubles_nothing_itself(
    telegram: FakeTelegram, api: Api, desk: Desk
) -> None:
    """Stopped while a commit is on its way: it ends, stays unconfirmed, and the next start gets it again."""
    desk.held[1].clear()
    child = Child(telegram, 1, waits=False)
    await child.writes("one")
    running = asyncio.create_task(Poller(api, desk.deliver, desk.keep, telegram.clock, wait_s=1).run())
    await _until(lambda: desk.tries == ["one"])
    running.cancel()
    await asyncio.sleep(0.02)
    desk.held[1].set()
    await asyncio.wait([running])

    assert desk.texts[1] == ["one"]
    assert len(telegram.world.pending) == 1


@pytest.mark.promise("R25")
async def test_a_second_poller_is_named_and_the_first_stops(telegram: FakeTelegram, api: Api, desk: Desk) -> None:
    first = asyncio.create_task(Poller(api, desk.deliver, desk.keep, telegram.clock, wait_s=5).run())
    await _until(lambda: telegram.world.polls == 1)
    async with Api(PooledRequest(telegram.token, api_url=telegram.api_url)) as other:
        await other.get_updates(None, wait_s=0)

        with pytest.raises(PollingConflict, match="another process polls"):
            await first
    assert len(telegram.world.calls_of("getUpdates")) == 2


@pytest.mark.promise("R25")
async def test_a_webhook_that_is_set_is_named(telegram: FakeTelegram, api: Api, desk: Desk) -> None:
    await api.set_webhook("https://example.org/x", "s" * 43)

    with pytest.raises(PollingConflict, match="a webhook is set"):
        await Poller(api, desk.deliver, desk.keep, telegram.clock).run()
    assert len(telegram.world.calls_of("getUpdates")) == 1


async def test_a_token_nobody_knows_stops_the_poller(telegram: FakeTelegram, desk: Desk) -> None:
    async with Api(PooledRequest("1:wrong", api_url=telegram.api_url)) as api:
        with pytest.raises(TokenRejected):
            await Poller(api, desk.deliver, desk.keep, telegram.clock).run()


@pytest.mark.promise("R25")
@pytest.mark.usefixtures("poller")
async def test_troubles_on_the_way_are_waited_out(telegram: FakeTelegram, desk: Desk) -> None:
    telegram.script.next("getUpdates", Status(502), Reset(), HalfAnswer(), Flood(1))
    child = Child(telegram)
    await child.writes("still here")

    assert desk.texts[child.id] == ["still here"]
    assert telegram.script.left() == 0


@pytest.mark.promise("R25")
@pytest.mark.parametrize("reachable", [True, False])
async def test_pauses_grow_and_a_flood_is_obeyed(telegram: FakeTelegram, api: Api, desk: Desk, reachable: bool) -> None:
    """Half to the whole of 0.5, 1, 2, 4 … 60 s; what Telegram asks for, to the second."""
    pauses: list[float] = []
    done = asyncio.Event()

    async def rest(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 10 + reachable:
            done.set()
            await asyncio.Event().wait()

    telegram.script.next("getUpdates", Flood(7), *[Status(502)] * 10)
    async with Api(PooledRequest("1:x", api_url="http://127.0.0.1:1")) as nowhere:
        source = api if reachable else nowhere
        running = asyncio.create_task(Poller(source, desk.deliver, desk.keep, telegram.clock, rest=rest).run())
        await asyncio.wait_for(done.wait(), 5)
        running.cancel()

    assert not reachable or pauses.pop(0) == 7
    longest = [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert all(high / 2 <= pause <= high for pause, high in zip(pauses, longest, strict=True))
    assert len(set(pauses)) > 5


@pytest.mark.promise("R6")
async def test_ids_that_start_again_after_a_week_are_not_skipped(
    telegram: FakeTelegram, desk: Desk, poller: Poller
) -> None:
    child = Child(telegram)
    await child.writes("before")
    for restart in (500, 900_000_000, 3):
        await _until(lambda: telegram.world.pending == [])
        telegram.clock.advance(7 * DAY_S)
        telegram.world.restart_ids(restart)
        await child.writes(f"after {restart}")

    assert desk.texts[child.id] == ["before", "after 500", "after 900000000", "after 3"]
    assert poller.offset == Offset(4, telegram.clock())


@pytest.mark.promise("R6")
@pytest.mark.parametrize(
    ("age_s", "asked"), [(0, 900), (OFFSET_LIFE_S - 1, 900), (OFFSET_LIFE_S, None), (30 * DAY_S, None), (-1, None)]
)
async def test_a_remembered_offset_older_than_six_days_is_discarded(
    telegram: FakeTelegram, api: Api, desk: Desk, age_s: int, asked: int | None
) -> None:
    remembered = Offset(900, telegram.clock() - age_s)
    await Poller(api, desk.deliver, desk.keep, telegram.clock, offset=remembered, wait_s=0).look()

    assert telegram.world.calls_of("getUpdates")[0].params.get("offset") == asked


@pytest.mark.promise("R5", "R25")
@pytest.mark.parametrize(
    "bad",
    [
        b'{"update_id":%d,"message":{"text":"\xff"}}',
        b'{"update_id":%d,"message":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"update_id":%d,"n":' + b"9" * 5000 + b"}",
        b'{"update_id":%d,"message":',
    ],
    ids=["not UTF-8", "too deep", "endless number", "cut"],
)
@pytest.mark.usefixtures("poller")
async def test_an_unreadable_update_is_kept_and_the_talk_goes_on(
    telegram: FakeTelegram, desk: Desk, bad: bytes
) -> None:
    """Even when it cannot be kept at the first try; readable neighbours are neither lost nor doubled."""
    desk.fails["keep"] = 1
    child = Child(telegram, waits=False)
    await child.writes("before")
    body = bad % telegram.world.next_update_id()
    telegram.world.offer_raw(body, child.id)
    await child.writes("after")
    await _until(lambda: not telegram.world.pending)

    assert desk.texts[child.id] == ["before", "after"]
    assert desk.kept == [body]


@pytest.mark.promise("R25")
@pytest.mark.usefixtures("poller")
async def test_updates_that_expired_while_they_failed_are_let_go(telegram: FakeTelegram, desk: Desk) -> None:
    desk.fails["doomed"] = 1000
    await Child(telegram, 1, waits=False).writes("doomed")
    await _until(lambda: len(desk.tries) > 1)
    telegram.clock.advance(DAY_S + 1)
    await Child(telegram, 2).writes("fine")

    assert desk.texts == {2: ["fine"]}
    assert telegram.world.pending == []


@pytest.mark.promise("R25")
@pytest.mark.usefixtures("poller")
async def test_a_press_is_answered_after_its_commit(telegram: FakeTelegram, desk: Desk) -> None:
    """As on the webhook's acknowledgement; one that comes too late troubles nobody."""
    child = Child(telegram)
    query_id = await child.presses_data("a:1")
    await _until(lambda: query_id in telegram.world.toasts)
    await child.presses_data("a:2")
    telegram.world.queries.clear()
    await child.writes("go on")

    assert desk.texts[child.id] == ["go on"]


async def _until(holds: Any, within_s: float = 10.0) -> None:
    async with asyncio.timeout(within_s):
        while not holds():  # noqa: ASYNC110 - asks about many things, few of which could wake us
            await asyncio.sleep(0.005)

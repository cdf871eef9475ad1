"""The fuzzer breaks every way it should, repeats itself from a seed, and the way in survives it (R5, S60)."""

import asyncio

import pytest

from bot.channels.telegram.api import Api
from bot.channels.telegram.inbound import Update, chat_of, read_update
from bot.channels.telegram.poller import Poller
from bot.channels.telegram.webhook import WebhookDoor
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.fuzz import fuzz_seed, fuzzed, fuzzed_with_id

COUNT = 3000


def test_the_same_seed_breaks_the_same() -> None:
    assert list(fuzzed(5, 200)) == list(fuzzed(5, 200))
    assert list(fuzzed(5, 200)) != list(fuzzed(6, 200))


def test_everything_a_hostile_sender_could_try_is_there() -> None:
    bodies = list(fuzzed(1, COUNT))
    readable = [update for update in map(read_update, bodies) if update is not None]

    assert 0.8 < len(readable) / COUNT < 0.97
    assert any(b"\xff" in body for body in bodies)
    assert any(b"\\ud800" in body for body in bodies)
    assert any(b"[" * 1000 in body for body in bodies)
    assert any(b"9" * 5000 in body for body in bodies)
    assert any(b"Infinity" in body for body in bodies)
    assert {"message", "edited_message", "callback_query", "my_chat_member"} <= {k for one in readable for k in one}
    assert any("update_id" not in update for update in readable)
    assert max(map(len, bodies)) < 1024 * 1024


@pytest.mark.promise("R5")
async def test_the_door_takes_or_keeps_whatever_comes() -> None:
    """No fuzzed body is refused or breaks the door: each is delivered once or kept once."""
    taken: list[Update] = []
    kept: list[bytes] = []

    async def deliver(update: Update) -> None:
        chat_of(update)
        taken.append(update)

    async def keep(body: bytes) -> None:
        kept.append(body)

    door = WebhookDoor(["s" * 43], deliver, keep)
    for body in fuzzed(fuzz_seed(), COUNT):
        assert await _enter(door, body) == 200

    assert len(taken) + len(kept) == COUNT
    assert all(isinstance(update, dict) for update in taken)


async def _enter(door: WebhookDoor, body: bytes) -> int:
    statuses: list[int] = []
    headers = [(b"x-telegram-bot-api-secret-token", b"s" * 43), (b"content-type", b"application/json")]

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, object]) -> None:
        if "status" in message:
            statuses.append(int(str(message["status"])))

    await door({"type": "http", "method": "POST", "headers": headers}, receive, send)  # type: ignore[arg-type]
    return statuses[0]


@pytest.mark.promise("R5", "R25")
async def test_the_poller_takes_or_keeps_whatever_comes(telegram: FakeTelegram, api: Api) -> None:
    taken: list[int] = []
    kept: list[bytes] = []

    async def deliver(update: Update) -> None:
        taken.append(update["update_id"])

    async def keep(body: bytes) -> None:
        kept.append(body)

    first = telegram.world.next_update_id()
    offered = dict(fuzzed_with_id(fuzz_seed(), 500, first_id=first + 1))
    offered = {
        first: b'{"update_id":%d,"update_id":9223372036854775808}' % first,
        **offered,
    }  # a number beyond all others
    for body in offered.values():
        telegram.world.offer_raw(body)
    running = asyncio.create_task(Poller(api, deliver, keep, telegram.clock, wait_s=0).run())
    async with asyncio.timeout(60):
        while telegram.world.pending:  # noqa: ASYNC110 - the server has nothing to wake us with
            await asyncio.sleep(0.01)
    running.cancel()

    numbered = {n for n, body in offered.items() if (read_update(body) or {}).get("update_id") == n}
    assert sorted(taken) == sorted(numbered)
    assert sorted(kept) == sorted(body for n, body in offered.items() if n not in numbered)

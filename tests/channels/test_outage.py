"""Telegram cannot be reached for an hour, by a scripted clock: what each kind of message promises still holds (R7, §5)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.channels.telegram import conversation
from bot.services import books, sweeper
from storage.outbox import ATTEMPTS
from tests.channels.calling import Line, until
from tests.fake_telegram import FakeTelegram, Flood, Status
from tests.fake_telegram.table import Refusal
from tests.fake_telegram.trouble import Trouble
from tests.fake_telegram.world import Clock
from tests.service import Service, serving_here
from tests.talking import NOON

HOUR_S, STEP_S = 3600, 30


@asynccontextmanager
async def a_line(service: Service) -> AsyncIterator[Line]:
    async with (
        FakeTelegram(clock=Clock(NOON)) as telegram,
        serving_here(service, telegram, now=telegram.clock) as (house, address),
    ):
        yield Line(service, house, telegram, address)


async def time_passes(line: Line, seconds: int) -> None:
    """In steps of half a minute, each long enough for whatever is due in it."""
    for _ in range(seconds // STEP_S):
        line.telegram.clock.advance(STEP_S)
        await asyncio.sleep(0.02)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeper, "EVERY_S", 0.01)
    monkeypatch.setattr(books, "EVERY_S", 0.01)


@pytest.mark.slow
@pytest.mark.promise("R7")
@pytest.mark.parametrize("trouble", [Status(502), Flood(300)], ids=repr)
async def test_after_an_hours_outage_what_was_owed_arrives(service: Service, trouble: Trouble) -> None:
    """Numbers and "saved" come, each with the same words; questions that nobody waits for any more do not."""
    async with a_line(service) as line:
        asking, saving, leaving = [line.phone() for _ in range(3)]
        for child in (asking, saving, leaving):
            await child.opens("en")
        await saving.tells({"words-what": "told before the hour"})
        await saving.chooses("send")
        line.telegram.script.always("*", trouble)
        await asking.writes("/help")
        await asking.writes("words without an answer")
        await saving.presses_key("code-saved")
        await time_passes(line, HOUR_S)
        assert 1 == (await line.officers_read()).counted()["told before the hour"], "kept, whoever could hear of it"
        assert [] == [row for row in await line.outbox() if row[2] >= ATTEMPTS], (
            "parked, though nothing was wrong with it"
        )

        line.telegram.script.always("*", None)
        before = max(note.id for note in asking.chat.visible())
        await time_passes(line, 10 * 60)
        await line.sent_all()
        after = [note.text for note in asking.chat.visible() if note.ours and note.id > before]
        assert [True] == ["1121" in text for text in after], "the numbers, and no question of an hour ago"
        assert saving.text("sent.thanks") in saving.chat.visible()[-1].text


@pytest.mark.slow
@pytest.mark.promise("R7")
async def test_whoever_left_in_the_outage_has_an_empty_chat_after_it(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gaps are a thousandth of the real ones; together they last as long as Telegram lets a bot delete."""
    assert 46 * HOUR_S < sum(conversation.SWEEPS_AGAIN_S) < 48 * HOUR_S
    monkeypatch.setattr(conversation, "SWEEPS_AGAIN_S", [gap / 1000 for gap in conversation.SWEEPS_AGAIN_S])
    async with a_line(service) as line:
        child = line.phone()
        await child.opens("en")
        line.telegram.script.always("*", Status(502))
        await child.writes("/leave")
        await asyncio.sleep(HOUR_S / 1000)
        assert len(child.chat.visible()) > 2
        line.telegram.script.always("*", None)
        await until(lambda: len(line.telegram.world.calls_of("deleteMessages")) > 0 and len(child.chat.visible()) < 2)


@pytest.mark.promise("R13")
async def test_a_message_that_fails_among_others_that_go_is_still_parked(service: Service) -> None:
    async with a_line(service) as line:
        unlucky, lucky = line.phone(), line.phone()
        await lucky.opens("en")
        unlucky.chat.refuses = Refusal(500, "Internal Server Error")
        await unlucky.writes("/help")
        for _ in range(10):
            await lucky.writes("/help")
            await time_passes(line, 4 * STEP_S)
        assert [ATTEMPTS] == [row[2] for row in await line.outbox()]

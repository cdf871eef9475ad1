"""One chat is held up in the database for seconds; every other chat goes on, and that one ends as in order (R4)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from tests.channels.calling import Line, until
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.world import Clock
from tests.phone import Phone
from tests.service import DAY_S, found, serving_here
from tests.talking import NOON


@pytest_asyncio.fixture
async def line(tmp_path: Path, postgres_address: str) -> AsyncIterator[Line]:
    service = await found(tmp_path / "service", postgres_address, now=NOON - DAY_S)
    async with (
        FakeTelegram(clock=Clock(NOON)) as telegram,
        serving_here(service, telegram, now=telegram.clock) as (house, address),
    ):
        yield Line(service, house, telegram, address)


@pytest.mark.slow
@pytest.mark.promise("R2", "R4")
async def test_a_chat_that_is_held_up_holds_up_no_other_and_keeps_its_order(line: Line) -> None:
    """Held for longer than a lock is waited for: tried again and again, it is refused, and comes again in its order."""
    held = line.phone(waits=False)
    await held.opens("en")
    await held.chooses("c:tell", "a:yes", "skip", "a:ok")
    words = [f"word {number} of the chat that is held" for number in range(4)]
    beside = await asyncpg.connect(line.service.url)
    async with beside.transaction():
        await beside.execute("SELECT 1 FROM conversations FOR UPDATE")  # of the only chat there is so far
        for word in words:
            await held.writes(word)
        others = [line.phone() for _ in range(4)]
        await asyncio.wait_for(asyncio.gather(*(tells(phone) for phone in others)), 30)
        assert 4 == len(line.telegram.world.pending), "the held chat has been given no 200 yet"
        assert 4 == len((await line.officers_read()).cases)
    await beside.close()
    await until(lambda: not line.telegram.world.pending, within_s=30)
    await held.opens("en")
    await held.tells_all()
    read = await line.officers_read()
    assert words == [told for told in read.case_of(words[0]).words if told in words]
    assert dict.fromkeys(words, 1) == {word: read.counted()[word] for word in words}


async def tells(phone: Phone) -> None:
    await phone.opens("en")
    await phone.tells_all()

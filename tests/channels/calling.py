"""Phones that call a served helpline: each test's phone is a new number, so that tests can share one house."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.house import House
from tests.fake_telegram import FakeTelegram
from tests.faults.oracle import Case, Found
from tests.phone import Phone
from tests.service import Service, answer, reads

_NUMBERS = count(555_000_100)


async def until(happened: Callable[[], bool | Awaitable[bool]], within_s: float = 10.0) -> None:
    """Wait for something that nobody announces."""
    async with asyncio.timeout(within_s):
        while True:
            found = happened()
            if found if isinstance(found, bool) else await found:
                return
            await asyncio.sleep(0.02)


@dataclass(slots=True, repr=False)
class Line:
    """A served house and the fake Telegram before it."""

    service: Service
    house: House
    telegram: FakeTelegram
    address: str
    phones: list[Phone] = field(default_factory=list)

    def phone(self, **more: Any) -> Phone:
        made = Phone(self.telegram, self.house.wording, self.house.flow, next(_NUMBERS), **more)
        self.phones.append(made)
        return made

    async def officers_read(self) -> Found:
        found = await reads(self.house, self.service)
        assert found.faults == ()
        return found

    async def outbox(self) -> list[tuple[Any, ...]]:
        """Rows as they are stored: id, kind, attempts, fence."""
        await self.house.books.flush()
        return (await reads(self.house, self.service)).rows["outbox"]

    async def noted(self) -> None:
        """Until the one message that could not be sent is given back to the outbox."""
        await until(self._is_given_back)

    async def _is_given_back(self) -> bool:
        return [1] == [fence for _, _, _, fence in await self.outbox()]

    async def sent_all(self) -> None:
        await until(self._is_empty)

    async def _is_empty(self) -> bool:
        return [] == await self.outbox()

    async def case_with(self, words: str) -> Case:
        return (await self.officers_read()).case_of(words)

    async def answers(self, case: Case, words: str, officer: str) -> None:
        await answer(self.house, self.service, case.id, words, officer)

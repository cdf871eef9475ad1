"""Phones that call a served helpline: each test's phone is a new number, so that tests can share one house."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.main import House
from tests.fake_telegram import FakeTelegram
from tests.faults.oracle import Case, Found
from tests.phone import Phone
from tests.service import Service, answer, reads

_NUMBERS = count(555_000_100)


@dataclass(slots=True)
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

    async def case_with(self, words: str) -> Case:
        return (await self.officers_read()).case_of(words)

    async def answers(self, case: Case, words: str, officer: str) -> None:
        await answer(self.house, self.service, case.id, words, officer)

"""Doors by which a colleague comes to read older cases: one officer asks, a second one does it (S14, S39)."""

from collections.abc import Mapping
from typing import Any

from bot.console import answers
from bot.console.doors import Door, Knock, Refused, missing
from bot.console.endpoints import Desk, case_of
from bot.core.case import Refusal
from bot.services.officers.admitting import Given


def admission_doors(desk: Desk) -> tuple[Door, ...]:
    """Listed with the others."""
    doors = AdmissionDoors(desk)
    return (
        Door("/admissions", "GET", doors.listed),
        Door("/admissions/ask", "POST", doors.ask),
        Door("/admissions/waiting", "POST", doors.waiting),
        Door("/admissions/done", "POST", doors.done),
        Door("/case/{case}/admission/read", "POST", doors.read, case=True),
        Door("/case/{case}/admission/give", "POST", doors.give, case=True),
    )


class AdmissionDoors:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def listed(self, knock: Knock) -> Mapping[str, Any]:
        found = await self._desk.work.admitting.listed(knock.whoever, now=self._desk.now())
        return {
            "asked": [{"officer": one.account, "team": one.team, "by": one.asked} for one in found.asked],
            "colleagues": [{"officer": id, "team": team} for id, team in found.colleagues],
        }

    async def ask(self, knock: Knock) -> Mapping[str, Any]:
        if not await self._desk.work.admitting.ask(knock.whoever, *_whom(knock), now=self._desk.now()):
            raise missing()
        return {}

    async def waiting(self, knock: Knock) -> Mapping[str, Any]:
        found = await self._desk.work.admitting.waiting(knock.whoever, *_whom(knock), now=self._desk.now())
        if found is None:
            raise missing()
        return {"cases": [case.hex() for case in found]}

    async def read(self, knock: Knock) -> Mapping[str, Any]:
        case, now = case_of(knock), self._desk.now()
        found = await self._desk.work.admitting.read(knock.whoever, case, *_whom(knock), now=now)
        if found is None:
            raise missing()
        return answers.opened(found, knock.whoever)

    async def give(self, knock: Knock) -> Mapping[str, Any]:
        given = Given(knock.raw("slot"), knock.raw("listed"), knock.number("roster"))
        case, now = case_of(knock), self._desk.now()
        done = await self._desk.work.admitting.give(knock.whoever, case, *_whom(knock), given, now=now)
        if done is None:
            raise missing()
        if isinstance(done, Refusal):
            raise Refused(409, done.value)
        return {}

    async def done(self, knock: Knock) -> Mapping[str, Any]:
        await self._desk.work.admitting.done(knock.whoever, *_whom(knock), now=self._desk.now())
        return {}


def _whom(knock: Knock) -> tuple[str, str]:
    return knock.text("officer", 128), knock.text("team", 128)

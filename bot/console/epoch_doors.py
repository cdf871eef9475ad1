"""Doors for renewing an officer's key and sealing kept cases to it; every step can be repeated (S13)."""

from collections.abc import Mapping
from typing import Any

from bot.console import answers
from bot.console.doors import Door, Knock, Refused, missing
from bot.console.endpoints import Desk, case_of
from bot.core.case import Refusal
from bot.services.officers.epochs import Announced


def epoch_doors(desk: Desk) -> tuple[Door, ...]:
    """Listed with the others."""
    doors = EpochDoors(desk)
    return (
        Door("/key/shard", "POST", doors.shard),
        Door("/key/announce", "POST", doors.announce),
        Door("/key/waiting", "GET", doors.waiting),
        Door("/key/retire", "POST", doors.retire),
        Door("/case/{case}/key/slots", "POST", doors.slots, case=True),
        Door("/case/{case}/key/rewrap", "POST", doors.rewrap, case=True),
    )


class EpochDoors:
    """Everything concerns the officer who knocks, and nobody else."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def shard(self, knock: Knock) -> Mapping[str, Any]:
        try:
            key = bytes.fromhex(knock.text("key", 32))
        except ValueError:
            raise Refused(400, "malformed") from None
        if len(key) != 16 or not await self._desk.work.epochs.due(knock.whoever, now=self._desk.now()):
            raise missing()
        return {"shard": answers.base64(self._desk.work.epochs.shard(knock.whoever, key))}

    async def announce(self, knock: Knock) -> Mapping[str, Any]:
        made = Announced(
            public=knock.raw("public"),
            starts=knock.number("starts"),
            ends=knock.number("ends"),
            signature=knock.raw("signature", 64),
            wrapped=knock.raw("wrapped"),
        )
        refused = await self._desk.work.epochs.announce(knock.whoever, made, now=self._desk.now())
        if refused is not None:
            raise Refused(409, refused.value)
        return {"roster": answers.base64(await self._desk.trust.document())}

    async def waiting(self, knock: Knock) -> Mapping[str, Any]:
        found, count = await self._desk.work.epochs.waiting(knock.whoever)
        return {"cases": [case.hex() for case in found], "count": count}

    async def slots(self, knock: Knock) -> Mapping[str, Any]:
        """What is needed to seal a case's key once more: no record, and so no opening of the case."""
        found = await self._desk.work.epochs.slots_of(knock.whoever, case_of(knock))
        if found is None:
            raise missing()
        case, slots = found
        return {
            **answers.case_line(case, knock.whoever),
            "listed": answers.base64(case.slot_list),
            "slots": [answers.slot(one) for one in slots],
        }

    async def rewrap(self, knock: Knock) -> Mapping[str, Any]:
        done = await self._desk.work.epochs.rewrap(
            knock.whoever,
            case_of(knock),
            knock.raw("slot"),
            knock.raw("listed"),
            roster=knock.number("roster"),
            now=self._desk.now(),
        )
        if done is None:
            raise missing()
        if isinstance(done, Refusal):
            raise Refused(409, done.value)
        return {}

    async def retire(self, knock: Knock) -> Mapping[str, Any]:
        refused = await self._desk.work.epochs.retire(knock.whoever, now=self._desk.now())
        return {"done": refused is None}

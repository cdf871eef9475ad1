"""Doors for finding the same matter in other cases: the officers' sealed common key, and tokens made under it."""

from collections.abc import Mapping
from typing import Any

from bot.console import answers
from bot.console.case_doors import slots_of
from bot.console.doors import Door, Knock, Refused, decoded, missing
from bot.console.endpoints import Desk, case_of
from bot.services.officers.matching import MOST_TOKENS, TOKEN_BYTES


def match_doors(desk: Desk) -> tuple[Door, ...]:
    """Listed with the others."""
    doors = MatchDoors(desk)
    return (
        Door("/match", "GET", doors.keys),
        Door("/match/give", "POST", doors.give),
        Door("/case/{case}/match/look", "POST", doors.look, case=True),
    )


class MatchDoors:
    """Nothing here is ever opened."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def keys(self, knock: Knock) -> Mapping[str, Any]:
        """The common key sealed to whoever asks, and whom it was given to."""
        keys = await self._desk.work.matching.keys()
        mine = next((one for one in keys if one.key in knock.whoever.keys), None)
        return {
            "match": keys[0].match.hex() if keys else "",
            "signed": answers.base64(keys[0].signed) if keys else "",
            "mine": answers.slot(mine) if mine else None,
            "given": [one.key.hex() for one in keys],
        }

    async def give(self, knock: Knock) -> Mapping[str, Any]:
        try:
            match = bytes.fromhex(knock.text("match", 32))
        except ValueError:
            raise Refused(400, "malformed") from None
        refused = await self._desk.work.matching.give(
            match=match,
            signed=knock.raw("signed"),
            roster=knock.number("roster"),
            slots=slots_of(knock),
            now=self._desk.now(),
        )
        if refused is not None:
            raise Refused(409, refused.value)
        return {}

    async def look(self, knock: Knock) -> Mapping[str, Any]:
        given = knock.body.get("tokens")
        if not isinstance(given, list) or len(given) > MOST_TOKENS:
            raise Refused(400, "malformed")
        tokens = [decoded(str(token), TOKEN_BYTES) for token in given]
        found = await self._desk.work.matching.alike(knock.whoever, case_of(knock), tokens, now=self._desk.now())
        if found is None:
            raise missing()
        return {
            "seen": [
                {**answers.case_line(case, knock.whoever), "tokens": [answers.base64(token) for token in shared]}
                for case, shared in found.seen
            ],
            "unseen": found.unseen,
        }

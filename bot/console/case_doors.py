"""Doors of the work inside a case, each of two segments behind it: notes; what else officers keep there follows."""

from collections.abc import Mapping
from typing import Any

from bot.console import answers
from bot.console.doors import Door, Knock, Refused, missing
from bot.console.endpoints import Desk, case_of, id_of, key_of
from bot.core.case import Refusal
from bot.services.officers.notes import SealedNote


def case_doors(desk: Desk) -> tuple[Door, ...]:
    """Listed with the others, so that nothing opens that is not listed (S23)."""
    notes = NoteDoors(desk)
    return (
        Door("/case/{case}/note/add", "POST", notes.add, case=True),
        Door("/places/{lang}", "GET", notes.places),
    )


class NoteDoors:
    """What officers write for one another."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def add(self, knock: Knock) -> Mapping[str, Any]:
        now = self._desk.now()
        kept = await self._desk.notes.keep(knock.whoever, case_of(knock), note_of(knock), key=key_of(knock), now=now)
        if kept is None:
            raise missing()
        if isinstance(kept, Refusal):
            raise Refused(409, kept.value)
        return answers.case_line(kept, knock.whoever)

    async def places(self, knock: Knock) -> Mapping[str, Any]:
        """Names of places in the language of an answer, to warn of them (S53)."""
        return {"places": self._desk.prepared.places(str(knock.request.path_params["lang"]))}


def note_of(knock: Knock) -> SealedNote:
    """The sealed note of a body: its record and the roster it was sealed under."""
    record = knock.body.get("record")
    if not isinstance(record, dict):
        raise Refused(400, "malformed")
    sealed = Knock(knock.request, record)
    return SealedNote(id_of(sealed), sealed.number("seq"), sealed.raw("envelope"), knock.number("roster"))

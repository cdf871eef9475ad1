"""Doors for taking a case out by two persons; what is taken is made and sealed in the browser."""

from collections.abc import Mapping
from typing import Any

from bot.console.case_doors import chosen, note_of, standing
from bot.console.doors import Door, Knock, missing
from bot.console.endpoints import Desk, case_of, id_of, key_of
from bot.services.officers.exporting import Stage


def export_doors(desk: Desk) -> tuple[Door, ...]:
    """Listed with the others."""
    doors = ExportDoors(desk)
    return (
        Door("/case/{case}/export/list", "POST", doors.listed, case=True),
        Door("/case/{case}/export/go", "POST", doors.go, case=True),
    )


class ExportDoors:
    """One officer asks, another agrees, the first takes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def listed(self, knock: Knock) -> Mapping[str, Any]:
        found = await self._desk.work.exporting.of_case(knock.whoever, case_of(knock), now=self._desk.now())
        if found is None:
            raise missing()
        return {"exports": [{"id": one.id.hex(), "asked": one.asked, "agreed": one.agreed} for one in found]}

    async def go(self, knock: Knock) -> Mapping[str, Any]:
        done = await self._desk.work.exporting.go(
            knock.whoever,
            case_of(knock),
            id_of(knock),
            chosen(Stage, knock.text("stage", 8)),
            note_of(knock),
            key=key_of(knock),
            now=self._desk.now(),
        )
        return standing(done, knock)

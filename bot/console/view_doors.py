"""Doors of the lists an officer keeps, and how a narrower list is asked for."""

from collections.abc import Mapping
from typing import Any, Final

from bot.console.doors import Door, Knock, Refused
from bot.services.officers.narrowing import SETS, Narrow
from bot.services.officers.queue import VIEWS
from bot.services.officers.saved import Kept, No, SavedViews, told

_MOST: Final = 100
"""Of one kind; there are never so many teams or languages to choose from."""


def view_doors(saved: SavedViews) -> tuple[Door, ...]:
    """Listed with the others, so that nothing opens that is not listed (S23)."""
    views = ViewDoors(saved)
    return (
        Door("/views", "GET", views.listed),
        Door("/views/save", "POST", views.save),
        Door("/views/drop", "POST", views.drop),
    )


class ViewDoors:
    """Each officer's own, and nobody else's."""

    def __init__(self, saved: SavedViews) -> None:
        self._saved = saved

    async def listed(self, knock: Knock) -> Mapping[str, Any]:
        return {"views": [_shown(one) for one in await self._saved.of(knock.whoever)]}

    async def save(self, knock: Knock) -> Mapping[str, Any]:
        place = knock.number("place") if knock.body.get("place") is not None else None
        done = await self._saved.save(knock.whoever, place, knock.text("name", 400), view_of(knock), narrow_of(knock))
        if isinstance(done, No):
            raise Refused(409, done.value)
        return {"place": done}

    async def drop(self, knock: Knock) -> Mapping[str, Any]:
        await self._saved.drop(knock.whoever, knock.number("place"))
        return {}


def view_of(knock: Knock) -> str:
    view = knock.text("view", 16)
    if view not in VIEWS:
        raise Refused(400, "malformed")
    return view


def narrow_of(knock: Knock) -> Narrow:
    """How the list is made narrower; not at all where nothing is said."""
    asked = knock.body.get("narrow")
    if asked is None:
        return Narrow()
    if not isinstance(asked, dict):
        raise Refused(400, "malformed")
    who = Knock(knock.request, asked).text("who", 128)
    return Narrow(who=who, **{name: _few(asked.get(name)) for name in SETS})


def _few(values: object) -> frozenset[str]:
    if not isinstance(values, list) or len(values) > _MOST:
        raise Refused(400, "malformed")
    if not all(isinstance(one, str) and 0 < len(one) <= 128 for one in values):
        raise Refused(400, "malformed")
    return frozenset(values)


def _shown(kept: Kept) -> Mapping[str, Any]:
    return {"place": kept.place, "name": kept.name, "view": kept.view, "narrow": told(kept.narrow)}

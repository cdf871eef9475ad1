"""Lists that an officer keeps under names of their own; nobody else is told of them.

A name is clear text, so it is kept short and takes no number long enough for a telephone, a case code or a date of birth.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Protocol
from unicodedata import category, normalize

from bot.core.errors import Conflict
from bot.services.officers.narrowing import SETS, Narrow
from bot.services.officers.ports import Conn, Database
from bot.services.officers.queue import VIEWS
from bot.services.officers.sign_in import Signed

MOST: Final = 10
MOST_LETTERS: Final = 40
MOST_DIGITS: Final = 4
_JOINERS: Final = frozenset("\u200c\u200d")
"""Written inside words of Urdu, Persian and Sindhi; every other mark that shows nothing is refused."""


class No(Enum):
    """Why a list is not kept; each has a text of its own in the console."""

    NAME = "list_name"
    FULL = "list_full"
    GONE = "list_gone"


@dataclass(frozen=True, slots=True)
class Kept:
    """`place`: which of the ten; `view`: the standing list it begins with."""

    place: int
    name: str
    view: str
    narrow: Narrow


class Row(Protocol):
    @property
    def place(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def list(self) -> str: ...


class Rows(Protocol):
    def of(self, conn: Conn, account: str) -> Sequence[Row]: ...

    def add(self, conn: Conn, account: str, saved: Any) -> None: ...

    def change(self, conn: Conn, account: str, saved: Any) -> bool: ...

    def drop(self, conn: Conn, account: str, place: int) -> None: ...


@dataclass(frozen=True, slots=True)
class _Row:
    place: int
    name: str
    list: str


class SavedViews:
    """`rows`: storage's."""

    def __init__(self, database: Database, rows: Rows) -> None:
        self._database = database
        self._rows = rows

    async def of(self, who: Signed) -> Sequence[Kept]:
        return [_read(row) for row in await self._database.read(lambda conn: self._rows.of(conn, who.account.id))]

    async def save(self, who: Signed, place: int | None, name: str, view: str, narrow: Narrow) -> int | No:
        """Keep a list and return its place; `place`: of the one to change, none for a new one."""
        said = clean_name(name)
        if said is None:
            return No.NAME

        def work(conn: Conn) -> int | No:
            me, held = who.account.id, _written(view, narrow)
            if place is not None:
                return place if self._rows.change(conn, me, _Row(place, said, held)) else No.GONE
            taken = {row.place for row in self._rows.of(conn, me)}
            free = next((one for one in range(MOST) if one not in taken), None)
            if free is None:
                return No.FULL
            self._rows.add(conn, me, _Row(free, said, held))
            return free

        try:
            return await self._database.write(work)
        except Conflict:  # another page of this officer was faster: its place is taken, the next one may be free
            return await self._database.write(work)

    async def drop(self, who: Signed, place: int) -> None:
        await self._database.write(lambda conn: self._rows.drop(conn, who.account.id, place))


def clean_name(text: str) -> str | None:
    """The name as it is kept; none where it cannot be one."""
    name = normalize("NFC", " ".join(text.split()))
    hidden = any(category(letter).startswith("C") and letter not in _JOINERS for letter in name)
    digits = sum(category(letter) == "Nd" for letter in name)
    return name if 0 < len(name) <= MOST_LETTERS and not hidden and digits <= MOST_DIGITS else None


def told(narrow: Narrow) -> dict[str, Any]:
    """As plain data."""
    sets = {name: sorted(getattr(narrow, name)) for name in SETS}
    return {**sets, "who": narrow.who}


def _written(view: str, narrow: Narrow) -> str:
    return json.dumps({"view": view, **told(narrow)}, sort_keys=True, separators=(",", ":"))


def _read(row: Row) -> Kept:
    """A list of an earlier release that is no more shows as the first one."""
    said = json.loads(row.list)
    view = said.pop("view")
    narrow = Narrow(who=said.pop("who"), **{name: frozenset(values) for name, values in said.items()})
    return Kept(row.place, row.name, view if view in VIEWS else next(iter(VIEWS)), narrow)

"""The administrators' desk: entries of the content as versions, read by a second person before anybody sees them.

A version is only ever added.  Whoever wrote an entry never approves it; taking back what was published needs nobody else.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final, Protocol

from bot.content.editing import released
from bot.content.entries import KINDS, Kind, Values, is_empty
from bot.content.living import Called, Shown, edited_texts, export, sound
from bot.core.errors import Conflict, ContentError
from bot.services.officers.ports import Conn, Database
from bot.services.officers.sign_in import Signed
from bot.services.officers.trail import HOUR_S, Ledger, write_entry

RELEASED: Final = "released"
DRAFT: Final = "draft"
REVIEWED: Final = "reviewed"
PUBLISHED: Final = "published"
WITHDRAWN: Final = "withdrawn"
CALL: Final = "call"
_DAY_S: Final = 86_400


class No(Enum):
    """Why a step was not taken; each has a text of its own in the page."""

    OVERTAKEN = "overtaken"
    SECOND = "second"
    ORDER = "order"
    FAULTY = "faulty"
    SAME = "same"
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class Refusal:
    """`found`: what the inspector says, one a line."""

    why: No
    found: tuple[str, ...] = ()


class Row(Protocol):
    """A version as it is stored; see `storage.entries.Version`."""

    @property
    def kind(self) -> str: ...
    @property
    def item(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def entry(self) -> str: ...
    @property
    def hour(self) -> int: ...


class Rows(Protocol):
    def add(self, conn: Conn, row: Any) -> None: ...

    def newest(self, conn: Conn, kind: str) -> Sequence[Row]: ...

    def counting(self, conn: Conn) -> Sequence[Row]: ...

    def history(self, conn: Conn, kind: str, item: str) -> Sequence[Row]: ...


@dataclass(frozen=True, slots=True)
class Step:
    """A version as it is added."""

    kind: str
    item: str
    version: int
    state: str
    author: str
    entry: str
    hour: int


@dataclass(frozen=True, slots=True)
class Item:
    """An entry at the desk: its newest values.  `shipped`: the release has it.  `version`: the newest, 0 before the first."""

    kind: str
    id: str
    values: Values
    state: str
    version: int
    gone: bool
    shipped: bool
    author: str = ""


class ContentDesk:
    def __init__(self, database: Database, *, rows: Rows, ledger: Ledger) -> None:
        self._database = database
        self._rows = rows
        self._ledger = ledger

    async def board(self, kind: Kind) -> tuple[Item, ...]:
        """Every entry: those of the release in their order, then the added ones."""
        newest = {row.item: row for row in await self._database.read(lambda conn: self._rows.newest(conn, kind.name))}
        shipped = released(kind)
        ids = [*shipped, *(id for id in newest if id not in shipped)]
        return tuple(_item(kind, id, shipped.get(id), newest.get(id)) for id in ids)

    async def find(self, kind: Kind, id: str) -> Item | None:
        return next((item for item in await self.board(kind) if item.id == id), None)

    async def history(self, kind: Kind, id: str) -> Sequence[Row]:
        return await self._database.read(lambda conn: self._rows.history(conn, kind.name, id))

    async def shown(self) -> tuple[Shown, ...]:
        """What was published and counts."""
        return shown_of(await self._database.read(self._rows.counting))

    async def export(self) -> dict[str, str]:
        """Path → whole text of each file of the content that publishing changed."""
        return export(await self.shown())

    async def faults(self, kind: Kind, id: str, values: Values, *, gone: bool = False) -> tuple[str, ...]:
        """What the inspector would say if these values counted beside everything that was published."""
        others = [one for one in await self.shown() if (one.kind, one.item) != (kind.name, id)]
        return await asyncio.to_thread(_inspected, [*others, Shown(kind.name, id, values, gone)])

    async def save(
        self, who: Signed, kind: Kind, id: str, values: Values, *, based: int, now: int, gone: bool = False
    ) -> Refusal | None:
        """A new draft.  `based`: the version it was made from."""
        if gone and not kind.removable:
            return Refusal(No.STAYS)
        if found := await self.faults(kind, id, values, gone=gone):
            return Refusal(No.FAULTY, found)
        entry = written_entry(values, gone)

        def step(item: Item, past: Sequence[Row]) -> tuple[str, str] | No:
            same = (_full(values), gone) == (_full(item.values), item.gone) and item.state != WITHDRAWN
            return No.SAME if same else (DRAFT, entry)

        return await self._do(who, kind, id, based, now, step)

    async def approve(self, who: Signed, kind: Kind, id: str, *, based: int, now: int) -> Refusal | None:
        def step(item: Item, past: Sequence[Row]) -> tuple[str, str] | No:
            if item.state != DRAFT:
                return No.ORDER
            wrote = {row.author for row in past if row.state == DRAFT and row.entry == past[0].entry}
            return No.SECOND if who.account.id in wrote else (REVIEWED, past[0].entry)

        return await self._checked(who, kind, id, based, now, step)

    async def publish(self, who: Signed, kind: Kind, id: str, *, based: int, now: int) -> Refusal | None:
        """It counts from now on, in every replica within seconds."""

        def step(item: Item, past: Sequence[Row]) -> tuple[str, str] | No:
            return (PUBLISHED, past[0].entry) if item.state == REVIEWED else No.ORDER

        return await self._checked(who, kind, id, based, now, step)

    async def withdraw(self, who: Signed, kind: Kind, id: str, *, based: int, now: int) -> Refusal | None:
        """What the release says counts again; an entry of ours is no longer listed."""

        def step(item: Item, past: Sequence[Row]) -> tuple[str, str] | No:
            if not past or past[0].state == WITHDRAWN:
                return No.ORDER
            if not item.shipped and not kind.removable and any(row.state == PUBLISHED for row in past):
                return No.STAYS
            return WITHDRAWN, written_entry(item.values, item.gone)

        return await self._do(who, kind, id, based, now, step)

    async def revert(self, who: Signed, kind: Kind, id: str, *, to: int, based: int, now: int) -> Refusal | None:
        """Back to an older version: at once where it was published before, else as a draft."""
        past = await self.history(kind, id)
        wanted = next((row for row in past if row.version == to), None)
        if wanted is None:
            return Refusal(No.ORDER)
        values, gone = read_entry(wanted.entry)
        if found := await self.faults(kind, id, values, gone=gone):
            return Refusal(No.FAULTY, found)

        def step(item: Item, past: Sequence[Row]) -> tuple[str, str] | No:
            if past[0].state == PUBLISHED and past[0].entry == wanted.entry:
                return No.SAME
            known = any(row.state == PUBLISHED and row.entry == wanted.entry for row in past)
            return (PUBLISHED if known else DRAFT), wanted.entry

        return await self._do(who, kind, id, based, now, step)

    async def called(self, who: Signed, id: str, *, worked: bool, now: int) -> None:
        """A number was called to see whether it works; it counts at once."""
        day = day_of(now)

        def work(conn: Conn) -> None:
            past = self._rows.history(conn, CALL, id)
            before: dict[str, Any] = json.loads(past[0].entry) if past else {"failed": 0, "worked": ""}
            entry = {
                "day": day,
                "failed": 0 if worked else before["failed"] + 1,
                "worked": day if worked else before["worked"],
            }
            version = past[0].version + 1 if past else 1
            self._rows.add(conn, Step(CALL, id, version, PUBLISHED, who.account.id, _json(entry), now // HOUR_S))
            write_entry(self._ledger, conn, who=who.key, act="number_called", now=now)

        await self._database.write(work)

    async def calls(self) -> tuple[Called, ...]:
        return calls_of(await self._database.read(self._rows.counting))

    async def _checked(
        self, who: Signed, kind: Kind, id: str, based: int, now: int, step: Callable[..., Any]
    ) -> Refusal | None:
        """As `_do`, after another look of the inspector: the rest may have changed since the draft."""
        past = await self.history(kind, id)
        if past:
            values, gone = read_entry(past[0].entry)
            if found := await self.faults(kind, id, values, gone=gone):
                return Refusal(No.FAULTY, found)
        return await self._do(who, kind, id, based, now, step)

    async def _do(
        self, who: Signed, kind: Kind, id: str, based: int, now: int, decide: Callable[..., Any]
    ) -> Refusal | None:
        """Add one version in one transaction with its trace; nothing where `decide` says no."""
        shipped = released(kind)

        def work(conn: Conn) -> Refusal | None:
            past = self._rows.history(conn, kind.name, id)
            item = _item(kind, id, shipped.get(id), past[0] if past else None)
            if item.version != based:
                return Refusal(No.OVERTAKEN)
            found = decide(item, past)
            if isinstance(found, No):
                return Refusal(found)
            state, entry = found
            self._rows.add(conn, Step(kind.name, id, based + 1, state, who.account.id, entry, now // HOUR_S))
            write_entry(self._ledger, conn, who=who.key, act=f"content_{state}", now=now)
            return None

        try:
            return await self._database.write(work)
        except Conflict:
            return Refusal(No.OVERTAKEN)


def shown_of(rows: Sequence[Row]) -> tuple[Shown, ...]:
    """What of the rows that count is laid over the release's content."""
    found = []
    for row in rows:
        kind = KINDS.get(row.kind)
        if kind is None:
            continue
        values, gone = read_entry(row.entry)
        if row.state == PUBLISHED:
            found.append(Shown(row.kind, row.item, values, gone))
        elif row.item not in released(kind) and kind.removable:  # its words stay for talks that name it
            found.append(Shown(row.kind, row.item, values, True))
    return tuple(found)


def calls_of(rows: Sequence[Row]) -> tuple[Called, ...]:
    return tuple(Called(row.item, **json.loads(row.entry)) for row in rows if row.kind == CALL)


def written_entry(values: Values, gone: bool) -> str:
    """Canonical: the same entry has the same text."""
    return _json({"gone": gone, "values": values})


def read_entry(entry: str) -> tuple[dict[str, Any], bool]:
    read = json.loads(entry)
    return read["values"], read["gone"]


def day_of(now: int) -> str:
    """ISO date, UTC."""
    return datetime.fromtimestamp(now, UTC).date().isoformat()


def _full(values: Values) -> dict[str, Any]:
    """Without fields that are empty: they say nothing."""
    return {name: value for name, value in values.items() if not is_empty(value)}


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _inspected(shown: Sequence[Shown]) -> tuple[str, ...]:
    try:
        sound(edited_texts(shown))
    except ContentError as wrong:
        return tuple(str(wrong).splitlines())
    return ()


def _item(kind: Kind, id: str, shipped: Values | None, row: Row | None) -> Item:
    if row is None:
        return Item(
            kind.name, id, shipped or {}, RELEASED if shipped is not None else DRAFT, 0, False, shipped is not None
        )
    if row.state == WITHDRAWN and shipped is not None:
        return Item(kind.name, id, shipped, WITHDRAWN, row.version, False, True, row.author)
    values, gone = read_entry(row.entry)
    return Item(kind.name, id, values, row.state, row.version, gone, shipped is not None, row.author)

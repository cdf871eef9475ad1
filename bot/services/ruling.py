"""Settings that administrators change while the service runs: versions in the database that go before the file.

None of them adds a reader: who reads is said by the signed roster alone (S23).
"""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Protocol, TypeVar

from bot.core.errors import Conflict
from bot.services.content_desk import PUBLISHED, WITHDRAWN, No, Row, Rows, Step
from bot.services.officers.ports import Conn, Database
from bot.services.officers.sign_in import Signed
from bot.services.officers.trail import HOUR_S, Ledger, write_entry

SETTING: Final = "setting"
TRANSLATOR: Final = "translator"
CHANGEABLE: Final = ("hours", "languages", "helplines", "retention_days", "attachments", "campaigns", "notices")
"""What may be set in the browser; keys, addresses, the roster's root and tokens never are."""


class Settable(Protocol):
    def changed(self, name: str, value: str) -> "Settable":
        """Raises `ValueError`, saying what is wrong."""
        ...


S = TypeVar("S", bound=Settable)
Faults = Callable[[Any], Iterable[str]]
"""What is wrong with settings that are each well-formed."""


def overruled(settings: S, rows: Sequence[Row], faults: Faults) -> tuple[S, tuple[str, ...]]:
    """The settings with what was set in the room, and a line for each value that is refused."""
    found: Any = settings
    refused = []
    for row in rows:
        if row.kind == SETTING and row.state == PUBLISHED and row.item in CHANGEABLE:
            try:
                found = changed(found, row.item, json.loads(row.entry)["value"], faults)
            except ValueError as wrong:
                refused.append(f"{row.item}: {wrong}")
    return found, tuple(refused)


def changed(settings: Settable, name: str, value: str, faults: Faults) -> Settable:
    """Raises `ValueError`, saying what is wrong."""
    made = settings.changed(name, value)
    if found := [*faults(made)]:
        raise ValueError("; ".join(found))
    return made


class Ruling:
    """`settings`: as they count now."""

    def __init__(
        self, database: Database, *, rows: Rows, ledger: Ledger, settings: Callable[[], Settable], faults: Faults
    ) -> None:
        self._database = database
        self._rows = rows
        self._ledger = ledger
        self._settings = settings
        self._faults = faults

    @property
    def settings(self) -> Any:
        """What counts in this replica now."""
        return self._settings()

    async def newest(self, kind: str = SETTING) -> dict[str, Row]:
        """Name → the newest version of what was set."""
        return {row.item: row for row in await self._database.read(lambda conn: self._rows.newest(conn, kind))}

    async def history(self, name: str) -> Sequence[Row]:
        return await self._database.read(lambda conn: self._rows.history(conn, SETTING, name))

    async def set(self, who: Signed, name: str, value: str, *, based: int, now: int) -> No | str | None:
        """It counts at once, in every replica within seconds.  A text says what is wrong with the value."""
        if name not in CHANGEABLE:
            return No.ORDER
        try:
            changed(self._settings(), name, value, self._faults)
        except ValueError as wrong:
            return str(wrong)
        return await self._add(who, SETTING, name, PUBLISHED, json.dumps({"value": value}), based, now)

    async def unset(self, who: Signed, name: str, *, based: int, now: int) -> No | None:
        """The file counts again."""
        return await self._add(who, SETTING, name, WITHDRAWN, json.dumps({"value": ""}), based, now)

    async def give_languages(
        self, who: Signed, account: str, tags: Sequence[str], *, based: int, now: int
    ) -> No | None:
        """What a translator works on."""
        entry = json.dumps({"languages": list(tags)})
        return await self._add(who, TRANSLATOR, account, PUBLISHED, entry, based, now)

    async def languages_of(self, account: str) -> frozenset[str] | None:
        """The languages somebody was given; none: nobody limited them."""
        row = (await self.newest(TRANSLATOR)).get(account)
        return None if row is None else frozenset(json.loads(row.entry)["languages"])

    async def _add(self, who: Signed, kind: str, name: str, state: str, entry: str, based: int, now: int) -> No | None:
        def work(conn: Conn) -> No | None:
            past = self._rows.history(conn, kind, name)
            if (past[0].version if past else 0) != based:
                return No.OVERTAKEN
            self._rows.add(conn, Step(kind, name, based + 1, state, who.account.id, entry, now // HOUR_S))
            write_entry(self._ledger, conn, who=who.key, act=f"{kind}_{state}", now=now)
            return None

        try:
            return await self._database.write(work)
        except Conflict:
            return No.OVERTAKEN

"""The page of the audit log, for supervisors and auditors: who did what, and whether the log is whole.  It opens no case."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from starlette.requests import Request
from starlette.responses import Response

from bot.console.doors import Door, Knock, Refused
from bot.console.endpoints import Desk
from bot.console.pages import Pages
from bot.services.auditing import Auditing, Verdict
from bot.services.officers.account import Role
from bot.services.officers.ports import Conn, Database
from bot.services.officers.trail import Ledger, write_entry

WATCHERS: Final = frozenset({Role.SUPERVISOR, Role.AUDITOR})
AT_ONCE: Final = 100
ACT: Final = "audit"
_TEMPLATE = "audit.html"
_HOUR_S = 3_600
_LAST = 2**53


class Leaf(Protocol):
    @property
    def seq(self) -> int: ...
    @property
    def entry(self) -> bytes: ...


class Entries(Ledger, Protocol):
    def newest(self, conn: Conn, before: int, limit: int) -> Sequence[Leaf]: ...


class KeyOwners(Protocol):
    def owners(self, conn: Conn) -> Sequence[tuple[bytes, str]]: ...


@dataclass(frozen=True, slots=True)
class Trail:
    """`keys`: whose key is which, as far as the wrapped keys still lie here."""

    log: Entries
    keys: KeyOwners


def audit_doors(desk: Desk, database: Database, trail: Trail, auditing: Auditing, pages: Pages) -> tuple[Door, ...]:
    page = AuditPage(desk, database, trail, auditing, pages)
    return (Door("/audit", "GET", page.page, roles=WATCHERS, refused=page.refused),)


class AuditPage:
    def __init__(self, desk: Desk, database: Database, trail: Trail, auditing: Auditing, pages: Pages) -> None:
        self._desk = desk
        self._database = database
        self._trail = trail
        self._auditing = auditing
        self._pages = pages

    async def page(self, knock: Knock) -> Response:
        """Reading is an entry too: whoever watches is seen."""
        asked, now = knock.request.query_params, self._desk.now()
        before = int(asked["before"]) if asked.get("before", "").isdigit() and len(asked["before"]) < 16 else _LAST

        def work(conn: Conn) -> tuple[Sequence[Leaf], Sequence[tuple[bytes, str]]]:
            write_entry(self._trail.log, conn, who=knock.whoever.key, act=ACT, now=now)
            return self._trail.log.newest(conn, before, AT_ONCE), self._trail.keys.owners(conn)

        leaves, owners = await self._database.write(work)
        names = await self._desk.sign_in.colleagues()
        checked = await self._auditing.verify(now=now) if asked.get("check") else None
        head = await self._auditing.newest()
        tag = self._pages.catalog.language(asked.get("lang"))
        words = self._pages.catalog.texts(tag)
        people = {key.hex(): names.get(account, account) for key, account in owners} | {"": words["audit.no-key"]}
        return self._render(
            knock.request,
            entries=[_row(leaf, people, words) for leaf in leaves],
            older=leaves[-1].seq if len(leaves) == AT_ONCE else 0,
            paged=before != _LAST,
            head=(head[0], _hour(head[1])) if head else None,
            checked=checked,
        )

    def refused(self, request: Request, refused: Refused) -> Response | None:
        """Whoever is not signed in is shown where to; what one may not see is not there."""
        return self._render(request, status=401) if refused.status == 401 else None

    def _render(
        self,
        request: Request,
        *,
        status: int = 200,
        entries: Sequence[tuple[int, str, str, str, str]] | None = None,
        older: int = 0,
        paged: bool = False,
        head: tuple[int, str] | None = None,
        checked: Verdict | None = None,
    ) -> Response:
        more = {"entries": entries, "older": older, "paged": paged, "head": head, "checked": checked}
        return self._pages.render(request, _TEMPLATE, status=status, **more)


def _row(leaf: Leaf, people: Mapping[str, str], words: Mapping[str, str]) -> tuple[int, str, str, str, str]:
    """Place, hour, who, what, case; an entry that somebody spoilt is shown as far as it can be read."""
    try:
        entry: dict[str, Any] = json.loads(leaf.entry)
        key, act, hour = str(entry["key"]), str(entry["act"]), int(entry["hour"])
        return leaf.seq, _hour(hour), people.get(key, key[:8]), words.get(f"audit.act.{act}", act), str(entry["case"])
    except (ValueError, KeyError, TypeError, OverflowError, OSError):
        return leaf.seq, "?", "?", "?", "?"


def _hour(hour: int) -> str:
    return datetime.fromtimestamp(hour * _HOUR_S, UTC).strftime("%Y-%m-%d %H:00")

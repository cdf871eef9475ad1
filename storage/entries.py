"""Every version of what administrators set: entries of the content, settings, calls.  Rows are added, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select
from sqlalchemy.exc import IntegrityError

from bot.core.errors import Conflict
from storage.schema import entries
from storage.statements import Insertion, run

ADD = Insertion(entries)
SHOWN = ("published", "withdrawn")
"""States that change what counts: the entry from now on; what the release says again."""


@dataclass(frozen=True, slots=True)
class Version:
    """`version`: from 1, without gaps.  `entry`: canonical JSON.  `author`: account of this step.  `hour`: since the epoch."""

    kind: str
    item: str
    version: int
    state: str
    author: str
    entry: str
    hour: int


def add(conn: Connection, row: Any) -> None:
    """`row` has the shape of `Version`.  Raises `Conflict` when somebody else was first with this version."""
    try:
        run(conn, ADD, {name: getattr(row, name) for name in ADD.columns})
    except IntegrityError as error:
        raise Conflict(f"{row.kind}/{row.item}: version {row.version} exists already") from error


def newest(conn: Connection, kind: str) -> Sequence[Version]:
    """The newest version of every entry of a kind."""
    return _all(conn, _newest(entries.c.kind == kind))


def counting(conn: Connection) -> Sequence[Version]:
    """The newest version that changed what counts, of every entry, in one statement: one snapshot."""
    return _all(conn, _newest(entries.c.state.in_(SHOWN)))


def shown_changes(conn: Connection) -> int:
    """How often what counts was changed.  It only rises, whatever order transactions commit in."""
    found = select(func.count()).select_from(entries).where(entries.c.state.in_(SHOWN))
    return int(conn.execute(found).scalar_one())


def history(conn: Connection, kind: str, item: str) -> Sequence[Version]:
    """Newest first."""
    wanted = select(entries).where(entries.c.kind == kind, entries.c.item == item)
    return _all(conn, wanted.order_by(entries.c.version.desc()))


def _newest(wanted: Any) -> Select[Any]:
    last = (
        select(entries.c.kind, entries.c.item, func.max(entries.c.version).label("version"))
        .where(wanted)
        .group_by(entries.c.kind, entries.c.item)
        .subquery()
    )
    same = (entries.c.kind == last.c.kind) & (entries.c.item == last.c.item) & (entries.c.version == last.c.version)
    return select(entries).join(last, same).order_by(entries.c.kind, entries.c.item)


def _all(conn: Connection, query: Select[Any]) -> Sequence[Version]:
    return [_version(row) for row in conn.execute(query)]


def _version(row: Row[Any]) -> Version:
    return Version(row.kind, row.item, row.version, row.state, row.author, row.entry, row.hour)

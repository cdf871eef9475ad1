"""Every version of what administrators set: entries of the content, settings, calls.  Rows are added, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select

from storage import versions
from storage.schema import entries
from storage.statements import Insertion

ADD = Insertion(entries)


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
    versions.put(conn, ADD, row, {}, name=f"{row.kind}/{row.item}")


def newest(conn: Connection, kind: str) -> Sequence[Version]:
    """The newest version of every entry of a kind."""
    return _all(conn, versions.newest(entries, entries.c.kind == kind))


def counting(conn: Connection) -> Sequence[Version]:
    """The newest version that changed what counts, of every entry, in one statement: one snapshot."""
    return _all(conn, versions.counting(entries))


def shown_changes(conn: Connection) -> int:
    """How often what counts was changed.  It only rises, whatever order transactions commit in."""
    return versions.changes(conn, entries)


def history(conn: Connection, kind: str, item: str) -> Sequence[Version]:
    """Newest first."""
    return _all(conn, versions.history(entries, kind, item))


def _all(conn: Connection, query: Select[Any]) -> Sequence[Version]:
    return [_version(row) for row in conn.execute(query)]


def _version(row: Row[Any]) -> Version:
    return Version(row.kind, row.item, row.version, row.state, row.author, row.entry, row.hour)

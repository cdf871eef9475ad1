"""Every version of every wording that was changed at the desk: rows are added, never changed (DESIGN §4, "A sentence")."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select

from storage import versions
from storage.schema import wordings
from storage.statements import Insertion

ADD = Insertion(wordings)


_FIELDS = {"item": "text", "wording": "words"}
"""Columns that are called otherwise here: no column is named as if it held what a child wrote."""


@dataclass(frozen=True, slots=True)
class Version:
    """`version`: from 1, without gaps.  `english`: what the words were made from; `source`: its SHA-256.

    `author`: id of the account that did this step.  `hour`: since the epoch.
    """

    lang: str
    text: str
    version: int
    state: str
    author: str
    words: str
    english: str
    source: bytes
    hour: int


def add(conn: Connection, row: Any) -> None:
    """`row` has the shape of `Version`.  Raises `Conflict` when somebody else was first with this version."""
    versions.put(conn, ADD, row, _FIELDS, name=f"{row.lang}/{row.text}")


def newest(conn: Connection, lang: str) -> Sequence[Version]:
    """The newest version of every text that was changed in `lang`."""
    return _all(conn, versions.newest(wordings, wordings.c.lang == lang))


def counting(conn: Connection) -> Sequence[Version]:
    """For every language and text, the newest version that changed what readers see, in one statement: one snapshot."""
    return _all(conn, versions.counting(wordings))


def shown_changes(conn: Connection) -> int:
    """How often what readers see was changed.  It only rises, whatever order transactions commit in."""
    return versions.changes(conn, wordings)


def history(conn: Connection, lang: str, text: str) -> Sequence[Version]:
    """Newest first."""
    return _all(conn, versions.history(wordings, lang, text))


def _all(conn: Connection, query: Select[Any]) -> Sequence[Version]:
    return [_version(row) for row in conn.execute(query)]


def _version(row: Row[Any]) -> Version:
    return Version(
        row.lang, row.item, row.version, row.state, row.author, row.wording, row.english, bytes(row.source), row.hour
    )

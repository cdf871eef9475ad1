"""Every version of every wording that was changed at the desk: rows are added, never changed (DESIGN §4, "A sentence")."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select
from sqlalchemy.exc import IntegrityError

from bot.core.errors import Conflict
from storage.schema import wordings
from storage.statements import Insertion, run

ADD = Insertion(wordings)
SHOWN = ("published", "withdrawn")
"""States that change what readers see: the words count from now on; the words of the release count again."""


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
    values = {name: getattr(row, _FIELDS.get(name, name)) for name in ADD.columns}
    try:
        run(conn, ADD, values)
    except IntegrityError as error:
        raise Conflict(f"{row.lang}/{row.text}: version {row.version} exists already") from error


def newest(conn: Connection, lang: str) -> Sequence[Version]:
    """The newest version of every text that was changed in `lang`."""
    return _all(conn, _newest(wordings.c.lang == lang))


def counting(conn: Connection) -> Sequence[Version]:
    """For every language and text, the newest version that changed what readers see, in one statement: one snapshot."""
    return _all(conn, _newest(wordings.c.state.in_(SHOWN)))


def shown_changes(conn: Connection) -> int:
    """How often what readers see was changed.  It only rises, whatever order transactions commit in."""
    found = select(func.count()).select_from(wordings).where(wordings.c.state.in_(SHOWN))
    return int(conn.execute(found).scalar_one())


def history(conn: Connection, lang: str, text: str) -> Sequence[Version]:
    """Newest first."""
    wanted = select(wordings).where(wordings.c.lang == lang, wordings.c.item == text)
    return _all(conn, wanted.order_by(wordings.c.version.desc()))


def _newest(wanted: Any) -> Select[Any]:
    last = (
        select(wordings.c.lang, wordings.c.item, func.max(wordings.c.version).label("version"))
        .where(wanted)
        .group_by(wordings.c.lang, wordings.c.item)
        .subquery()
    )
    same = (wordings.c.lang == last.c.lang, wordings.c.item == last.c.item, wordings.c.version == last.c.version)
    return select(wordings).join(last, same[0] & same[1] & same[2]).order_by(wordings.c.lang, wordings.c.item)


def _all(conn: Connection, query: Select[Any]) -> Sequence[Version]:
    return [_version(row) for row in conn.execute(query)]


def _version(row: Row[Any]) -> Version:
    return Version(
        row.lang, row.item, row.version, row.state, row.author, row.wording, row.english, bytes(row.source), row.hour
    )

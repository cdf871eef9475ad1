"""Every version of every recording made at the translators' desk: rows are added, never changed; each sound stands once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select
from sqlalchemy.exc import IntegrityError

from bot.core.errors import Conflict
from storage.schema import recorded_sounds, recordings
from storage.statements import Insertion, Upsert, run

ADD = Insertion(recordings)
SHOWN = ("published", "withdrawn")
"""States that change what children hear."""


def _once(statement: Upsert) -> Upsert:
    return statement.on_conflict_do_nothing(index_elements=["digest"])


KEEP = Insertion(recorded_sounds, _once)
_FIELDS = {"item": "text", "wording": "words"}


@dataclass(frozen=True, slots=True)
class Version:
    """`version`: from 1, without gaps.  `words`: what is read aloud.  `sound`: SHA-256 of the sound, empty: none.

    `author`: id of the account that did this step.  `hour`: since the epoch.
    """

    lang: str
    text: str
    version: int
    state: str
    author: str
    words: str
    sound: bytes
    seconds: int
    hour: int


def add(conn: Connection, row: Any) -> None:
    """`row` has the shape of `Version`.  Raises `Conflict` when somebody else was first with this version."""
    values = {name: getattr(row, _FIELDS.get(name, name)) for name in ADD.columns}
    try:
        run(conn, ADD, values)
    except IntegrityError as error:
        raise Conflict(f"{row.lang}/{row.text}: recording {row.version} exists already") from error


def keep(conn: Connection, digest: bytes, sound: bytes) -> None:
    """Store a sound, unless it is there already."""
    run(conn, KEEP, {"digest": digest, "sound": sound})


def sound(conn: Connection, digest: bytes) -> bytes | None:
    found = select(recorded_sounds.c.sound).where(recorded_sounds.c.digest == digest)
    kept = conn.execute(found).scalar_one_or_none()
    return None if kept is None else bytes(kept)


def newest(conn: Connection, lang: str) -> Sequence[Version]:
    """The newest version of every text that was recorded in `lang`."""
    return _all(conn, _newest(recordings.c.lang == lang))


def counting(conn: Connection) -> Sequence[Version]:
    """For every language and text, the newest version that changed what children hear, in one statement: one snapshot."""
    return _all(conn, _newest(recordings.c.state.in_(SHOWN)))


def shown_changes(conn: Connection) -> int:
    """How often what children hear was changed; it only rises."""
    found = select(func.count()).select_from(recordings).where(recordings.c.state.in_(SHOWN))
    return int(conn.execute(found).scalar_one())


def history(conn: Connection, lang: str, text: str) -> Sequence[Version]:
    """Newest first."""
    wanted = select(recordings).where(recordings.c.lang == lang, recordings.c.item == text)
    return _all(conn, wanted.order_by(recordings.c.version.desc()))


def _newest(wanted: Any) -> Select[Any]:
    last = (
        select(recordings.c.lang, recordings.c.item, func.max(recordings.c.version).label("version"))
        .where(wanted)
        .group_by(recordings.c.lang, recordings.c.item)
        .subquery()
    )
    same = (
        recordings.c.lang == last.c.lang,
        recordings.c.item == last.c.item,
        recordings.c.version == last.c.version,
    )
    return select(recordings).join(last, same[0] & same[1] & same[2]).order_by(recordings.c.lang, recordings.c.item)


def _all(conn: Connection, query: Select[Any]) -> Sequence[Version]:
    return [_version(row) for row in conn.execute(query)]


def _version(row: Row[Any]) -> Version:
    return Version(
        row.lang,
        row.item,
        row.version,
        row.state,
        row.author,
        row.wording,
        bytes(row.sound),
        row.seconds,
        row.hour,
    )

"""Every version of every recording made at the translators' desk: rows are added, never changed; each sound stands once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from storage import versions
from storage.schema import recorded_sounds, recordings
from storage.statements import Insertion, Upsert, run

ADD = Insertion(recordings)


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
    versions.put(conn, ADD, row, _FIELDS, name=f"recording {row.lang}/{row.text}")


def keep(conn: Connection, digest: bytes, sound: bytes) -> None:
    """Store a sound, unless it is there already."""
    run(conn, KEEP, {"digest": digest, "sound": sound})


def sound(conn: Connection, digest: bytes) -> bytes | None:
    found = select(recorded_sounds.c.sound).where(recorded_sounds.c.digest == digest)
    kept = conn.execute(found).scalar_one_or_none()
    return None if kept is None else bytes(kept)


def newest(conn: Connection, lang: str) -> Sequence[Version]:
    """The newest version of every text that was recorded in `lang`."""
    return _all(conn, versions.newest(recordings, recordings.c.lang == lang))


def counting(conn: Connection) -> Sequence[Version]:
    """For every language and text, the newest version that changed what children hear, in one statement: one snapshot."""
    return _all(conn, versions.counting(recordings))


def shown_changes(conn: Connection) -> int:
    """How often what children hear was changed; it only rises."""
    return versions.changes(conn, recordings)


def history(conn: Connection, lang: str, text: str) -> Sequence[Version]:
    """Newest first."""
    return _all(conn, versions.history(recordings, lang, text))


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

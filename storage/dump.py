"""All that lasts, as lines of JSON: one form for both databases, so a backup of one can be restored into the other (R18).

First line: what this is and at which revision.  Then per table a line with its name and columns, and a line for each row;
last how many rows there were of each.  Bytes are written as {"b": base64}.
"""

import json
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, MetaData, Table, func, insert, select, text

from bot.core.errors import StorageError
from storage import revisions
from storage.columns import metadata

FORM = 1
PASSING = frozenset(
    (
        *("updates", "conversations", "sent", "outbox", "voice_jobs", "upload_parts", "alerts"),
        *("sessions", "challenges", "deeds", "notices", "notice_ends", "desk_visits"),
    )
)
"""Talks that go on, what is on its way, who is signed in, which chats asked to be told.  In no backup: talks begin again,
nothing old is sent, nobody is signed in, and a backup has no pseudonym of a chat and no link to one (D8, D9, D10)."""

_BATCH = 500


def dump(conn: Connection) -> Iterator[bytes]:
    """The lines, each with its end; whoever calls sees to it that nothing changes meanwhile."""
    yield _line({"hamrah": "backup", "form": FORM, "revision": revisions.current(conn)})
    counts: dict[str, int] = {}
    for table in lasting():
        yield _line({"table": table.name, "columns": [column.name for column in table.columns]})
        counts[table.name] = 0
        statement = select(table).execution_options(stream_results=True, yield_per=_BATCH)
        for batch in conn.execute(statement).partitions():
            counts[table.name] += len(batch)
            yield b"".join(_line([_written(value) for value in row]) for row in batch)
    yield _line({"rows": counts})


def lasting() -> list[Table]:
    """The tables of a backup, those that others point to first."""
    return [table for table in metadata.sorted_tables if table.name not in PASSING]


def restore(conn: Connection, lines: Iterable[bytes]) -> Mapping[str, int]:
    """Fill an empty database, made at the backup's revision and then brought to this release; how many rows of each table.

    Raises `StorageError` in one line where the database is not empty, the backup is of a newer release, or not whole;
    the caller's transaction then keeps nothing of it.
    """
    if revisions.current(conn) is not None:
        raise StorageError("the database is not empty: restore into a new one")
    rows = iter(lines)
    first = _object(next(rows, b""))
    if first.get("hamrah") != "backup" or first.get("form") != FORM:
        raise StorageError("this is no backup that this release can read")
    _at(conn, str(first.get("revision")))
    counted = _fill(conn, rows)
    revisions.upgrade(conn)
    if conn.dialect.name == "postgresql":
        _advance_counters(conn)
    return counted


def _at(conn: Connection, revision: str) -> None:
    try:
        revisions.upgrade(conn, revision)
    except Exception as error:
        raise StorageError(
            f"the backup is of revision {revision}, this release goes to {revisions.NEWEST}: use the release that made it"
        ) from error


def _fill(conn: Connection, lines: Iterator[bytes]) -> Mapping[str, int]:
    """The tables are those of the backup's own release, as they stand in the database."""
    known = MetaData()
    known.reflect(conn)
    counted: Counter[str] = Counter()
    put: Callable[[list[Any]], None] | None = None
    waiting: list[list[Any]] = []
    for line in lines:
        said = _value(line)
        if isinstance(said, list) and put is not None:
            waiting.append(said)
            if len(waiting) == _BATCH:
                put(waiting)
                waiting = []
            continue
        if waiting and put is not None:
            put(waiting)
            waiting = []
        match said:
            case {"table": str(name), "columns": [*columns]}:
                put = _putting(conn, known, name, columns, counted)
            case {"rows": dict(wanted)}:
                if {name: count for name, count in wanted.items() if count} != dict(counted) or next(lines, b""):
                    raise StorageError("the backup does not hold as many rows as it says")
                return wanted
            case _:
                raise StorageError("the backup has a line that is none of ours")
    raise StorageError("the backup ends before its end")


def _putting(
    conn: Connection, known: MetaData, name: str, columns: list[Any], counted: Counter[str]
) -> Callable[[list[Any]], None]:
    table = known.tables.get(name)
    if table is None or any(column not in table.columns for column in columns):
        raise StorageError(f"the backup has a table or column that this release does not know: {name}")

    def put(rows: list[Any]) -> None:
        if any(len(row) != len(columns) for row in rows):
            raise StorageError(f"the backup has a row of another shape in {name}")
        conn.execute(insert(table), [dict(zip(columns, map(_read, row), strict=True)) for row in rows])
        counted[name] += len(rows)

    return put


def _advance_counters(conn: Connection) -> None:
    """Numbers that PostgreSQL gives out go on after those that were restored."""
    for table in metadata.tables.values():
        for column in table.columns:
            if column.identity is not None:
                newest = conn.execute(select(func.max(column))).scalar_one()
                if newest is not None:
                    conn.execute(
                        text("SELECT setval(pg_get_serial_sequence(:t, :c), :n)"),
                        {"t": table.name, "c": column.name, "n": newest},
                    )


def split_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Lines out of pieces that end anywhere; what follows the last end of line is a line too."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
    if rest:
        yield rest


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _value(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise StorageError("the backup has a line that cannot be read") from error


def _object(line: bytes) -> Mapping[str, Any]:
    value = _value(line) if line else {}
    return value if isinstance(value, dict) else {}


def _written(value: Any) -> Any:
    return {"b": b64encode(value).decode()} if isinstance(value, bytes) else value


def _read(value: Any) -> Any:
    return b64decode(value["b"]) if isinstance(value, dict) else value

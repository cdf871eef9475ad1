"""What tables of versions have in common: rows are added, never changed, and the newest of each thing counts.

Their primary key is what the thing is called, and then `version`.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, func, select
from sqlalchemy.exc import IntegrityError

from bot.core.errors import Conflict
from storage.statements import Insertion, run

SHOWN = ("published", "withdrawn")
"""States that change what counts: this version from now on; what the release says again."""


def put(conn: Connection, into: Insertion, row: Any, called: Mapping[str, str], *, name: str) -> None:
    """Add a version.  `called`: column → field of `row`, where they differ.

    Raises `Conflict` when somebody else was first with this version of `name`.
    """
    try:
        run(conn, into, {column: getattr(row, called.get(column, column)) for column in into.columns})
    except IntegrityError as error:
        raise Conflict(f"{name}: version {row.version} exists already") from error


def newest(table: Table, wanted: Any) -> Select[Any]:
    """The newest of the versions that are `wanted`, of each thing, in the order of their names."""
    names = [column.name for column in table.primary_key if column.name != "version"]
    things = [table.c[name] for name in names]
    last = select(*things, func.max(table.c.version).label("version")).where(wanted).group_by(*things).subquery()
    same = and_(*(table.c[name] == last.c[name] for name in (*names, "version")))
    return select(table).join(last, same).order_by(*things)


def counting(table: Table) -> Select[Any]:
    """Of each thing the newest version that changed what counts, in one statement: one snapshot."""
    return newest(table, table.c.state.in_(SHOWN))


def history(table: Table, *name: str) -> Select[Any]:
    """Every version of one thing, newest first."""
    things = [column for column in table.primary_key if column.name != "version"]
    wanted = (column == part for column, part in zip(things, name, strict=True))
    return select(table).where(*wanted).order_by(table.c.version.desc())


def changes(conn: Connection, table: Table) -> int:
    """How often what counts was changed.  It only rises, whatever order transactions commit in."""
    found = select(func.count()).select_from(table).where(table.c.state.in_(SHOWN))
    return int(conn.execute(found).scalar_one())

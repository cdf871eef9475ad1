"""Turns statements of the schema into plain SQL once, for the one hot path (docs/decisions/0002).

Everything else runs SQLAlchemy statements as they are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BigInteger,
    ClauseElement,
    ColumnElement,
    Connection,
    CursorResult,
    Table,
    bindparam,
    literal_column,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

SQLITE = SQLiteDialect_pysqlite(paramstyle="qmark")
POSTGRES = PGDialect_asyncpg()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
Upsert = Any
"""`Insert` of either dialect: the two share `on_conflict_…` without sharing a class."""


Places = Callable[[Mapping[str, Any]], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Statement:
    """`names`: the parameter expected at each place; `places`: from a row by name, the values in that order."""

    sql: str
    names: tuple[str, ...]
    places: Places


def compiled(clause: ClauseElement, dialect: Dialect) -> Statement:
    """`clause` as SQL text of `dialect`, with positional parameters."""
    made = clause.compile(dialect=dialect)
    assert isinstance(made, SQLCompiler)
    names = tuple(made.positiontup or ())
    fixed = {name: made.binds[name].value for name in names if not made.binds[name].required}
    return Statement(str(made), names, _placing(names, fixed))


def _placing(names: tuple[str, ...], fixed: Mapping[str, Any]) -> Places:
    """`fixed`: parameters whose value is part of the statement."""
    if fixed or len(names) < 2:
        return lambda row: [fixed[name] if name in fixed else row[name] for name in names]
    return itemgetter(*names)


class Hot:
    """A statement of the hot path, compiled at its first use on each database.

    `build` gets the dialect's `insert` and whether it is PostgreSQL's; every value must be a named bind.
    """

    def __init__(self, build: Callable[[Callable[[Table], Upsert], bool], ClauseElement]) -> None:
        self._build = build

    @cached_property
    def sqlite(self) -> Statement:
        return compiled(self._build(sqlite.insert, False), SQLITE)

    @cached_property
    def postgres(self) -> Statement:
        return compiled(self._build(postgresql.insert, True), POSTGRES)


def run(conn: Connection, statement: Hot, row: Mapping[str, Any]) -> CursorResult[Any]:
    """A statement of the hot path on a plain `Connection`."""
    made = statement.postgres if conn.dialect.name == "postgresql" else statement.sqlite
    return conn.exec_driver_sql(made.sql, tuple(made.places(row)))


def run_each(conn: Connection, statement: Hot, rows: Sequence[Mapping[str, Any]]) -> int:
    """As `run`, for many rows in one go; returns how many rows changed, where the driver counts them (SQLite)."""
    made = statement.postgres if conn.dialect.name == "postgresql" else statement.sqlite
    return conn.exec_driver_sql(made.sql, [tuple(made.places(row)) for row in rows]).rowcount if rows else 0


class Insertion(Hot):
    """Rows for one table.  `ends`: adds what happens on conflict.

    `clocked`: columns given as seconds from now, counted from the database's own clock.
    `left_out`: columns PostgreSQL fills by itself.
    `foldable`: may be part of the single statement of a turn there, because no other table of the turn looks at it.
    """

    def __init__(
        self,
        table: Table,
        ends: Callable[[Upsert], Upsert] = lambda statement: statement,
        *,
        clocked: tuple[str, ...] = (),
        left_out: tuple[str, ...] = (),
        foldable: bool = False,
    ) -> None:
        self.table, self.ends, self.clocked, self.foldable = table, ends, clocked, foldable
        self.columns = tuple(column.name for column in table.columns if column.name not in left_out)
        super().__init__(self._values)

    def _values(self, insert: Callable[[Table], Upsert], postgres: bool) -> ClauseElement:
        names = self.columns if postgres else self.table.columns.keys()
        values = {name: self._value(name, postgres) for name in names}
        made: ClauseElement = self.ends(insert(self.table).values(values))
        return made

    def _value(self, name: str, postgres: bool) -> ColumnElement[Any]:
        bind = bindparam(name, type_=self.table.c[name].type)
        return clock(postgres) + bind if name in self.clocked else bind


def clock(postgres: bool) -> ColumnElement[int]:
    """Seconds since the epoch: PostgreSQL's own clock, which all replicas share (R14); on SQLite the bind `now`."""
    if postgres:
        return literal_column("CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT)", BigInteger)
    return bindparam("now", type_=BigInteger)

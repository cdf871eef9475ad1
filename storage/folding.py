"""A whole turn as one PostgreSQL statement: one round trip and one sync instead of five.

The conversation row is the gate: it changes only if it still holds the session the decision was made from, and everything
else is inserted `FROM gate`.  So a turn that was overtaken by another replica writes nothing and is decided again.
A repeated update fails on the primary key of `updates`, and with it the whole statement.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, Text, bindparam, column, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.types import TypeEngine

from storage.columns import BYTES, NUMBER
from storage.schema import conversations
from storage.statements import POSTGRES, Insertion, Statement, clock, compiled
from storage.turns import Step

STAYS, NEWCOMER, LEAVES, NOBODY = "stays", "newcomer", "leaves", "nobody"
_KEY = bindparam("at", type_=BYTES)
_SESSION = bindparam("session", type_=BYTES)
_HOUR = bindparam("hour", type_=NUMBER)


def gate_of(was: bytes | None, session: bytes | None) -> str:
    if was is None:
        return NOBODY if session is None else NEWCOMER
    return LEAVES if session is None else STAYS


def foldable(steps: Sequence[Step]) -> bool:
    """Whether all of it is plain rows for tables that do not look at one another, one step a table."""
    kinds = [step.statement for step in steps]
    return all(isinstance(kind, Insertion) and kind.foldable for kind in kinds) and len(set(kinds)) == len(kinds)


def folded(gate: str, steps: Sequence[Step]) -> Statement:
    """One statement whose single value says how many gates were passed: 1, or 0 when the turn was overtaken."""
    return _folded(gate, tuple(step.statement for step in steps if isinstance(step.statement, Insertion)))


def values(steps: Sequence[Step]) -> dict[str, list[Any]]:
    """Every column of every step as an array, under the name the statement asks for."""
    found: dict[str, list[Any]] = {}
    for step in steps:
        assert isinstance(step.statement, Insertion)
        table = step.statement.table.name
        for name in step.statement.columns:
            found[f"{table}_{name}"] = [row[name] for row in step.rows]
    return found


@lru_cache(maxsize=128)
def _folded(gate: str, insertions: tuple[Insertion, ...]) -> Statement:
    passed = gate_statement(gate)
    whole = select(func.count()).select_from(passed)
    for insertion in insertions:
        whole = whole.add_cte(_rows_through(passed, insertion))
    return compiled(whole, POSTGRES)


@lru_cache(maxsize=8)
def alone(gate: str) -> Statement:
    """The gate by itself, for turns whose steps do not fold."""
    return compiled(select(func.count()).select_from(gate_statement(gate)), POSTGRES)


def gate_statement(gate: str) -> CTE:
    passed = literal(1).label("passed")
    still = (conversations.c.key == _KEY, conversations.c.session == bindparam("was", type_=BYTES))
    match gate:
        case "stays":
            changed = update(conversations).where(*still).values(session=_SESSION, hour=_HOUR)
            return changed.returning(passed).cte("gate")
        case "newcomer":
            new = insert(conversations).values(key=_KEY, session=_SESSION, hour=_HOUR)
            return new.on_conflict_do_nothing().returning(passed).cte("gate")
        case "leaves":
            return delete(conversations).where(*still).returning(passed).cte("gate")
    return select(passed).cte("gate")


def _rows_through(gate: CTE, insertion: Insertion) -> CTE:
    table = insertion.table
    arrays = [bindparam(f"{table.name}_{name}", type_=_array_of(table.c[name].type)) for name in insertion.columns]
    typed = [column(name, table.c[name].type) for name in insertion.columns]
    new = func.unnest(*arrays).table_valued(*typed).render_derived(name=f"new_{table.name}")
    taken = [clock(True) + new.c[name] if name in insertion.clocked else new.c[name] for name in insertion.columns]
    rows = select(*taken).select_from(gate, new)
    made = insertion.ends(insert(table).from_select(list(insertion.columns), rows, include_defaults=False))
    adding: CTE = made.cte(f"add_{table.name}")
    return adding


def _array_of(type_: TypeEngine[Any]) -> ARRAY[Any]:
    """An array cannot carry a collation; the column it goes to has its own."""
    return ARRAY(Text() if isinstance(type_, Text) else type_)

"""Every step from one revision to the next survives a kill on filled tables, and takes nothing from the release before (R17)."""

import os
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import Inspector

from storage import Database, open_database, opening, revisions
from storage.schema import metadata
from tests.storage.running import work

MIGRATIONS = Path(__file__).parents[2] / "storage" / "migrations"
FIRST_RELEASED = "0003"
"""Revision 0003 makes a table of counts anew, from the cases; no release was out before it.  After it, nothing is taken away."""
TAKES_AWAY = re.compile(r"\bop\.(drop_\w+|alter_column|rename_table|batch_alter_table)|\b(DROP|RENAME|ALTER)\b")
ADDED = re.compile(r"op\.add_column\((.*)\)")


def scripts() -> list[str]:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]


@pytest.mark.promise("R17")
def test_no_step_takes_away_what_the_release_before_uses() -> None:
    """Expand only: a column more may be empty or has a value by default, so that an older replica goes on writing."""
    looked = 0
    for path in sorted((MIGRATIONS / "versions").glob("*.py")):
        body = path.read_text("utf-8").partition("def upgrade()")[2].partition("def downgrade()")[0]
        assert body, path.name
        for column in ADDED.findall(body):
            looked += 1
            assert "nullable=True" in column or "server_default=" in column, f"{path.name}: {column}"
        if path.name[:4] > FIRST_RELEASED:
            assert TAKES_AWAY.findall(body) == [], path.name
    assert looked >= 2


@pytest.mark.slow
@pytest.mark.promise("R17")
async def test_killed_inside_any_step_the_tables_and_their_rows_are_as_before_and_the_next_start_migrates(
    lasting: str,
) -> None:
    case, steps = os.urandom(16), scripts()
    assert revisions.NEWEST == steps[-1]
    await migrated(lasting, steps[0])
    database = await opening._connect(lasting)
    await database.write(lambda c: _old_case(c, case))
    before = await database.read(_rows)
    await database.close()
    for at, then in pairwise(steps):
        assert work(lasting, "load", [1], failpoints="F18=kill").killed, then
        database = await opening._connect(lasting)
        assert (at, before) == (await database.read(revisions.current), await database.read(_rows))
        await database.close()
        await migrated(lasting, then)
    database = await open_database(lasting)
    assert before == await database.read(_rows)
    assert [] == await database.read(_differences)
    await database.close()


@pytest.mark.slow
@pytest.mark.promise("R17")
async def test_killed_at_any_step_of_a_first_migration_nothing_is_there_and_the_next_start_makes_all(
    lasting: str,
) -> None:
    for step in range(1, len(scripts()) + 1, 4):
        assert work(lasting, "load", [1], failpoints=f"F18=kill@{step}").killed
        database = await opening._connect(lasting)
        assert await database.read(revisions.current) is None
        await database.close()
    assert ("1",) == work(lasting, "load", [1]).acknowledged
    database = await open_database(lasting)
    assert [] == await database.read(_differences)
    await database.close()


@pytest.mark.slow
@pytest.mark.promise("R17")
async def test_after_each_step_what_the_release_before_writes_and_reads_still_works(lasting: str) -> None:
    """Its statements name only what it knew: so all of that must stay, and what is new must not ask it for anything."""
    steps = scripts()
    steps = steps[steps.index(FIRST_RELEASED) :]
    await migrated(lasting, steps[0])
    database = await opening._connect(lasting)
    wrote: set[bytes] = set()
    known = await database.read(_shape)
    for at, then in pairwise(steps):
        assert at == await database.read(revisions.current)
        await database.write(lambda c, then=then: revisions.upgrade(c, then))  # type: ignore[misc]
        now = await database.read(_shape)
        for table, columns in known.items():
            assert columns.items() <= now[table].items(), f"{then} changes {table}"
            more = {name: told for name, told in now[table].items() if name not in columns}
            assert [] == [name for name, told in more.items() if told.asks], f"{then} asks for more in {table}"
        known = now
        wrote.add(case := os.urandom(16))
        await database.write(lambda c, case=case: _old_case(c, case))  # type: ignore[misc]
        await database.write(lambda c: c.execute(text("UPDATE cases SET version = version + 1")))
        assert wrote == {row[0] for row in await database.read(_rows) if isinstance(row[0], bytes)}
    await database.close()


@dataclass(frozen=True, slots=True)
class _Told:
    """A column, or (named `pk`, `unique…`) what a table demands of its rows; `asks`: a writer must know of it."""

    kind: str
    asks: bool


def _shape(conn: Connection) -> dict[str, dict[str, _Told]]:
    look = inspect(conn)
    return {table: _told(look, table) for table in look.get_table_names()}


def _told(look: Inspector, table: str) -> dict[str, _Told]:
    given = {
        column["name"]: _Told(str(column["type"]), not column["nullable"] and column["default"] is None)
        for column in look.get_columns(table)
    }
    indexes = [index["column_names"] for index in look.get_indexes(table) if index["unique"]]
    demands = [
        ("pk", look.get_pk_constraint(table)["constrained_columns"]),
        *(("unique", each["column_names"]) for each in look.get_unique_constraints(table)),
        *(("unique", names) for names in indexes),
        *(("foreign", each["constrained_columns"]) for each in look.get_foreign_keys(table)),
        *(("check", each["sqltext"]) for each in look.get_check_constraints(table)),
    ]
    return given | {f"{what} {names}": _Told(what, True) for what, names in demands}


async def migrated(address: str, to: str) -> None:
    database: Database = await opening._connect(address)
    await database.write(lambda c: revisions.upgrade(c, to))
    await database.close()


def _differences(conn: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(conn, opts={"compare_type": True}), metadata))


def _old_case(conn: Connection, id: bytes) -> None:
    columns = "id, handle, language, region, concern, urgency, channel, day, status, waiting, hour, version, held"
    values = ":id, :handle, 'ur', 'PK-SD', 'work', 'U0', 'web', 1, 'new', 1, 7, 1, 0"
    conn.execute(text(f"INSERT INTO cases ({columns}) VALUES ({values})"), {"id": id, "handle": id.hex()})
    team = "INSERT INTO case_teams (case_id, team, status, urgency, hour) VALUES (:id, 'sindh', 'new', 'U0', 7)"
    conn.execute(text(team), {"id": id})


def _rows(conn: Connection) -> list[tuple[object, ...]]:
    """What the first revision held, column by column."""
    cases = (
        "SELECT id, handle, language, region, concern, urgency, channel, day, status, waiting, hour, version FROM cases"
    )
    teams = "SELECT case_id, team, status, urgency, hour, officer FROM case_teams"
    return [tuple(row) for sql in (cases, teams) for row in conn.execute(text(sql))]

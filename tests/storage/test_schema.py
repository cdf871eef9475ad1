"""The schema is what the migrations make, what the dictionary says, and no more than what was allowed."""

import asyncio
import os
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, inspect, text

from bot.core.case import Status
from storage import Database, dictionary, open_database, opening, queue, revisions
from storage.columns import Holds
from storage.schema import cases, metadata
from tests.storage.running import work

ROOT = Path(__file__).parents[2]
ABOUT_A_REPORT = {"language", "region", "concern", "urgency", "channel", "day", "climb_at", "locator"}
"""D11's list, and the bucket of the case code (D2)."""


async def test_migrations_make_exactly_the_schema(database: Database) -> None:
    def differences(conn: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(conn, opts={"compare_type": True}), metadata))

    assert await database.read(differences) == []


async def test_primary_keys_and_collations_are_the_same_on_both(database: Database) -> None:
    def keys(conn: Connection) -> dict[str, list[str]]:
        look = inspect(conn)
        return {name: look.get_pk_constraint(name)["constrained_columns"] for name in metadata.tables}

    assert await database.read(keys) == {
        name: [column.name for column in table.primary_key] for name, table in metadata.tables.items()
    }


def test_the_newest_revision_is_the_one_a_serving_process_expects() -> None:
    scripts = ScriptDirectory(str(ROOT / "storage" / "migrations"))
    assert scripts.get_current_head() == revisions.NEWEST


@pytest.mark.promise("R17")
async def test_migrating_twice_changes_nothing(lasting: str) -> None:
    for _ in range(2):
        await (await open_database(lasting, migrate=True)).close()
    database = await open_database(lasting)
    assert await database.read(revisions.current) == revisions.NEWEST
    await database.close()


@pytest.mark.promise("R17")
async def test_a_queue_of_the_release_before_is_counted_as_it_was(lasting: str) -> None:
    """Revision 0003 makes the counters anew from the cases there are."""
    database = await opening._connect(lasting)
    case = os.urandom(16)

    def at_0002(conn: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(ROOT / "storage" / "migrations"))
        config.attributes["connection"] = conn
        command.upgrade(config, "0002")
        conn.execute(insert(cases), [_old_case(case)])
        row = {"id": case, "officer": "amna"}
        for team, officer in (("sindh", "NULL"), ("duty", ":officer")):
            columns = "(case_id, team, status, urgency, hour, officer)"
            conn.execute(
                text(f"INSERT INTO case_teams {columns} VALUES (:id, '{team}', 'new', 'U1', 7, {officer})"),
                row,
            )

    await database.write(at_0002)
    await database.write(revisions.upgrade)
    counts = await database.read(lambda c: queue.counts(c, ["sindh", "duty"]))
    page = await database.read(lambda c: queue.page(c, queue.View(("sindh",), (Status.NEW,))))
    await database.close()

    found = {(row.team, row.taken, row.feedback, row.n) for row in counts}
    assert {("sindh", False, False, 1), ("duty", True, False, 1)} == found
    assert [case] == [row.id for row in page]


def _old_case(id: bytes) -> dict[str, object]:
    return {
        "id": id, "handle": "h", "language": "ur", "region": "PK-SD", "concern": "work", "urgency": "U1",
        "channel": "web", "day": 1, "climb_at": None, "status": "new", "officer": None, "waiting": 1, "hour": 7,
        "version": 1, "closed_day": None, "held": 0,
    }  # fmt: skip


@pytest.mark.promise("R17")
async def test_replicas_that_migrate_at_once_take_turns(postgres_address: str) -> None:
    started = (asyncio.to_thread(work, postgres_address, "log", [n]) for n in range(3))
    assert [outcome.acknowledged for outcome in await asyncio.gather(*started)] == [("0",), ("1",), ("2",)]


@pytest.mark.promise("S10")
def test_every_table_and_column_says_why_it_is_kept_and_for_how_long() -> None:
    for table in metadata.tables.values():
        assert table.info.get("why"), table.name
        assert table.info.get("keeps"), table.name
        for column in table.columns:
            assert isinstance(column.info.get("holds"), Holds), f"{table.name}.{column.name}"
            assert column.info.get("why"), f"{table.name}.{column.name}"


@pytest.mark.promise("S10")
async def test_the_dictionary_names_every_column_the_database_really_has(database: Database) -> None:
    """Not only those the schema knows: the tables are asked."""
    page = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")

    def really(conn: Connection) -> dict[str, list[str]]:
        look = inspect(conn)
        return {name: [c["name"] for c in look.get_columns(name)] for name in look.get_table_names()}

    tables = await database.read(really)
    tables.pop("alembic_version")
    for name, columns in tables.items():
        part = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
        assert [c for c in columns if f"| `{c}` |" not in part] == [], name


@pytest.mark.promise("S10")
def test_the_dictionary_is_current() -> None:
    page = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert page == dictionary.page(), "run `python -m storage.dictionary > docs/data-dictionary.md`"


@pytest.mark.promise("S10")
def test_no_more_is_readable_about_a_report_than_was_allowed() -> None:
    readable = {name.strip("`").partition(".")[2] for name in dictionary.clear_fields()}
    assert readable == ABOUT_A_REPORT


@pytest.mark.promise("S10")
def test_no_column_is_named_like_something_that_must_not_be_kept() -> None:
    never = ("chat_id", "phone", "address", "username", "first_name", "text", "body", "ip", "user_agent", "words")
    names = {column.name for table in metadata.tables.values() for column in table.columns}
    assert not names & set(never)

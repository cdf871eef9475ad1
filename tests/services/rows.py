"""What lies in the database, row by row, to compare before and after."""

from typing import Any

from storage import Database
from storage.schema import metadata

Rows = dict[str, list[tuple[Any, ...]]]


async def all_rows(database: Database) -> Rows:
    """Every row of every table, in an order of their own."""
    return await database.read(
        lambda c: {
            table.name: sorted((tuple(row) for row in c.execute(table.select())), key=repr)
            for table in metadata.sorted_tables
        }
    )


async def rows_of(database: Database, table: str) -> list[dict[str, Any]]:
    chosen = metadata.tables[table]
    return await database.read(lambda c: [dict(row._mapping) for row in c.execute(chosen.select())])

"""The data dictionary, written from the schema: what each column is for, what it holds, and how long it lives (S10)."""

from collections.abc import Iterator

from sqlalchemy import Column, Table

from storage.columns import Holds
from storage.schema import metadata

_HEAD = """# Data dictionary

Every table and column of the database: what it is for, what a reader of the bare database would learn, how long it lives.
This page is written from `storage/schema.py` by `python -m storage.dictionary > docs/data-dictionary.md`.
A test keeps it current.

What a column holds:

| kind | a reader of the bare database sees |
|---|---|
"""
_LEARNS = {
    Holds.RANDOM: "random bytes that name a row and say nothing",
    Holds.SEALED: "ciphertext",
    Holds.HASH: "a one-way hash or keyed pseudonym",
    Holds.KEY: "a public key",
    Holds.SALT: "random bytes mixed into a derivation",
    Holds.STATE: "what the machinery needs: order, leases, versions, hours; nothing about a person",
    Holds.CLEAR: "a readable field about a report; **this list is complete**",
    Holds.STAFF: "readable, about those who work here, never about a reporter",
    Holds.PUBLIC: "signed, public by nature",
}
_FOOT = """
## Readable fields about a report

{clear}.

Days and hours are counted since 1970 in UTC.
Nothing finer than a day is kept about a record, nothing finer than an hour about a queue.
The exception is `climb_at` of an urgent case, with the alerts about it, until somebody opens it.
Tables of sealed data have no row numbers: rows lie in the order of random ids, so their order tells nothing about time.
"""


def page() -> str:
    """The whole page, ending with one newline."""
    kinds = "\n".join(f"| {kind.value} | {learns} |" for kind, learns in _LEARNS.items())
    tables = "\n".join(_table(table) for table in metadata.tables.values())
    return f"{_HEAD}{kinds}\n\n{tables}{_FOOT.format(clear=', '.join(clear_fields()))}"


def clear_fields() -> Iterator[str]:
    """`table.column` of everything readable about a report."""
    for table in metadata.tables.values():
        for column in table.columns:
            if column.info["holds"] is Holds.CLEAR:
                yield f"`{table.name}.{column.name}`"


def _table(table: Table) -> str:
    rows = "\n".join(_row(column) for column in table.columns)
    about = f"{table.info['why']}\nKept: {table.info['keeps']}."
    return f"## {table.name}\n\n{about}\n\n| column | holds | for |\n|---|---|---|\n{rows}\n"


def _row(column: Column[object]) -> str:
    return f"| `{column.name}` | {column.info['holds'].value} | {column.info['why']} |"


if __name__ == "__main__":
    import sys

    sys.stdout.write(page())

"""Versions of entries: only ever added, one of each number, and what counts is found in one look; on both databases."""

import asyncio

import pytest

from bot.core.errors import Conflict
from storage import Database, entries
from storage.entries import Version


def version(number: int, state: str = "draft", kind: str = "helpline", item: str = "pk-police") -> Version:
    return Version(kind, item, number, state, "amna", f'{{"gone":false,"values":{{"n":{number}}}}}', 7)


async def add(database: Database, *rows: Version) -> None:
    for row in rows:
        await database.write(lambda c, row=row: entries.add(c, row))  # type: ignore[misc]


async def test_what_counts_is_the_newest_that_was_published_or_withdrawn(database: Database) -> None:
    await add(database, version(1), version(2, "published"), version(3))
    await add(database, version(1, "published", "setting", "hours"), version(2, "withdrawn", "setting", "hours"))

    counting = await database.read(entries.counting)
    assert [("helpline", 2), ("setting", 2)] == [(row.kind, row.version) for row in counting]
    assert 3 == await database.read(entries.shown_changes)


async def test_the_history_has_every_step_newest_first(database: Database) -> None:
    steps = [version(1), version(2, "reviewed"), version(3, "published")]
    await add(database, *steps)

    assert steps[::-1] == await database.read(lambda c: entries.history(c, "helpline", "pk-police"))
    assert [steps[2]] == await database.read(lambda c: entries.newest(c, "helpline"))
    assert [] == await database.read(lambda c: entries.newest(c, "page"))


async def test_of_two_who_are_at_it_at_once_one_is_first(database: Database) -> None:
    async def at_once() -> None:
        await database.write(lambda c: entries.add(c, version(1)))

    results = await asyncio.gather(at_once(), at_once(), return_exceptions=True)
    assert 1 == sum(isinstance(one, Conflict) for one in results)
    with pytest.raises(Conflict):
        await add(database, version(1, "published"))

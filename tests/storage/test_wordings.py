"""Versions of words: only ever added, one of each number, and what counts is found in one look; on both databases."""

import asyncio
from hashlib import sha256

import pytest

from bot.core.errors import Conflict
from storage import Database, wordings
from storage.wordings import Version


def version(number: int, state: str = "draft", words: str = "سلام", lang: str = "ur", text: str = "greet") -> Version:
    return Version(lang, text, number, state, "amna", words, "Hello", sha256(b"Hello").digest(), 7)


async def add(database: Database, *rows: Version) -> None:
    for row in rows:
        await database.write(lambda c, row=row: wordings.add(c, row))  # type: ignore[misc]


async def test_what_counts_is_the_newest_that_was_published_or_withdrawn(database: Database) -> None:
    await add(database, version(1), version(2, "published"), version(3, "draft", "آداب"))
    await add(database, version(1, "published", lang="sd"), version(2, "withdrawn", "", lang="sd"))

    counting = await database.read(wordings.counting)
    assert [("sd", 2, ""), ("ur", 2, "سلام")] == [(row.lang, row.version, row.words) for row in counting]
    assert 3 == await database.read(wordings.shown_changes)


async def test_the_history_has_every_step_newest_first(database: Database) -> None:
    steps = [version(1), version(2, "reviewed"), version(3, "published")]
    await add(database, *steps)

    assert steps[::-1] == await database.read(lambda c: wordings.history(c, "ur", "greet"))
    assert [steps[2]] == await database.read(lambda c: wordings.newest(c, "ur"))


async def test_of_two_who_are_at_it_at_once_one_is_first(database: Database) -> None:
    rows = [version(1, words=words) for words in ("سلام", "آداب")]
    done = await asyncio.gather(*(add(database, row) for row in rows), return_exceptions=True)

    assert 1 == sum(isinstance(one, Conflict) for one in done)
    with pytest.raises(Conflict):
        await add(database, rows[0])

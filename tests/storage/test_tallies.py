"""Counts rise inside the exactly-once turn, on both databases: one press is one, however often it arrives."""

import asyncio

from bot.core.writes import Tally
from storage import Database, tallies
from tests.storage.making import keeping, knock, nobody, post

ONE = Tally("start", "school-1", "ur", "", 674)
OTHER = Tally("start", "school-1", "en", "child", 674)


async def counts(database: Database) -> dict[Tally, int]:
    return dict(await database.read(lambda c: tallies.of(c, "start")))


async def test_a_count_rises_by_one_for_each_turn(database: Database) -> None:
    for number in range(3):
        await database.take(knock(number), nobody, keeping(b"session", ONE, post()))
    await database.take(knock(7), nobody, keeping(b"session", OTHER))

    assert {ONE: 3, OTHER: 1} == await counts(database)


async def test_a_repeated_update_is_not_counted_again(database: Database) -> None:
    for _ in range(3):
        await database.take(knock(1), nobody, keeping(b"session", ONE))
    assert {ONE: 1} == await counts(database)


async def test_a_turn_that_fails_counts_nothing(database: Database) -> None:
    kept = post()
    await database.take(knock(1), nobody, keeping(b"session", ONE, kept))
    failed = await asyncio.gather(
        database.take(knock(2, keys=(b"2" * 32,)), nobody, keeping(b"session", ONE, kept)), return_exceptions=True
    )
    assert isinstance(failed[0], Exception)
    assert {ONE: 1} == await counts(database)


async def test_the_same_twice_in_one_turn_is_two(database: Database) -> None:
    await database.take(knock(1), nobody, keeping(b"session", ONE, OTHER, ONE))
    assert {ONE: 2, OTHER: 1} == await counts(database)


async def test_many_chats_at_once_lose_no_count(database: Database) -> None:
    turns = [
        database.take(knock(n, keys=(bytes([n]) * 32,)), nobody, keeping(b"session", *pair))
        for n, pair in enumerate([(ONE, OTHER), (OTHER, ONE)] * 10)
    ]
    await asyncio.gather(*turns)
    assert {ONE: 20, OTHER: 20} == await counts(database)

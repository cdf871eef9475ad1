"""One byte changed anywhere in a stored case: whoever opens it notices, and every other case stays whole (R29, S3)."""

import os
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.core.errors import SealingError
from storage.schema import case_heads, records, slots
from tests.helpline import Helpline, Report

pytestmark = pytest.mark.slow

PLACES = [
    (records, "envelope"),
    (records, "id"),
    (slots, "slot"),
    (slots, "key_id"),
    (case_heads, "head"),
    (case_heads, "public"),
    (case_heads, "slot_list"),
]
"""Bytes whose change must be seen.  `records.digest` only helps to find the head; what counts is computed anew."""


async def three_cases(helpline: Helpline) -> list[bytes]:
    for name in ("sara", "tariq", "uzma"):
        await helpline.tells({"words-what": f"told by {name}"}, name=name)
    return await helpline.case_ids()


async def reading(helpline: Helpline, case: bytes) -> Report | None:
    person = helpline.people.officers["esha"]
    return await helpline.database.read(lambda c: helpline._open(c, case, person))


async def flip(helpline: Helpline, table: Any, column: str, case: bytes, chance: Random) -> None:
    """One bit of one byte of one row of this case."""
    own = table.c[column]
    others = [c for c in table.primary_key.columns if c.name != "case_id"]

    def change(conn: Any) -> None:
        rows = conn.execute(select(own, *others).where(table.c.case_id == case)).all()
        row = chance.choice(rows)
        content = bytearray(row[0])
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        mine = [c == value for c, value in zip(others, row[1:], strict=True)]
        conn.execute(update(table).where(table.c.case_id == case, *mine).values({column: bytes(content)}))

    await helpline.database.write(change)


@pytest.mark.promise("R29", "S3")
@pytest.mark.parametrize(("table", "column"), PLACES, ids=lambda part: getattr(part, "name", part))
async def test_a_changed_byte_is_seen_and_the_other_cases_are_whole(
    helpline: Helpline, table: Any, column: str
) -> None:
    await see_flips(helpline, table, column, times=3)


@pytest.mark.long
@pytest.mark.promise("R29", "S3")
@pytest.mark.parametrize(("table", "column"), PLACES, ids=lambda part: getattr(part, "name", part))
async def test_a_thousand_changed_bytes_are_all_seen(
    helpline: Helpline, table: Any, column: str, record_property: Any
) -> None:
    record_property("seed", await see_flips(helpline, table, column, times=1000))
    record_property("flips", 1000)
    record_property("unseen", 0)


async def see_flips(helpline: Helpline, table: Any, column: str, *, times: int) -> int:
    named = os.environ.get("FAULT_SEED")
    seed = int(named) if named else int.from_bytes(os.urandom(4))
    chance = Random(seed)
    damaged, *whole = await three_cases(helpline)
    before = await helpline.database.read(lambda c: c.execute(select(table)).all())
    for _ in range(times):
        await flip(helpline, table, column, damaged, chance)
        with pytest.raises((SealingError, AssertionError)):
            assert await reading(helpline, damaged) is not None, "no slot for this reader"
        for case in whole:
            told = await reading(helpline, case)
            assert told is not None, f"seed {seed}"
        await restore(helpline, table, damaged, before)
    assert await reading(helpline, damaged) is not None, f"seed {seed}"
    await helpline.tells({"words-what": "told after the damage"}, name="waqar")
    assert 4 == len(await helpline.case_ids())
    return seed


async def restore(helpline: Helpline, table: Any, case: bytes, before: Any) -> None:
    mine = [dict(row._mapping) for row in before if row.case_id == case]

    def put_back(conn: Any) -> None:
        conn.execute(table.delete().where(table.c.case_id == case))
        conn.execute(table.insert(), mine)

    await helpline.database.write(put_back)

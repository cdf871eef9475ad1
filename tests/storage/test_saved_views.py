"""Lists of one's own: each officer's, each in its place, gone with the account; on each database."""

import asyncio

import pytest
from sqlalchemy import delete

from bot.core.errors import Conflict
from storage import Database, accounts, saved_views, schema
from storage.saved_views import Saved
from tests.storage.making import AMNA, DAY


async def test_lists_are_kept_changed_and_dropped_each_in_its_place(database: Database) -> None:
    await database.write(lambda c: accounts.add(c, AMNA, DAY))
    first, second = Saved(0, "Nights", "{}"), Saved(1, "\u0631\u0627\u062a", "{}")
    for one in (second, first):
        await database.write(lambda c, one=one: saved_views.add(c, "amna", one))  # type: ignore[misc]
    assert [first, second] == await database.read(lambda c: saved_views.of(c, "amna"))
    assert [] == await database.read(lambda c: saved_views.of(c, "bilal"))

    newer = Saved(0, "Mornings", '{"view":"mine"}')
    assert await database.write(lambda c: saved_views.change(c, "amna", newer))
    assert not await database.write(lambda c: saved_views.change(c, "amna", Saved(5, "x", "{}")))
    await database.write(lambda c: saved_views.drop(c, "amna", 1))
    assert [newer] == await database.read(lambda c: saved_views.of(c, "amna"))

    await database.write(lambda c: c.execute(delete(schema.accounts)).rowcount)
    assert [] == await database.read(lambda c: saved_views.of(c, "amna"))


async def test_of_two_that_take_one_place_at_once_one_is_told(database: Database) -> None:
    await database.write(lambda c: accounts.add(c, AMNA, DAY))
    both = await asyncio.gather(
        *(database.write(lambda c, n=n: saved_views.add(c, "amna", Saved(0, n, "{}"))) for n in "ab"),  # type: ignore[misc]
        return_exceptions=True,
    )

    assert [None] == [one for one in both if one is None]
    with pytest.raises(Conflict):
        raise next(one for one in both if isinstance(one, BaseException))

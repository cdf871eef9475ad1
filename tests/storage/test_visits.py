"""Who has a text open is known to every replica until they saved or time passed; on both databases."""

import asyncio

from storage import Database, visits

LASTS_S = 600


async def joins(database: Database, account: str, lang: str, now: int) -> list[str]:
    return list(await database.write(lambda c: visits.join(c, lang, "greet", account, now, LASTS_S)))


async def test_somebody_who_opened_a_text_is_named_until_they_saved_or_time_passed(database: Database) -> None:
    assert [] == await joins(database, "amna", "ur", 0)
    assert [] == await joins(database, "amna", "ur", 1)
    assert [] == await joins(database, "bilal", "sd", 1)
    assert ["amna"] == await joins(database, "bilal", "ur", LASTS_S)
    assert [] == await joins(database, "bilal", "ur", LASTS_S + 1)
    await database.write(lambda c: visits.leave(c, "ur", "greet", "bilal"))
    assert [] == await joins(database, "chand", "ur", LASTS_S + 2)


async def test_two_who_open_it_at_once_are_both_there(database: Database) -> None:
    await asyncio.gather(*(joins(database, account, "ur", 5) for account in ("amna", "bilal", "amna", "bilal")))

    assert ["amna", "bilal"] == await joins(database, "chand", "ur", 6)

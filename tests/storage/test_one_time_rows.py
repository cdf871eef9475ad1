"""Secrets of one-time codes: one an account, and each step used once, whoever comes first."""

import os

import pytest

from bot.core.errors import Conflict
from storage import Database, accounts, one_time
from storage.purge import purge
from tests.storage.making import AMNA, DAY, NOW


@pytest.fixture
async def staffed(database: Database) -> Database:
    await database.write(lambda c: accounts.add(c, AMNA, DAY))
    return database


@pytest.mark.promise("S21")
async def test_a_step_is_used_once_and_an_earlier_one_never_again(staffed: Database) -> None:
    secret = os.urandom(48)
    await staffed.write(lambda c: one_time.put(c, "amna", secret, NOW))
    used = [await staffed.write(lambda c, s=s: one_time.use(c, "amna", secret, s)) for s in (7, 7, 6, 8)]  # type: ignore[misc]

    assert [True, False, False, True] == used
    assert not await staffed.write(lambda c: one_time.use(c, "amna", os.urandom(48), 9))


async def test_a_secret_that_was_never_used_is_replaced_and_one_in_use_is_not(staffed: Database) -> None:
    first, second = os.urandom(48), os.urandom(48)
    await staffed.write(lambda c: one_time.put(c, "amna", first, NOW))
    await staffed.write(lambda c: one_time.put(c, "amna", second, NOW + 1))
    found = await staffed.read(lambda c: one_time.find(c, "amna"))
    assert (second, 0, NOW + 1) == (found and (found.secret, found.step, found.made))
    await staffed.write(lambda c: one_time.use(c, "amna", second, 5))
    with pytest.raises(Conflict):
        await staffed.write(lambda c: one_time.put(c, "amna", first, NOW))


async def test_a_secret_goes_when_it_is_removed_when_a_device_is_lost_and_when_nobody_used_it(
    staffed: Database,
) -> None:
    async def left() -> bool:
        return await staffed.read(lambda c: one_time.find(c, "amna")) is not None

    await staffed.write(lambda c: one_time.put(c, "amna", b"s" * 48, NOW))
    assert [True, False] == [await staffed.write(lambda c: one_time.drop(c, "amna")) for _ in range(2)]
    await staffed.write(lambda c: one_time.put(c, "amna", b"s" * 48, NOW))
    await staffed.write(lambda c: accounts.drop_passkeys(c, "amna"))
    assert not await left()
    await staffed.write(lambda c: one_time.put(c, "amna", b"s" * 48, NOW - 4_000))
    await staffed.write(lambda c: one_time.use(c, "amna", b"s" * 48, 5))
    await purge(staffed, NOW)
    assert await left()
    await staffed.write(lambda c: one_time.drop(c, "amna"))
    await staffed.write(lambda c: one_time.put(c, "amna", b"s" * 48, NOW - 4_000))
    await purge(staffed, NOW)
    assert not await left()

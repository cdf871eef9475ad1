"""Messages are claimed by one worker at a time, urgent ones first, and a late worker's word counts for nothing."""

import asyncio

import pytest

from storage import Database, outbox
from storage.outbox import ATTEMPTS, Claimed
from tests.storage.making import NOW, TODAY, keeping, knock, nobody, post

GONE_S, HELD_S = 0, 600


async def claim(database: Database, *, lease_s: int = HELD_S, limit: int = 10, now: int = NOW) -> list[Claimed]:
    return await database.write(lambda c: outbox.claim(c, limit, now, lease_s))


async def put(database: Database, *posts: object) -> None:
    await database.take(knock(None), nobody, keeping(b"s", *posts))  # type: ignore[arg-type]  # all of them posts


async def test_what_the_writer_sends_itself_is_not_claimed_by_others(database: Database) -> None:
    leased, free = post(lease_s=30), post()
    await put(database, leased, free)
    assert [c.id for c in await claim(database)] == [free.id]
    assert await database.write(lambda c: outbox.done(c, [(leased.id, 0)])) == 1


async def test_what_is_for_later_waits(database: Database) -> None:
    await put(database, post(wait_s=900))
    assert await claim(database) == []


async def test_urgent_messages_go_first_then_in_the_order_they_were_written(database: Database) -> None:
    slow, first, second, urgent = post(priority=4), post(), post(), post(priority=0)
    await put(database, slow, first)
    await put(database, second, urgent)
    assert [c.id for c in await claim(database)] == [urgent.id, first.id, second.id, slow.id]


async def test_a_claimed_message_is_nobody_elses_until_the_lease_ends(database: Database) -> None:
    await put(database, post())
    assert len(await claim(database, lease_s=HELD_S)) == 1
    assert await claim(database) == []


@pytest.mark.promise("R13")
async def test_when_a_lease_ends_the_message_is_claimed_again(database: Database) -> None:
    await put(database, post())
    (lost,) = await claim(database, lease_s=GONE_S)
    (again,) = await claim(database)
    assert (again.id, again.fence, again.attempts) == (lost.id, lost.fence + 1, 2)


@pytest.mark.promise("R12")
async def test_a_late_worker_changes_nothing(database: Database) -> None:
    await put(database, post())
    (late,) = await claim(database, lease_s=GONE_S)
    (now_mine,) = await claim(database)
    ticket = (late.id, late.fence)
    assert await database.write(lambda c: outbox.done(c, [ticket])) == 0
    assert await database.write(lambda c: outbox.retry(c, {ticket: 5}, NOW)) == 0
    assert await database.write(lambda c: outbox.done(c, [(now_mine.id, now_mine.fence)])) == 1


async def test_done_takes_messages_of_different_fences_together(database: Database) -> None:
    fresh, claimed = post(lease_s=30), post()
    await put(database, fresh, claimed)
    (c,) = await claim(database)
    finished = [(fresh.id, 0), (c.id, c.fence), (b"x" * 16, 3)]
    assert await database.write(lambda conn: outbox.done(conn, finished)) == 2
    assert await database.read(lambda conn: outbox.waiting(conn, NOW)) == outbox.Waiting(0, 0, 0)


async def test_what_is_put_back_waits_its_time(database: Database) -> None:
    await put(database, post(), post())
    soon, later = await claim(database)
    waits = {(soon.id, soon.fence): 0, (later.id, later.fence): 300}
    assert await database.write(lambda c: outbox.retry(c, waits, NOW)) == 2
    assert [c.id for c in await claim(database)] == [soon.id]


@pytest.mark.promise("R13")
async def test_after_eight_attempts_a_message_is_parked_and_counted(database: Database) -> None:
    await put(database, post())
    for _ in range(ATTEMPTS):
        assert len(await claim(database, lease_s=GONE_S)) == 1
    assert await claim(database) == []
    assert (await database.read(lambda c: outbox.waiting(c, NOW))).parked == 1


@pytest.mark.promise("R12")
async def test_many_workers_never_claim_the_same_message(database: Database) -> None:
    await put(database, *(post() for _ in range(30)))
    found = await asyncio.gather(*(claim(database, limit=5) for _ in range(8)))
    ids = [c.id for part in found for c in part]
    assert len(ids) == len(set(ids)) == 30


async def test_a_message_from_outside_a_talk_joins_the_queue(database: Database) -> None:
    first, second = post(), post()
    await put(database, first)
    await database.write(lambda c: outbox.post(c, second, NOW))
    assert [c.id for c in await claim(database)] == [first.id, second.id]


async def test_a_newer_prompt_takes_the_place_of_one_that_is_being_sent(database: Database) -> None:
    old, new = post(collapse=TODAY), post(collapse=TODAY)
    await put(database, old)
    (sending,) = await claim(database)
    await put(database, new)
    assert await database.write(lambda c: outbox.done(c, [(sending.id, sending.fence)])) == 0
    assert [c.id for c in await claim(database)] == [new.id]


@pytest.mark.promise("R14")
async def test_when_the_clock_was_set_back_messages_still_go(embedded: Database) -> None:
    """Where the caller's clock counts; PostgreSQL has its own."""
    await put(embedded, post())
    yesterday = NOW - 86400
    (claimed,) = await claim(embedded, now=yesterday)
    assert claimed.since == yesterday
    assert await claim(embedded, now=yesterday) == [], "once claimed, its lease counts by the new time"


@pytest.mark.promise("R14")
async def test_leases_follow_the_clock_all_replicas_share(shared: Database) -> None:
    """A replica that is an hour ahead cannot take what another one is sending."""
    await put(shared, post())
    await claim(shared, lease_s=60)
    assert await claim(shared, now=NOW + 3600) == []


async def test_lateness_is_that_of_the_longest_due(embedded: Database) -> None:
    await put(embedded, post(), post(lease_s=30))
    assert await embedded.read(lambda c: outbox.waiting(c, NOW + 40)) == outbox.Waiting(2, 0, 40)

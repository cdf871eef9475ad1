"""Killed at any moment: what was acknowledged is there once, what was not is there whole or not at all."""

import secrets
from collections import Counter

import pytest
from sqlalchemy import func, select

from storage import Database, audit, open_database, outbox, probe, purge
from storage.schema import conversations, drafts, records, updates
from storage.schema import outbox as outbox_table
from tests.storage.making import NOW
from tests.storage.running import work
from tests.storage.workload import CHATS, marker

NUMBERS = list(range(1, 25))
INSIDE = ("F3", "F5", "F6")
TURN_POINTS = (*INSIDE, "F7", "F8")


async def reopened(address: str) -> Database:
    """What starts after the crash: no repair, no flag, just the service."""
    return await open_database(address)


async def stored(database: Database) -> Counter[bytes]:
    """How often each update's marker lies in the database."""
    return Counter(await database.read(lambda c: c.execute(select(records.c.digest)).scalars().all()))


async def check_whole(database: Database) -> None:
    """Every record of a chat is counted by its session and has its answer; nothing belongs to nobody."""
    turns, posts, told = await database.read(
        lambda c: [
            c.execute(select(func.count()).select_from(t)).scalar_one() for t in (updates, outbox_table, records)
        ]
    )
    counted = await database.read(lambda c: c.execute(select(conversations.c.session)).scalars().all())
    assert turns == posts == told == sum(int(session) for session in counted)
    assert await database.read(purge.orphans) == 0
    assert await database.read(probe.damage) == []


@pytest.mark.promise("R1", "R2")
@pytest.mark.parametrize("point", TURN_POINTS)
async def test_killed_at_a_fault_point_of_a_turn(lasting: str, point: str) -> None:
    """In the middle of the load, then everything is sent again, as Telegram does."""
    point = _reachable(point, lasting)
    visit = 7 if point in INSIDE or lasting.startswith("postgres") else 2  # on SQLite turns share their commits
    outcome = work(lasting, "load", NUMBERS, failpoints=f"{point}=kill@{visit}")
    assert outcome.killed
    database = await reopened(lasting)
    before = await stored(database)
    assert {marker(int(n)) for n in outcome.acknowledged} <= set(before)
    await check_whole(database)
    await database.close()

    again = work(lasting, "load", NUMBERS)
    assert again.lines[-1] == "closed"
    database = await reopened(lasting)
    assert await stored(database) == Counter(marker(n) for n in NUMBERS)
    await check_whole(database)
    await database.close()


def _reachable(point: str, address: str) -> str:
    """On PostgreSQL a plain turn is one statement: inside it there is no place to die but before and after."""
    return "F7" if address.startswith("postgres") and point in INSIDE else point


@pytest.mark.promise("R1", "R2")
@pytest.mark.parametrize("point", TURN_POINTS)
async def test_killed_while_a_report_is_sent(lasting: str, point: str) -> None:
    """The turn of many statements, on both databases."""
    outcome = work(lasting, "report", [1, 2, 3], failpoints=f"{point}=kill@2")
    assert outcome.killed
    assert work(lasting, "report", [1, 2, 3]).lines[-1] == "closed"
    database = await reopened(lasting)
    counted = await database.read(probe.counts)
    assert {name: counted[name] for name in ("cases", "records", "slots", "mailboxes", "outbox", "updates")} == {
        "cases": 3, "records": 6, "slots": 3, "mailboxes": 3, "outbox": 3, "updates": 3,
    }  # fmt: skip
    assert await database.read(purge.orphans) == 0
    await database.close()


@pytest.mark.promise("R1")
@pytest.mark.parametrize("point", TURN_POINTS)
async def test_a_failure_at_a_fault_point_is_never_acknowledged(lasting: str, point: str) -> None:
    """What raised did not happen; F8 comes after the commit, so there the answer alone is lost."""
    outcome = work(lasting, "report", [1], failpoints=f"{point}=raise")
    assert outcome.acknowledged == ()
    assert any(line.startswith("failed") for line in outcome.lines)
    database = await reopened(lasting)
    assert (await database.read(probe.counts))["cases"] == (1 if point == "F8" else 0)
    await database.close()


@pytest.mark.promise("R10")
@pytest.mark.parametrize("action", ["eio", "full"])
async def test_after_a_failed_sync_nothing_more_is_acknowledged(tmp_path: object, action: str) -> None:
    """No second sync is tried: what the disk holds is unknown until a new start reads it (R10)."""
    address = f"sqlite:///{tmp_path}/hamrah.db"
    outcome = work(address, "load", NUMBERS, failpoints=f"F7={action}@2")
    assert len(outcome.acknowledged) < len(NUMBERS)
    assert "failed StorageError" in outcome.lines
    database = await reopened(address)
    assert {marker(int(n)) for n in outcome.acknowledged} == set(await stored(database))
    await database.close()


@pytest.mark.promise("R13")
async def test_a_worker_killed_at_claim_frees_its_work(lasting: str) -> None:
    work(lasting, "load", [1])
    assert work(lasting, "claim", [1], failpoints="F10=kill").killed
    database = await reopened(lasting)
    (claimed,) = await database.write(lambda c: outbox.claim(c, 5, NOW, 60))
    assert claimed.attempts == 1, "the claim was not committed, so it does not count"
    await database.close()


@pytest.mark.promise("R22")
async def test_killed_during_a_purge_the_next_one_ends_it(lasting: str) -> None:
    """Drafts with records: after the second run nothing is left of them, and no orphan either."""
    work(lasting, "load", NUMBERS)
    later = NOW + 10_002 * 3600
    database = await reopened(lasting)
    await database.write(lambda c: purge.trust_clock(c, later))
    await database.close()
    assert work(lasting, "purge", [later], failpoints="F16=kill@4").killed
    assert work(lasting, "purge", [later, later]).lines[-1] == "closed"
    database = await reopened(lasting)
    counted = await database.read(probe.counts)
    assert {name: n for name, n in counted.items() if n} == {"marks": 2}
    await database.close()


@pytest.mark.promise("R1")
async def test_killed_during_a_checkpoint_nothing_is_lost(lasting: str) -> None:
    outcome = work(lasting, "checkpoint", NUMBERS, failpoints="F17=kill")
    assert outcome.killed
    database = await reopened(lasting)
    assert await stored(database) == Counter(marker(n) for n in NUMBERS)
    await check_whole(database)
    await database.close()


@pytest.mark.promise("R17")
async def test_killed_inside_a_migration_the_next_start_migrates(lasting: str) -> None:
    assert work(lasting, "load", [1], failpoints="F18=kill").killed
    assert work(lasting, "load", [1]).acknowledged == ("1",)


@pytest.mark.promise("S36")
async def test_killed_while_an_entry_is_written_the_log_has_no_half_of_it(lasting: str) -> None:
    outcome = work(lasting, "log", [1, 2, 3], failpoints="F20=kill@3")
    assert outcome.killed
    assert outcome.acknowledged == ("1", "2")
    database = await reopened(lasting)
    assert sorted(leaf.entry for leaf in await database.write(audit.chain_new)) == [b"entry 1", b"entry 2"]
    await database.close()


@pytest.mark.slow
@pytest.mark.promise("R1", "R2")
async def test_random_kills_under_load(lasting: str) -> None:
    await _kill_at_random(lasting, kills=4, updates=400)


@pytest.mark.long
@pytest.mark.promise("R1", "R2")
async def test_five_hundred_random_kills_under_load(lasting: str) -> None:
    await _kill_at_random(lasting, kills=500, updates=50_000)


async def _kill_at_random(address: str, *, kills: int, updates: int) -> None:
    """After each kill everything unacknowledged is sent again, and some of what was acknowledged, too."""
    everything, acknowledged = list(range(updates)), set[int]()
    share = updates // kills
    for kill in range(kills):
        fresh = everything[kill * share : (kill + 1) * share]
        missing = [n for n in everything[: kill * share] if n not in acknowledged]
        repeats = [n for n in sorted(acknowledged)[-20:] if secrets.randbelow(2)]
        delay_s = secrets.randbelow(300) / 1000
        outcome = work(address, "load", sorted({*missing, *repeats, *fresh}), kill_after_s=delay_s)
        acknowledged |= {int(n) for n in outcome.acknowledged}
        print(f"kill {kill} after {delay_s:.3f} s: {len(outcome.acknowledged)} acknowledged")
        database = await reopened(address)
        found = await stored(database)
        assert max(found.values(), default=0) <= 1, f"doubled, after a kill at {delay_s} s"
        assert {marker(n) for n in acknowledged} <= set(found), f"lost, after a kill at {delay_s} s"
        await check_whole(database)
        await database.close()
    assert work(address, "load", everything).lines[-1] == "closed"
    database = await reopened(address)
    assert await stored(database) == Counter(marker(n) for n in everything)
    assert await database.read(lambda c: c.execute(select(func.count()).select_from(drafts)).scalar_one()) == CHATS
    await database.close()

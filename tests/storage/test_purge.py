"""What must not stay goes, in every table, and a wrong clock or a legal hold keeps everything."""

import asyncio
import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, func, select

from bot.core.case import Deed, Standing, Status, Wish, do
from bot.core.writes import AddToCase, ForgetAnswers, ForgetMailbox
from storage import (
    Database,
    accounts,
    cases,
    deeds,
    hot,
    mailboxes,
    open_database,
    passkeys,
    probe,
    purge,
    queue,
    rosters,
    sent,
    sessions,
)
from storage.purge import WrongClock
from storage.schema import cases as case_table
from storage.schema import records, slots
from storage.sessions import SessionRow
from storage.statements import run
from tests.storage.making import (
    AMNA,
    DAY,
    HOUR,
    NOW,
    TODAY,
    box_of,
    draft,
    keeping,
    knock,
    mailbox,
    new_id,
    nobody,
    post,
    record,
    report,
    slot,
)
from tests.storage.test_queue import write_back

HOUR_S, DAY_S = 3600, 86400


async def tables(database: Database) -> dict[str, int]:
    return {name: n for name, n in (await database.read(probe.counts)).items() if n and name != "marks"}


async def purge_at(database: Database, now: int) -> dict[str, int]:
    """As if the service had been running until then."""
    await database.write(lambda c: purge.trust_clock(c, now))
    return dict(await purge.purge(database, now))


async def closed_case(database: Database, case: bytes | None = None) -> bytes:
    case = case or new_id()
    await database.take(knock(None), nobody, keeping(b"s", *report(case)))
    for what in (Deed.OPEN, Deed.CLAIM, Deed.CLOSE):
        found = await database.read(lambda c: cases.find(c, case))
        assert found is not None
        after = do(found.standing, what, by="amna", version=found.standing.version)
        assert isinstance(after, Standing)
        await database.write(lambda c, b=found.standing, a=after: cases.move(c, case, b, a, now=NOW))  # type: ignore[misc]
    return case


@pytest.mark.promise("R22")
async def test_everything_short_lived_goes_in_its_time(database: Database) -> None:
    case = new_id()
    kept = (draft(case), record(case, 0), slot(case), mailbox(case), post())
    await database.take(knock(1), nobody, keeping(b"s", *kept))

    def staff(c: Connection) -> None:
        accounts.add(c, AMNA, DAY)
        sent.remember(c, [sent.Shown(TODAY, 1, HOUR)])
        deeds.remember(c, "amna", new_id(), "claim", "done", HOUR)
        sessions.open(c, os.urandom(32), SessionRow("amna", NOW + 8 * HOUR_S, NOW))
        passkeys.ask(c, os.urandom(32), "amna", b"sign", NOW + 300)
        rosters.put(c, 1, DAY, b"roster")

    await database.write(staff)
    gone: list[set[str]] = []
    for hours in (1, 9, 23, 26, 50, 74):
        gone.append(set(await purge_at(database, NOW + hours * HOUR_S)))
    expected = [
        {"challenges"},
        {"sessions"},
        set(),
        {"drafts", "outbox", "conversations"},
        {"sent"},
        {"updates", "deeds"},
    ]
    if database.dialect == "postgresql":  # its own clock says when a message was written
        for found in (*gone, *expected):
            found.discard("outbox")
    assert expected == gone
    left = await tables(database)
    left.pop("outbox", None)
    assert left == {"accounts": 1, "rosters": 1, "locator_salts": 1}


@pytest.mark.promise("R22")
async def test_a_purge_is_idempotent_and_leaves_no_orphan(database: Database) -> None:
    for n in range(3):
        case = new_id()
        await database.take(knock(n), nobody, keeping(b"s", draft(case), record(case, 0), slot(case), mailbox(case)))
    later = NOW + 30 * HOUR_S
    first = await purge_at(database, later)
    assert first["drafts"] == 3
    assert await purge_at(database, later) == {}
    assert await database.read(purge.orphans) == 0


@pytest.mark.promise("S46", "R22")
async def test_a_closed_case_goes_after_ninety_days_unless_it_is_held(database: Database) -> None:
    lapsed, held = await closed_case(database), await closed_case(database)
    open_case = new_id()
    await database.take(knock(None), nobody, keeping(b"s", *report(open_case)))
    await database.write(lambda c: cases.hold(c, held, True))
    assert "cases" not in await purge_at(database, NOW + 90 * DAY_S)
    assert (await purge_at(database, NOW + 92 * DAY_S))["cases"] == 1

    def left(c: Connection, column: object = case_table.c.id) -> set[bytes]:
        return set(c.execute(select(column)).scalars())  # type: ignore[call-overload]  # a column of ids

    assert await database.read(left) == {held, open_case}
    assert await database.read(lambda c: left(c, records.c.case_id)) == {held, open_case}
    assert await database.read(lambda c: left(c, slots.c.case_id)) == {held, open_case}
    assert lapsed not in await database.read(left)
    assert sum(n.n for n in await database.read(lambda c: queue.counts(c, ("sindh",)))) == 2


@pytest.mark.promise("R14")
async def test_a_clock_that_leapt_deletes_nothing_until_a_person_confirms_it(database: Database) -> None:
    case = new_id()
    await database.take(knock(1), nobody, keeping(b"s", draft(case), record(case, 0)))
    await purge.purge(database, NOW)
    for leap_s in (365 * DAY_S, 49 * HOUR_S):
        with pytest.raises(WrongClock, match="ahead of when it was last seen"):
            await purge.purge(database, NOW + leap_s)
    assert (await tables(database))["records"] == 1
    await database.write(lambda c: purge.trust_clock(c, NOW + 49 * HOUR_S))
    assert (await purge.purge(database, NOW + 49 * HOUR_S))["drafts"] == 1


@pytest.mark.promise("R14")
async def test_a_clock_set_back_deletes_nothing_and_does_not_move_the_mark(database: Database) -> None:
    await purge.purge(database, NOW)
    await purge.purge(database, NOW - DAY_S)
    await purge.purge(database, NOW + 47 * HOUR_S)
    with pytest.raises(WrongClock):
        await purge.purge(database, NOW + 97 * HOUR_S)


@pytest.mark.promise("R14")
async def test_too_many_cases_at_once_is_a_mistake_not_retention(
    embedded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purge, "FEW", 2)
    for _ in range(3):
        await closed_case(embedded)
    later = NOW + 100 * DAY_S
    await embedded.write(lambda c: purge.trust_clock(c, later))
    with pytest.raises(WrongClock, match="3 of 3 cases"):
        await purge.purge(embedded, later)
    assert (await tables(embedded))["cases"] == 3


async def test_a_large_purge_goes_in_small_steps(embedded: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that no turn waits for all of it."""
    monkeypatch.setattr(purge, "ROWS", 10)
    for n in range(35):
        await embedded.take(knock(n, keys=(b"%032d" % n,)), nobody, keeping(b"s"))
    gone = await purge_at(embedded, NOW + 80 * HOUR_S)
    assert (gone["updates"], gone["conversations"]) == (35, 35)


@pytest.mark.promise("S45")
async def test_once_a_week_the_room_of_what_went_is_given_back(tmp_path: Path) -> None:
    database = await open_database(f"sqlite:///{tmp_path / 'hamrah.db'}", migrate=True)
    begun = new_id()
    for number in range(60):
        await database.take(
            knock(number),
            nobody,
            keeping(b"s", draft(new_id()), replace(record(begun, number), envelope=os.urandom(20_000))),
        )
    await purge_at(database, NOW)
    await database.write(lambda c: c.execute(delete(records)))
    await database.checkpoint()
    large = (tmp_path / "hamrah.db").stat().st_size
    await purge_at(database, NOW + DAY_S)
    assert large == (tmp_path / "hamrah.db").stat().st_size
    await purge_at(database, NOW + 8 * DAY_S)
    assert (tmp_path / "hamrah.db").stat().st_size < large / 3
    await database.close()


@pytest.mark.promise("S45")
async def test_deleted_bytes_are_in_no_file_any_more(tmp_path: Path) -> None:
    """A case that lapsed, a draft that was erased, a conversation that was left: database, journal and lock are read raw."""
    database = await open_database(f"sqlite:///{tmp_path / 'hamrah.db'}", migrate=True)
    markers = [os.urandom(12) for _ in range(4)]
    lapsed, begun = new_id(), new_id()
    in_record, in_slot, in_draft, in_session = markers
    long = os.urandom(3000)
    await database.take(
        knock(1),
        nobody,
        keeping(
            b"s",
            draft(begun),
            replace(record(begun, 0), envelope=in_draft + long),
            draft(lapsed),
            replace(record(lapsed, 5), envelope=in_record + long),
            replace(slot(lapsed), slot=in_slot + long[:1100]),
        ),
    )
    await closed_case(database, lapsed)
    await database.take(knock(2, keys=(b"o" * 32,)), nobody, keeping(in_session + long[:400]))
    assert all(_found(tmp_path, marker) for marker in markers), "they are there before"
    await database.take(knock(3, keys=(b"o" * 32,)), nobody, keeping(None))
    await purge_at(database, NOW + 92 * DAY_S)
    assert [_found(tmp_path, marker) for marker in markers] == [False] * 4
    assert await database.read(lambda c: c.execute(select(func.count()).select_from(records)).scalar_one()) == 0
    await database.close()


@pytest.mark.promise("S45")
@pytest.mark.parametrize("closed", [False, True], ids=["emptied", "closed"])
async def test_deleted_answers_are_in_no_file_any_more(tmp_path: Path, closed: bool) -> None:
    """What the reporter deletes herself goes the same way: database, journal and lock are read raw."""
    database = await open_database(f"sqlite:///{tmp_path / 'hamrah.db'}", migrate=True)
    case, marker, kept = new_id(), os.urandom(12), os.urandom(12)
    sent = report(case)
    box = box_of(sent)
    await database.take(knock(1), nobody, keeping(b"s", *sent))
    for seq, inside in enumerate((marker, kept)):
        envelope = inside + os.urandom(9388)
        one = mailboxes.Message(new_id(), seq, 1, envelope, os.urandom(32), DAY)
        await database.write(lambda c, one=one: mailboxes.add_message(c, box, one))  # type: ignore[misc]
    assert _found(tmp_path, marker), "it is there before"
    gone = ForgetMailbox(box) if closed else ForgetAnswers(box, 1, b"l" * 32, b"m" * 32)
    await database.take(knock(2), nobody, keeping(b"s", gone))
    await database.checkpoint()

    assert [False, not closed] == [_found(tmp_path, marker), _found(tmp_path, kept)]
    assert _found(tmp_path, box) is not closed
    await database.close()


@pytest.mark.promise("S46")
async def test_the_day_of_closing_counts_whatever_officers_look_at_later(database: Database) -> None:
    """Opening a closed case changes nothing; opening it again for work and closing it anew begins the time anew."""
    case = await closed_case(database)
    seen = await database.read(lambda c: cases.find(c, case))
    assert seen is not None
    assert seen.closed_day == DAY
    assert do(seen.standing, Deed.OPEN, by="bilal", version=0) == seen.standing
    standing = seen.standing
    for what, closed_day in ((Deed.REOPEN, None), (Deed.CLOSE, DAY + 7)):
        after = do(standing, what, by="bilal", version=standing.version)
        assert isinstance(after, Standing)
        await database.write(lambda c, b=standing, a=after: cases.move(c, case, b, a, now=NOW + 7 * 86_400))  # type: ignore[misc]
        found = await database.read(lambda c: cases.find(c, case))
        assert found is not None
        assert found.closed_day == closed_day
        standing = after
    assert "cases" not in await purge_at(database, NOW + 96 * DAY_S)
    assert (await purge_at(database, NOW + 98 * DAY_S))["cases"] == 1


@pytest.mark.promise("R22", "S46")
async def test_an_emptied_mailbox_and_a_wish_go_with_their_case(database: Database) -> None:
    case = new_id()
    sent = report(case)
    box = box_of(sent)
    await database.take(knock(1), nobody, keeping(b"s", *sent))
    told = AddToCase(case, 3, os.urandom(32), HOUR, Wish.STOP)
    await database.take(knock(2), nobody, keeping(b"s", ForgetAnswers(box, 0, bytes(32), b"m" * 32), told))
    for what in (Deed.OPEN, Deed.CLAIM, Deed.CLOSE):
        found = await database.read(lambda c: cases.find(c, case))
        assert found is not None
        after = do(found.standing, what, by="amna", version=found.standing.version)
        assert isinstance(after, Standing)
        await database.write(lambda c, b=found.standing, a=after: cases.move(c, case, b, a, now=NOW))  # type: ignore[misc]
    assert {"wishes", "emptied_mailboxes"} <= set(await tables(database))
    await purge_at(database, NOW + 92 * DAY_S)

    assert not {"wishes", "emptied_mailboxes", "mailboxes", "cases"} & set(await tables(database))
    assert await database.read(purge.orphans) == 0


def _found(folder: Path, marker: bytes) -> bool:
    return any(marker in file.read_bytes() for file in folder.iterdir())


@pytest.mark.promise("R22")
async def test_a_reporter_who_writes_while_the_purge_runs_is_kept_and_nobody_waits_in_a_ring(shared: Database) -> None:
    case = await closed_case(shared)
    tries = Counter[str]()

    def writes(conn: Connection) -> None:
        tries["reporter"] += 1
        run(conn, hot.LOCK_HEAD, {"case_id": case})
        run(conn, hot.COUNT_OUT, {"case_id": case})
        conn.execute(select(func.pg_sleep(0.4)))
        run(conn, hot.WAITING, {"case_id": case, "at": HOUR})
        run(conn, hot.TEAMS_FOLLOW, {"case_id": case})
        run(conn, hot.COUNT_IN, {"case_id": case})

    def purges(conn: Connection) -> int:
        tries["purge"] += 1
        return purge._cases(conn, purge._lapsed(NOW + 92 * DAY_S, 90))

    async def a_moment_later() -> int:
        await asyncio.sleep(0.1)
        return await shared.write(purges)

    _, gone = await asyncio.gather(shared.write(writes), a_moment_later())
    assert {"reporter": 1, "purge": 1} == tries, "a deadlock is tried again"
    assert 0 == gone
    assert [(Status.OPENED, 1)] == [
        (n.status, n.n) for n in await shared.read(lambda c: queue.counts(c, ("sindh",))) if n.n
    ]


@pytest.mark.promise("R22")
async def test_counters_stay_right_when_cases_lapse_and_reporters_write_at_once(database: Database) -> None:
    brought = [await closed_case(database) for _ in range(8)]
    await database.write(lambda c: purge.trust_clock(c, NOW + 92 * DAY_S))
    await asyncio.gather(
        *(write_back(database, case, HOUR + 1) for case in brought),
        *(purge.purge(database, NOW + 92 * DAY_S) for _ in range(2)),
        return_exceptions=True,  # who came too late finds no case
    )
    left = await database.read(lambda c: c.execute(select(func.count()).select_from(case_table)).scalar_one())
    assert left == sum(n.n for n in await database.read(lambda c: queue.counts(c, ("sindh",))))
    assert 0 == await database.read(purge.orphans)

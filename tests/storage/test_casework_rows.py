"""What officers do with a case goes when the case goes, on every database."""

import pytest
from sqlalchemy import Connection, delete, func, select

from bot.core.errors import Conflict
from bot.core.referral import Consent, Progress, Way
from storage import Database, exports, matching, referrals, reminders
from storage.schema import case_reminders, match_tokens
from storage.schema import cases as case_table
from storage.schema import exports as export_table
from storage.schema import referrals as referral_table
from tests.storage.making import DAY, HOUR, keeping, knock, new_id, nobody, report


async def a_case(database: Database) -> bytes:
    case = new_id()
    await database.take(knock(None), nobody, keeping(b"s", *report(case)))
    return case


def refer(conn: Connection, case: bytes) -> bytes:
    id = new_id()
    referrals.add(
        conn,
        id=id,
        case=case,
        way=Way.REFERRAL,
        teams=("sindh", "border"),
        consent=Consent.GIVEN,
        officer="a",
        day=DAY,
        seq=1,
        away=["b"],
    )
    return id


@pytest.mark.promise("S46")
async def test_all_of_it_goes_with_the_case(database: Database) -> None:
    case, kept = await a_case(database), await a_case(database)

    def fill(conn: Connection) -> None:
        for one in (case, kept):
            refer(conn, one)
            reminders.put(conn, one, HOUR)
            matching.put_tokens(conn, one, [b"t" * 16])
            exports.add(conn, id=new_id(), case=one, asked="a", day=DAY)

    await database.write(fill)
    await database.write(lambda conn: conn.execute(delete(case_table).where(case_table.c.id == case)))

    def counts(conn: Connection) -> list[int]:
        tables = (referral_table, case_reminders, match_tokens, export_table)
        return [conn.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]

    assert [1, 1, 1, 1] == await database.read(counts)


async def test_a_referral_moves_once_and_is_listed_while_it_goes_on(database: Database) -> None:
    case = await a_case(database)
    id = await database.write(lambda conn: refer(conn, case))
    waiting = await database.read(lambda conn: referrals.open_for(conn, ["border"], 10))
    await database.write(lambda conn: referrals.move(conn, id, Progress.IN_PROGRESS, Progress.REJECTED))
    with pytest.raises(Conflict):
        await database.write(lambda conn: referrals.move(conn, id, Progress.IN_PROGRESS, Progress.ACCEPTED))

    assert [(id, ("b",))] == [(one.id, one.away) for one in waiting]
    assert [] == await database.read(lambda conn: referrals.open_for(conn, ["border"], 10))
    assert [Progress.REJECTED] == [one.progress for one in await database.read(lambda c: referrals.of_case(c, case))]


async def test_a_reminder_is_due_from_its_hour_until_it_is_taken_away(database: Database) -> None:
    case = await a_case(database)
    await database.write(lambda conn: reminders.put(conn, case, HOUR + 24))

    async def due(hour: int) -> list[bytes]:
        return await database.read(lambda conn: reminders.due_for(conn, ["sindh"], hour, 10))

    assert ([], [case]) == (await due(HOUR + 23), await due(HOUR + 24))
    await database.write(lambda conn: reminders.put(conn, case, None))
    assert [] == await due(HOUR + 24)


@pytest.mark.promise("S39")
async def test_the_database_itself_knows_no_export_by_one(database: Database) -> None:
    case, id = await a_case(database), new_id()
    await database.write(lambda conn: exports.add(conn, id=id, case=case, asked="a", day=DAY))
    with pytest.raises(Conflict):
        await database.write(lambda conn: exports.agree(conn, id, "a"))
    with pytest.raises(Conflict):
        await database.write(lambda conn: exports.use(conn, id, "a"))
    await database.write(lambda conn: exports.agree(conn, id, "b"))
    with pytest.raises(Conflict):
        await database.write(lambda conn: exports.use(conn, id, "b"))
    await database.write(lambda conn: exports.use(conn, id, "a"))
    with pytest.raises(Conflict):
        await database.write(lambda conn: exports.use(conn, id, "a"))

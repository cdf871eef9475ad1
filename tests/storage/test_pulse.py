"""What a process asks once a second: that something changed, who is signed in, who has which case open; on each database."""

import asyncio

from sqlalchemy import Connection

from bot.core.case import Deed
from bot.services.officers.account import NewSession
from storage import Database, accounts, cases, company, pulse, sessions
from tests.storage.making import AMNA, HOUR, NOW, record
from tests.storage.test_queue import bring, deed, get, write_back

TEAMS = ("punjab", "sindh")


async def changes(database: Database) -> dict[str, int]:
    return dict(await database.read(lambda c: pulse.changes(c, TEAMS)))


async def test_every_change_of_a_case_moves_the_pulse_of_its_teams_and_of_no_other(database: Database) -> None:
    assert {} == await changes(database)
    case = await bring(database, teams=("sindh",))
    last = (await changes(database))["sindh"]
    for what in (Deed.OPEN, Deed.CLAIM, Deed.REPLY, None, None, Deed.CLOSE, Deed.REOPEN):
        if what is None:
            await write_back(database, case, HOUR)
        else:
            await deed(database, case, what)
        now = await changes(database)
        assert now["sindh"] > last
        assert "punjab" not in now
        last = now["sindh"]


async def test_no_change_is_lost_when_many_come_at_once(database: Database) -> None:
    brought = [await bring(database, teams=TEAMS) for _ in range(8)]
    before = await changes(database)
    await asyncio.gather(*(deed(database, case, Deed.OPEN) for case in brought))
    after = await changes(database)

    assert {team: before[team] + 16 for team in TEAMS} == after, "each comes and goes once"


async def test_a_case_is_known_at_its_version_and_its_records(database: Database) -> None:
    case, other = await bring(database), await bring(database)
    await deed(database, case, Deed.OPEN)
    await database.write(lambda c: cases.append(c, record(case, 2, "note")))
    found = await get(database, case)

    assert {} == await database.read(lambda c: pulse.standings(c, ()))
    assert {case: (found.standing.version, 3)} == await database.read(lambda c: pulse.standings(c, [case]))
    assert {case, other} == set(await database.read(lambda c: pulse.standings(c, [case, other])))


async def test_the_pulse_is_read_off_the_counters_and_looks_at_no_case(database: Database) -> None:
    def plan(conn: Connection) -> str:
        sql = "SELECT team, sum(changes) FROM case_counts WHERE team IN ('sindh', 'punjab') GROUP BY team"
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
        rows = conn.exec_driver_sql(("EXPLAIN " if conn.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN ") + sql)
        return "\n".join(str(row[-1]) for row in rows)

    told = await database.read(plan)
    assert "case_counts" in told
    assert "Seq Scan" not in told
    assert "SCAN" not in told.replace("Scan", ""), "the key begins with the team"


async def test_visits_are_renewed_remember_typing_and_go(database: Database) -> None:
    case = await bring(database)

    async def join(account: str, now: int, *, typing: bool = False) -> None:
        await database.write(lambda c: company.join(c, case, account, now, typing=typing))

    async def there() -> list[tuple[str, int, int]]:
        return [(v.account, v.seen, v.typed) for v in await database.read(company.all)]

    await asyncio.gather(join("amna", 5), join("bilal", 5), join("amna", 5))
    await join("bilal", 7, typing=True)
    await join("bilal", 9)
    assert [("amna", 5, 0), ("bilal", 9, 7)] == await there()
    assert 1 == await database.write(lambda c: company.forget(c, 5))
    assert [("bilal", 9, 7)] == await there()
    await database.write(lambda c: company.leave(c, case, "bilal"))
    assert [] == await there()


async def test_who_is_signed_in_is_asked_for_all_pages_at_once(database: Database) -> None:
    await database.write(lambda c: accounts.add(c, AMNA, 1))
    for token in (b"a" * 32, b"b" * 32):
        await database.write(lambda c, t=token: sessions.open(c, t, NewSession("amna", NOW + 9, NOW + 5)))  # type: ignore[misc]
    await database.write(lambda c: sessions.end(c, b"b" * 32))
    found = await database.read(lambda c: sessions.living(c, [b"a" * 32, b"b" * 32, b"c" * 32]))
    assert {b"a" * 32: (NOW + 9, NOW + 5, AMNA.roles)} == {k: (v.ends, v.vault_ends, v.roles) for k, v in found.items()}

    await database.write(lambda c: accounts.suspend(c, "amna"))
    assert {} == await database.read(lambda c: sessions.living(c, [b"a" * 32]))

"""PostgreSQL: what the server must promise, and what happens when it is slow, locked, restarted or lost."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import Connection, text

from bot.core.errors import Busy, Conflict, StorageError
from bot.core.writes import Decided, Loaded
from storage import Database, cases, faults, open_database, outbox, postgres, probe
from storage.doors import Doors
from storage.faults import Fault
from storage.schema import conversations
from tests.storage.making import NOW, TODAY, keeping, knock, new_id, nobody, post, record, report


@pytest.fixture
async def beside(postgres_tables: str) -> AsyncIterator[asyncpg.Connection]:
    """Somebody else on the same server."""
    connection = await asyncpg.connect(postgres_tables)
    yield connection
    await connection.close()


@pytest.fixture
async def replica(postgres_tables: str) -> AsyncIterator[Database]:
    """A second process of ours."""
    opened = await open_database(postgres_tables)
    yield opened
    await opened.close()


@pytest.mark.promise("R24")
@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
async def test_a_server_that_could_forget_is_refused(postgres_server: str, postgres_address: str, setting: str) -> None:
    admin = await asyncpg.connect(postgres_server)
    try:
        await _set(admin, setting, "off")
        with pytest.raises(StorageError, match=f"{setting} must be on"):
            await open_database(postgres_address, migrate=True)
    finally:
        await _set(admin, setting, "on")
        await admin.close()


async def _set(admin: asyncpg.Connection, setting: str, value: str) -> None:
    await admin.execute(f"ALTER SYSTEM SET {setting} = {value}")
    await admin.execute("SELECT pg_reload_conf()")
    for _ in range(100):
        if await admin.fetchval(f"SHOW {setting}") == value:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"the server did not take {setting}={value}")


async def test_every_connection_has_its_limits(shared: Database) -> None:
    def look(conn: Connection) -> list[str]:
        names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        return [str(conn.execute(text(f"SHOW {name}")).scalar_one()) for name in names]

    assert await shared.read(look) == ["5s", "2s", "10s"]


@pytest.mark.promise("R2", "R4")
async def test_two_replicas_take_turns_of_one_chat_without_losing_or_doubling(
    shared: Database, replica: Database
) -> None:
    """Each update goes to both at once."""

    def add_one(loaded: Loaded) -> Decided:
        return Decided(b"%d" % (int(loaded.session or b"0") + 1), (post(),))

    taken = await asyncio.gather(
        *(each.take(knock(n), nobody, add_one) for n in range(25) for each in (shared, replica))
    )
    assert sum(outcome is not None for outcome in taken) == 25
    session = await shared.read(lambda c: c.execute(conversations.select()).one().session)
    assert session == b"25"
    assert (await shared.read(probe.counts))["outbox"] == 25


async def test_two_replicas_open_a_newcomers_conversation_once(shared: Database, replica: Database) -> None:
    def add_one(loaded: Loaded) -> Decided:
        return Decided(b"%d" % (int(loaded.session or b"0") + 1))

    for round_ in range(10):
        key = (b"%032d" % round_,)
        await asyncio.gather(
            shared.take(knock(2 * round_, keys=key), nobody, add_one),
            replica.take(knock(2 * round_ + 1, keys=key), nobody, add_one),
        )
    assert await shared.read(lambda c: set(c.execute(conversations.select()).scalars("session"))) == {b"2"}


@pytest.mark.promise("R9")
@pytest.mark.slow
async def test_locked_for_longer_than_the_servers_limit_all_succeed(
    shared: Database, beside: asyncpg.Connection
) -> None:
    await shared.take(knock(1), nobody, keeping(b"one"))
    hold = beside.transaction()
    await hold.start()
    await beside.execute("LOCK TABLE conversations IN EXCLUSIVE MODE")
    turns = [
        asyncio.ensure_future(shared.take(knock(n, keys=(b"%032d" % n,)), nobody, keeping(b"s"))) for n in range(2, 32)
    ]
    await asyncio.sleep(2.3)
    await hold.rollback()
    assert None not in await asyncio.gather(*turns)


@pytest.mark.promise("R9")
@pytest.mark.slow
async def test_locked_for_longer_it_is_busy_and_nothing_is_half_done(
    shared: Database, beside: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "PATIENCE_S", 0.5)
    await shared.take(knock(1), nobody, keeping(b"one"))
    hold = beside.transaction()
    await hold.start()
    await beside.execute("LOCK TABLE outbox IN EXCLUSIVE MODE")
    with pytest.raises(Busy):
        await shared.take(knock(2), nobody, keeping(b"two", post()))
    await hold.rollback()
    again = await shared.take(knock(2), nobody, keeping(b"two", post()))
    assert again is not None


@pytest.mark.promise("R11")
async def test_killed_connections_lose_nothing_and_double_nothing(shared: Database, beside: asyncpg.Connection) -> None:
    """Whoever is not told sends again; the update's key decides whether it happened."""
    acknowledged: set[int] = set()

    def add_one(loaded: Loaded) -> Decided:
        return Decided(b"%d" % (int(loaded.session or b"0") + 1), (post(),))

    async def deliver(number: int) -> None:
        for _ in range(30):
            try:
                await shared.take(knock(number), nobody, add_one)
            except StorageError:
                await asyncio.sleep(0.02)
                continue
            acknowledged.add(number)
            return

    async def kill() -> None:
        for _ in range(12):
            await beside.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hamrah'"
            )
            await asyncio.sleep(0.03)

    await asyncio.gather(kill(), *(deliver(n) for n in range(40)))
    assert acknowledged == set(range(40))
    counted = await shared.read(probe.counts)
    assert (counted["updates"], counted["outbox"]) == (40, 40)
    assert await shared.read(lambda c: c.execute(conversations.select()).one().session) == b"40"


async def test_a_deadlock_is_tried_again(shared: Database) -> None:
    """Two transactions take two rows in opposite order; both end well."""
    await shared.write(lambda c: c.execute(text("INSERT INTO marks VALUES ('a', 0, 0), ('b', 0, 0)")))

    def crossing(first: str, second: str) -> object:
        def work(conn: Connection) -> None:
            add = text("UPDATE marks SET number = number + 1 WHERE name = :name")
            conn.execute(add, {"name": first})
            conn.execute(text("SELECT pg_sleep(0.2)"))
            conn.execute(add, {"name": second})

        return shared.write(work)

    await asyncio.gather(crossing("a", "b"), crossing("b", "a"))  # type: ignore[call-overload]
    assert await shared.read(lambda c: list(c.execute(text("SELECT number FROM marks")).scalars())) == [2, 2]


@pytest.mark.promise("R12")
async def test_a_worker_waits_for_nobody_who_is_claiming(shared: Database, replica: Database) -> None:
    await shared.take(knock(1), nobody, keeping(b"s", *(post() for _ in range(10))))

    def slowly(conn: Connection) -> list[bytes]:
        found = [c.id for c in outbox.claim(conn, 5, NOW, 60)]
        conn.execute(text("SELECT pg_sleep(0.3)"))
        return found

    first = asyncio.ensure_future(shared.write(slowly))
    await asyncio.sleep(0.1)
    others = await replica.write(lambda c: [x.id for x in outbox.claim(c, 10, NOW, 60)])
    assert not first.done(), "the other claim is still open"
    assert len(others) == 5
    assert not set(others) & set(await first)


async def test_a_turn_that_was_overtaken_writes_nothing_of_its_first_decision(
    shared: Database, replica: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shared.take(knock(1), nobody, keeping(b"one"))
    asked: list[bytes | None] = []

    def decide(loaded: Loaded) -> Decided:
        asked.append(loaded.session)
        return Decided(b"after " + (loaded.session or b""), (post(collapse=TODAY),))

    original, others = postgres._Turn.keep, [keeping(b"two")]

    async def overtaken(self: postgres._Turn, decided: Decided) -> None:
        if others:
            await replica.take(knock(99), nobody, others.pop())
        await original(self, decided)

    monkeypatch.setattr(postgres._Turn, "keep", overtaken)  # stands between reading and writing
    await shared.take(knock(2), nobody, decide)
    assert asked == [b"one", b"two"]
    assert await shared.read(lambda c: c.execute(conversations.select()).one().session) == b"after two"
    assert (await shared.read(probe.counts))["outbox"] == 1


async def test_a_case_that_grew_meanwhile_is_decided_again(shared: Database) -> None:
    case = new_id()
    await shared.take(knock(1), nobody, keeping(b"s", *report(case)))
    with pytest.raises(Conflict):
        await shared.write(lambda c: cases.append(c, record(case, 1, "reply")))
    await shared.write(lambda c: cases.append(c, record(case, 2, "reply")))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (asyncpg.DeadlockDetectedError(), Fault.AGAIN),
        (asyncpg.SerializationError(), Fault.AGAIN),
        (asyncpg.LockNotAvailableError(), Fault.WAIT),
        (asyncpg.QueryCanceledError(), Fault.WAIT),
        (asyncpg.TooManyConnectionsError(), Fault.WAIT),
        (TimeoutError(), Fault.WAIT),
        (asyncpg.UniqueViolationError(), Fault.TAKEN),
        (asyncpg.ConnectionDoesNotExistError(), Fault.LOST),
        (asyncpg.AdminShutdownError(), Fault.LOST),
        (ConnectionResetError(), Fault.LOST),
        (asyncpg.InterfaceError("closed"), Fault.LOST),
        (asyncpg.DataError(), Fault.OTHER),
    ],
)
def test_each_refusal_has_its_meaning(error: Exception, kind: Fault) -> None:
    assert faults.fault(error) is kind


async def test_doors_are_passed_in_order_and_vanish() -> None:
    doors, passed = Doors(), []

    async def visit(number: int) -> None:
        async with doors.through(b"one chat"):
            await asyncio.sleep(0)
            passed.append(number)

    await asyncio.gather(*(visit(n) for n in range(10)))
    assert passed == list(range(10))
    assert not doors._locks

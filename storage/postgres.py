"""PostgreSQL: replicas share one database; a plain turn is two round trips and one sync.

A turn reads its conversation, decides, and then writes only if nobody was faster (see `folding`); turns of one chat in
one process also wait for one another, so that being overtaken is rare.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from time import monotonic
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import URL, Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.core.errors import Busy, StorageError
from bot.core.failpoints import reach
from bot.core.writes import CaseHead, Decided, Knock, Loaded, Wanted
from storage import folding, hot
from storage.database import Decide, Wants
from storage.doors import Doors
from storage.faults import Fault, as_ours, constraint, fault, of_database
from storage.statements import Statement
from storage.turns import Step, steps

T = TypeVar("T")
TURNS_AT_ONCE = 6
OTHERS_AT_ONCE = 4
"""Together at most ten connections a replica."""
WAITING_AT_MOST = 2_000
PATIENCE_S = 5.0
ANSWER_S = 8.0
"""A server that is silent for longer than its own limits allow is taken for lost."""
VACUUM_S = 3600.0
TRIES = 4
"""A deadlock or an overtaken turn is tried again three times, after a short random pause."""
SESSION = {
    "application_name": "hamrah",
    "statement_timeout": "5000",
    "lock_timeout": "2000",
    "idle_in_transaction_session_timeout": "10000",
    "synchronous_commit": "on",
    "timezone": "UTC",
}
_MUST_BE_ON = ("fsync", "full_page_writes", "synchronous_commit")


class Overtaken(Exception):
    """Another replica changed the conversation or the case since it was read."""


class NotBegun(Exception):
    """There was no connection, or it broke before anything could be kept: it can be done again."""


class PostgresDatabase:
    """See `Database`."""

    dialect = "postgresql"
    broken: BaseException | None = None

    def __init__(self, pool: "asyncpg.Pool[Any]", engine: AsyncEngine) -> None:
        self._pool, self._engine = pool, engine
        self._doors = Doors()
        self._running: set[asyncio.Task[Any]] = set()
        self._closed = False

    @classmethod
    async def open(cls, address: URL) -> "PostgresDatabase":
        """Raises `StorageError` when the server cannot be reached or may forget what it acknowledged."""
        plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
        try:
            pool = await asyncpg.create_pool(
                plain,
                min_size=1,
                max_size=TURNS_AT_ONCE,
                server_settings=SESSION,
                reset=_nothing_to_reset,
                timeout=PATIENCE_S,
                command_timeout=ANSWER_S,
            )
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise StorageError(f"PostgreSQL cannot be reached ({type(error).__name__})") from error
        engine = create_async_engine(
            address.set(drivername="postgresql+asyncpg"),
            pool_size=OTHERS_AT_ONCE,
            max_overflow=0,
            pool_timeout=PATIENCE_S,
            connect_args={"server_settings": SESSION, "timeout": PATIENCE_S},
            hide_parameters=True,
        )
        database = cls(pool, engine)
        try:
            await database._verify()
        except BaseException:
            await database.close()
            raise
        return database

    async def _verify(self) -> None:
        found = await self._pool.fetch("SELECT name, setting FROM pg_settings WHERE name = ANY($1)", _MUST_BE_ON)
        off = sorted(row["name"] for row in found if row["setting"] == "off")
        if off:
            raise StorageError(f"PostgreSQL could forget what it acknowledged: {', '.join(off)} must be on")

    async def take(self, knock: Knock, wants: Wants, decide: Decide) -> Decided | None:
        return await self._shielded(self._take(knock, wants, decide))

    async def read(self, fn: Callable[[Connection], T]) -> T:
        return await self._shielded(self._patiently(lambda: self._plainly(fn, keep=False)))

    async def write(self, fn: Callable[[Connection], T]) -> T:
        return await self._shielded(self._patiently(lambda: self._plainly(fn, keep=True)))

    async def snapshot(self, fn: Callable[[Connection], T]) -> T:
        return await self._shielded(self._unchanging(fn))

    async def checkpoint(self) -> None:
        """Give dead rows back, so that deleted bytes are overwritten (S45)."""
        async with self._pool.acquire() as connection:
            await connection.execute("SET statement_timeout = 0")
            try:
                await connection.execute("VACUUM", timeout=VACUUM_S)
            finally:
                await connection.execute(f"SET statement_timeout = {SESSION['statement_timeout']}")
        reach("F17")

    async def compact(self) -> None:
        await self.checkpoint()

    async def close(self) -> None:
        self._closed = True
        if self._running:
            await asyncio.wait(self._running)
        await self._pool.close()
        await self._engine.dispose()

    # --- how long and how often ---

    async def _shielded(self, work: Coroutine[Any, Any, T]) -> T:
        """A caller who goes away does not stop what has begun."""
        if self._closed or len(self._running) >= WAITING_AT_MOST:
            work.close()
            raise StorageError("the database is closed") if self._closed else Busy(f"{WAITING_AT_MOST} wait already")
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def _patiently(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Try again what may succeed: thrice after a deadlock or when overtaken, for five seconds while locked out."""
        ends = monotonic() + PATIENCE_S
        tries = 0
        while True:
            tries += 1
            try:
                return await attempt()
            except (Overtaken, NotBegun) as error:
                if monotonic() > ends:
                    raise as_ours(error.__cause__ or TimeoutError()) from error
            except Exception as error:
                if not of_database(error):
                    raise
                kind = fault(error)
                may_succeed = (kind is Fault.AGAIN and tries < TRIES) or (kind is Fault.WAIT and monotonic() < ends)
                if not may_succeed:
                    raise as_ours(error) from error
            await asyncio.sleep(secrets.randbelow(20_000) / 1e6 * tries)

    async def _plainly(self, fn: Callable[[Connection], T], *, keep: bool) -> T:
        try:
            connection = await self._engine.connect()
        except Exception as error:
            raise NotBegun from error
        try:
            answer = await self._ask(connection, fn)
            if keep:
                await _commit(connection)
            return answer
        finally:
            await connection.close()

    async def _unchanging(self, fn: Callable[[Connection], T]) -> T:
        try:
            async with self._engine.connect() as connection:
                await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                return await connection.run_sync(fn)
        except Exception as error:
            if of_database(error):
                raise as_ours(error) from error
            raise

    async def _ask(self, connection: AsyncConnection, fn: Callable[[Connection], T]) -> T:
        try:
            return await connection.run_sync(fn)
        except Exception as error:
            if of_database(error) and fault(error) is Fault.LOST:
                raise NotBegun from error
            raise

    # --- a turn ---

    async def _take(self, knock: Knock, wants: Wants, decide: Decide) -> Decided | None:
        async with self._doors.through(knock.keys[0]):
            return await self._patiently(lambda: self._attempt(knock, wants, decide))

    async def _attempt(self, knock: Knock, wants: Wants, decide: Decide) -> Decided | None:
        try:
            connection = await self._pool.acquire(timeout=PATIENCE_S)
        except Exception as error:
            raise NotBegun from error
        try:
            return await self._turn(_Turn(connection, knock), wants, decide)
        except Exception as error:
            if fault(error.__cause__ or error) is Fault.LOST:
                connection.terminate()
            raise
        finally:
            await self._pool.release(connection)

    async def _turn(self, turn: "_Turn", wants: Wants, decide: Decide) -> Decided | None:
        try:
            if await turn.load(wants):
                return None
        except Exception as error:
            if of_database(error) and fault(error) is Fault.LOST:
                raise NotBegun from error
            raise
        decided = decide(turn.loaded)
        try:
            await turn.keep(decided)
        except asyncpg.UniqueViolationError as error:
            match constraint(error):
                case "pk_updates":
                    return None
                case "pk_conversations":
                    raise Overtaken from error
            raise
        return decided


class _Turn:
    """One attempt at one turn, on one connection."""

    def __init__(self, connection: Any, knock: Knock) -> None:
        self._connection, self._knock = connection, knock
        self.loaded = Loaded(None)

    async def load(self, wants: Wants) -> bool:
        """Read the conversation and the case it wants; true when this update was done before."""
        k = self._knock
        asked = {"source": k.source, "number": k.number, "today": k.keys[0], "yesterday": k.keys[-1]}
        statement = hot.LOAD.postgres
        hits = await self._connection.fetch(statement.sql, *statement.places(asked))
        if hits[0][0] is not None:
            return True
        _, at, session, _ = min(hits, key=lambda hit: hit[1] != k.keys[0])
        head = None
        if session is not None and (wanted := wants(session)) is not None:
            head = await self._head(wanted)
        self.loaded = Loaded(session, at or b"", head)
        return False

    async def _head(self, wanted: Wanted) -> CaseHead | None:
        statement = hot.HEAD_OF.postgres
        given = {"case_id": wanted.case, "mailbox_id": wanted.mailbox}
        row = await self._connection.fetchrow(statement.sql, *statement.places(given))
        return None if row is None else CaseHead(wanted.case, row[0], row[1], row[2])

    async def keep(self, decided: Decided) -> None:
        """Write everything or nothing.  Raises `Overtaken` when the decision was made from something old."""
        seen, key, hour = self.loaded, self._knock.keys[0], self._knock.now // 3600
        moved = seen.session is not None and seen.key != key and decided.session is not None
        gate = folding.LEAVES if moved else folding.gate_of(seen.session, decided.session)
        plan = self._plan(decided, moved, hour)
        given = {"at": seen.key or key, "was": seen.session, "session": decided.session, "hour": hour}
        if folding.foldable(plan):
            await self._fold(gate, given, plan)
        else:
            await self._step_by_step(gate, given, plan)

    def _plan(self, decided: Decided, moved: bool, hour: int) -> list[Step]:
        k, plan = self._knock, []
        if k.number is not None:
            plan.append(Step(hot.UPDATE_SEEN, [{"source": k.source, "number": k.number, "hour": hour}], point="F3"))
        if moved:
            new = {"key": k.keys[0], "session": decided.session, "hour": hour}
            plan.append(Step(hot.NEWCOMER, [new]))
            plan.append(Step(hot.SENT_FOLLOW, [{"at": self.loaded.key, "key": k.keys[0]}]))
        return plan + steps(decided.writes, k.now, self.loaded.head)

    async def _fold(self, gate: str, given: Mapping[str, Any], plan: list[Step]) -> None:
        statement = folding.folded(gate, plan)
        reach("F7")
        places = statement.places({**given, **folding.values(plan)})
        if await self._connection.fetchval(statement.sql, *places) != 1:
            raise Overtaken
        reach("F8")

    async def _step_by_step(self, gate: str, given: Mapping[str, Any], plan: list[Step]) -> None:
        async with self._connection.transaction():
            statement = folding.alone(gate)
            if await self._connection.fetchval(statement.sql, *statement.places(given)) != 1:
                raise Overtaken
            for step in plan:
                await self._do(step)
            reach("F7")
        reach("F8")

    async def _do(self, step: Step) -> None:
        statement: Statement = step.statement.postgres
        if step.must_match:
            for row in step.rows:
                status = await self._connection.execute(statement.sql, *statement.places(row))
                if status.rpartition(" ")[2] != "1":
                    raise Overtaken
        else:
            await self._connection.executemany(statement.sql, [statement.places(row) for row in step.rows])
        if step.point:
            reach(step.point)


async def _commit(connection: AsyncConnection) -> None:
    reach("F7")
    await connection.commit()
    reach("F8")


async def _nothing_to_reset(connection: Any) -> None:
    """No session state is ever set on these connections, so the usual round trip is spared."""

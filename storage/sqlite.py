"""The embedded database: one file, one process, one connection, every turn synced before it is acknowledged."""

import asyncio
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

from bot.core.errors import StorageError
from bot.core.failpoints import reach
from bot.core.writes import CaseHead, Decided, Knock, Loaded, Wanted
from storage import hot
from storage.database import Decide, Wants
from storage.lane import Kind, Lane, Spoiled
from storage.lock import ProcessLock, refuse_network_disk
from storage.serials import INFO, Serials
from storage.turns import Step, steps

T = TypeVar("T")
MEMORY = ":memory:"
CHECK_S = 2.0
_SETTINGS: tuple[tuple[str, str, int | str | None], ...] = (
    ("locking_mode", "EXCLUSIVE", "exclusive"),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("foreign_keys", "ON", 1),
    ("secure_delete", "ON", 1),
    ("trusted_schema", "OFF", 0),
    ("mmap_size", "0", None),
    ("busy_timeout", "5000", 5000),
    ("temp_store", "MEMORY", 2),
    ("cache_size", "-16000", -16000),
    ("wal_autocheckpoint", "4000", 4000),
    ("journal_size_limit", str(32 * 1024 * 1024), 32 * 1024 * 1024),
)
"""Name, value to set, value that must be read back (reliability: storage profiles)."""
_NEWEST_SERIAL = "SELECT coalesce(max(serial), 0) FROM outbox"


class _Held(sqlite3.Connection):
    """Only the lane begins and ends transactions; nobody else's commit or rollback does anything."""

    def commit(self) -> None:
        pass

    def rollback(self) -> None:
        pass


class SqliteDatabase:
    """See `Database`.  `path`: the file, or `:memory:`."""

    dialect = "sqlite"

    def __init__(self, path: str) -> None:
        """Raises `StorageError` with one clear line when this disk, file or process will not do."""
        self._lock = None if path == MEMORY else _claimed(Path(path))
        self._folder = None if path == MEMORY else Path(path).parent
        try:
            self._connection = _connected(path)
            self._cursor = self._connection.cursor()
            engine = create_engine(
                "sqlite://", creator=lambda: self._connection, poolclass=StaticPool, hide_parameters=True
            )
            self._sql = engine.connect()
        except BaseException:
            if self._lock is not None:
                self._lock.release()
            raise
        self._serials = Serials(lambda: self._cursor.execute(_NEWEST_SERIAL).fetchone()[0])
        self._sql.info[INFO] = self._serials
        self._lane = Lane(self._connection, self._truncate)
        self._closed = False

    @property
    def broken(self) -> BaseException | None:
        """A failed sync: what is on disk is unknown, so the process should end and start anew."""
        return self._lane.broken

    async def take(self, knock: Knock, wants: Wants, decide: Decide) -> Decided | None:
        return await self._lane.submit(lambda: self._turn(knock, wants, decide), kind=Kind.SAVES_ITSELF)

    async def read(self, fn: Callable[[Connection], T]) -> T:
        return await self._lane.submit(lambda: self._plainly(fn))

    async def write(self, fn: Callable[[Connection], T]) -> T:
        return await self._lane.submit(lambda: self._plainly(fn))

    async def snapshot(self, fn: Callable[[Connection], T]) -> T:
        """Of a copy, which is looked through whole first (R29); turns wait only while it is made."""
        with tempfile.TemporaryDirectory(prefix=".copy-", dir=self._folder) as folder:
            copy = Path(folder) / "copy.db"
            await self._lane.submit(lambda: self._connection.execute("VACUUM INTO ?", (str(copy),)), kind=Kind.ALONE)
            return await asyncio.to_thread(_of_copy, copy, fn)

    async def checkpoint(self) -> None:
        await self._lane.submit(self._truncate, kind=Kind.ALONE)

    async def compact(self) -> None:
        await self._lane.submit(self._vacuum, kind=Kind.ALONE)

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        await self._lane.close()
        if self._lane.broken is None:
            self._truncate()
        self._connection.close()
        if self._lock is not None:
            self._lock.release()

    # --- in the lane's thread ---

    def _plainly(self, fn: Callable[[Connection], T]) -> T:
        try:
            return fn(self._sql)
        finally:
            self._sql.rollback()  # ends SQLAlchemy's own idea of a transaction; the lane's goes on

    def _turn(self, knock: Knock, wants: Wants, decide: Decide) -> Decided | None:
        seen, hour = hot.SEEN.sqlite, knock.now // 3600
        if knock.number is not None and self._cursor.execute(seen.sql, (knock.source, knock.number)).fetchone():
            return None
        loaded, was = self._load(knock.keys, wants)
        decided = decide(loaded)
        plan = steps(decided.writes, knock.now, loaded.head)
        if len(plan) > 1:
            with self._lane.savepoint():
                self._keep(knock, loaded, decided.session, was == hour, plan)
            return decided
        try:  # nothing but a broken disk should refuse these few rows, so the savepoint is spared
            self._keep(knock, loaded, decided.session, was == hour, plan)
        except BaseException as error:
            raise Spoiled from error
        return decided

    def _load(self, keys: Sequence[bytes], wants: Wants) -> tuple[Loaded, int]:
        """The conversation under the first key that has one, and the hour of its last event."""
        find = hot.FIND.sqlite.sql
        for key in keys:
            hit = self._cursor.execute(find, (key,)).fetchone()
            if hit is not None:
                wanted = wants(hit[0])
                return Loaded(hit[0], key, None if wanted is None else self._head(wanted)), hit[1]
        return Loaded(None), 0

    def _keep(self, knock: Knock, loaded: Loaded, session: bytes | None, same_hour: bool, plan: list[Step]) -> None:
        if knock.number is not None:
            self._cursor.execute(hot.UPDATE_SEEN.sqlite.sql, (knock.source, knock.number, knock.now // 3600))
            reach("F3")
        if loaded.key == knock.keys[0] and session is not None and same_hour:
            self._cursor.execute(hot.STAYS.sqlite.sql, (session, loaded.key))
        else:
            self._move(knock.keys[0], loaded, session, knock.now // 3600)
        for step in plan:
            self._do(step)

    def _head(self, wanted: Wanted) -> CaseHead | None:
        of = hot.HEAD_OF.sqlite
        given = {"case_id": wanted.case, "mailbox_id": wanted.mailbox}
        row = self._cursor.execute(of.sql, of.places(given)).fetchone()
        return None if row is None else CaseHead(wanted.case, row[0], row[1], row[2])

    def _move(self, key: bytes, loaded: Loaded, session: bytes | None, hour: int) -> None:
        """Leave the conversation under today's key and nowhere else."""
        row = {"at": loaded.key, "key": key, "session": session, "hour": hour}
        if loaded.session is not None and loaded.key == key and session is not None:
            self._do(Step(hot.STAYS_LATER, [row]))
            return
        if loaded.session is not None:
            self._do(Step(hot.LEAVES, [row]))
        if session is not None:
            self._do(Step(hot.NEWCOMER, [row]))
            if loaded.session is not None:
                self._do(Step(hot.SENT_FOLLOW, [row]))

    def _do(self, step: Step) -> None:
        statement = step.statement.sqlite
        for row in step.rows:
            if "serial" in row:
                row["serial"] = next(self._serials)
            changed = self._cursor.execute(statement.sql, statement.places(row)).rowcount
            if step.must_match and changed != 1:
                raise StorageError("what was to change is gone, or somebody else was faster")
        if step.point:
            reach(step.point)

    def _vacuum(self) -> None:
        self._cursor.execute("VACUUM")
        self._truncate()

    def _truncate(self) -> None:
        self._cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        reach("F17")


def _of_copy(copy: Path, fn: Callable[[Connection], T]) -> T:
    engine = create_engine(f"sqlite:///{copy}", hide_parameters=True)
    try:
        with engine.connect() as conn:
            found = conn.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
            if found != "ok":
                raise StorageError("the database file is damaged; restore the newest backup")
            return fn(conn)
    finally:
        engine.dispose()


def _claimed(path: Path) -> ProcessLock:
    """The lock, and an empty file that only its owner may read where there was none."""
    if not path.parent.is_dir():
        raise StorageError(f"the folder of the database does not exist: {path.parent.name}")
    refuse_network_disk(path.parent)
    try:
        lock = ProcessLock(path)
    except OSError as error:
        raise StorageError("the folder of the database cannot be written to") from error
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        lock.release()
        raise StorageError(f"{path.name} cannot be opened for writing") from error
    return lock


def _connected(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=_Held)
    try:
        for name, value, expected in _SETTINGS:
            _set(connection, name, value, expected, in_memory=path == MEMORY)
        found = _quick_check(connection)
    except sqlite3.Error as error:
        connection.close()
        raise StorageError(f"the database file cannot be used ({error})") from error
    if found != "ok":
        connection.close()
        raise StorageError("the database file is damaged; restore the newest backup")
    return connection


def _quick_check(connection: sqlite3.Connection) -> str:
    """What SQLite finds wrong within two seconds: a start must be quick, and the daily check sees the rest (R29)."""
    ends = time.monotonic() + CHECK_S
    connection.set_progress_handler(lambda: int(time.monotonic() > ends), 10_000)
    try:
        return str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return "ok"
    finally:
        connection.set_progress_handler(None, 0)


def _set(connection: sqlite3.Connection, name: str, value: str, expected: int | str | None, *, in_memory: bool) -> None:
    connection.execute(f"PRAGMA {name}={value}").fetchall()
    read = connection.execute(f"PRAGMA {name}").fetchone()
    if name == "journal_mode" and in_memory:
        expected = "memory"
    if expected is not None and (read is None or read[0] != expected):
        connection.close()
        raise StorageError(f"SQLite did not accept {name}={value}")

"""The embedded database: one file, one process, one connection, every turn synced before it is acknowledged."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

from bot.core.errors import StorageError
from bot.core.failpoints import reach
from bot.core.writes import CaseHead, Decided, Knock, Loaded
from storage import hot
from storage.database import Decide, Wants
from storage.lane import Lane
from storage.lock import ProcessLock, refuse_network_disk
from storage.serials import INFO, Serials
from storage.turns import Step, steps

T = TypeVar("T")
MEMORY = ":memory:"
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

    @property
    def broken(self) -> BaseException | None:
        """A failed sync: what is on disk is unknown, so the process should end and start anew."""
        return self._lane.broken

    async def take(self, knock: Knock, wants: Wants, decide: Decide) -> Decided | None:
        return await self._lane.submit(lambda: self._turn(knock, wants, decide))

    async def read(self, fn: Callable[[Connection], T]) -> T:
        return await self._lane.submit(lambda: self._plainly(fn))

    async def write(self, fn: Callable[[Connection], T]) -> T:
        return await self._lane.submit(lambda: self._plainly(fn))

    async def checkpoint(self) -> None:
        await self._lane.submit(self._truncate, transaction=False)

    async def close(self) -> None:
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
        execute = self._cursor.execute
        today, yesterday = knock.keys[0], knock.keys[-1]
        load = hot.LOAD.sqlite
        asked = {"source": knock.source, "number": knock.number, "today": today, "yesterday": yesterday}
        hits = execute(load.sql, load.places(asked)).fetchall()
        if hits[0][0] is not None:
            return None
        at, session, hour = _first(hits, today)
        head = None
        if session is not None and (case := wants(session)) is not None:
            head = self._head(case)
        decided = decide(Loaded(session, at or b"", head))
        if knock.number is not None:
            row = {"source": knock.source, "number": knock.number, "hour": knock.now // 3600}
            self._do(Step(hot.UPDATE_SEEN, [row], point="F3"))
        self._move(today, at, decided.session, hour, knock.now // 3600)
        for step in steps(decided.writes, knock.now, head):
            self._do(step)
        return decided

    def _head(self, case: bytes) -> CaseHead | None:
        of = hot.HEAD_OF.sqlite
        row = self._cursor.execute(of.sql, of.places({"case_id": case})).fetchone()
        return None if row is None else CaseHead(case, row[0], row[1], row[2])

    def _move(self, key: bytes, at: bytes | None, session: bytes | None, was: int, hour: int) -> None:
        """Leave the conversation under today's key and nowhere else."""
        if at is not None and (at != key or session is None):
            self._do(Step(hot.LEAVES, [{"at": at}]))
            if session is not None:
                self._do(Step(hot.SENT_FOLLOW, [{"at": at, "key": key}]))
        if session is None:
            return
        row = {"at": key, "key": key, "session": session, "hour": hour}
        if at != key:
            self._do(Step(hot.NEWCOMER, [row]))
        else:
            self._do(Step(hot.STAYS if was == hour else hot.STAYS_LATER, [row]))

    def _do(self, step: Step) -> None:
        statement = step.statement.sqlite
        for row in step.rows:
            if "serial" in row:
                row["serial"] = next(self._serials)
            changed = self._cursor.execute(statement.sql, statement.places(row)).rowcount
            if step.must_match and changed != 1:
                raise StorageError("the case that was to grow is gone")
        step.passed()

    def _truncate(self) -> None:
        self._cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        reach("F17")


def _first(hits: list[Any], today: bytes) -> tuple[bytes | None, bytes | None, int]:
    """Key, session and hour of the conversation; today's key goes before yesterday's."""
    _, at, session, hour = min(hits, key=lambda hit: hit[1] != today)
    return at, session, hour or 0


def _claimed(path: Path) -> ProcessLock:
    folder = path.parent
    if not folder.is_dir():
        raise StorageError(f"the folder of the database does not exist: {folder.name}")
    refuse_network_disk(folder)
    try:
        lock = ProcessLock(path)
    except OSError as error:
        raise StorageError("the folder of the database cannot be written to") from error
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    return lock


def _connected(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=_Held)
    try:
        for name, value, expected in _SETTINGS:
            _set(connection, name, value, expected, in_memory=path == MEMORY)
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        connection.close()
        raise StorageError(f"the database file cannot be used ({error})") from error
    if found != "ok":
        connection.close()
        raise StorageError("the database file is damaged; restore the newest backup")
    return connection


def _set(connection: sqlite3.Connection, name: str, value: str, expected: int | str | None, *, in_memory: bool) -> None:
    connection.execute(f"PRAGMA {name}={value}").fetchall()
    read = connection.execute(f"PRAGMA {name}").fetchone()
    if name == "journal_mode" and in_memory:
        expected = "memory"
    if expected is not None and (read is None or read[0] != expected):
        connection.close()
        raise StorageError(f"SQLite did not accept {name}={value}")

"""The one thread that owns the one SQLite connection: what waits is done together and synced once (docs/decisions/0002).

Knows nothing of what the jobs do.  Whoever waits is told only after the commit that holds their job.
"""

import asyncio
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError

from bot.core.errors import Busy, Conflict, HelplineError, StorageError
from bot.core.failpoints import reach

T = TypeVar("T")
TOGETHER = 256
"""Jobs in one commit at most: a bound on how long the first of them waits for the last."""
WAITING_AT_MOST = 2_000
PATIENCE_S = 5.0
"""Longer than this nobody waits for their turn to begin (R9); what has begun is always finished."""
CHECKPOINT_EVERY_S = 600.0
_SYNC_ERRORS = frozenset({1034, 1290})
"""SQLITE_IOERR_FSYNC and SQLITE_IOERR_DIR_FSYNC: what the disk holds is unknown, and a second sync would lie (R10)."""


class Kind(Enum):
    """What a job needs around it."""

    SAVED = "saved"
    """A savepoint in the common transaction: if it raises, what it wrote is undone."""
    SAVES_ITSELF = "saves itself"
    """The common transaction; it sets its own savepoint before it writes, or says that it did without."""
    ALONE = "alone"
    """No transaction at all."""


class Spoiled(Exception):
    """A job failed half-way and set no savepoint: the transaction is done again, then with a savepoint for each."""


class _Job:
    """`token`: whoever takes it out decides, the lane to begin or the loop to give up."""

    __slots__ = ("answer", "asked_at", "done", "error", "kind", "run", "token")

    def __init__(self, run: Callable[[], Any], kind: Kind, done: asyncio.Future[Any]) -> None:
        self.run, self.kind, self.done = run, kind, done
        self.token = [None]
        self.asked_at = time.monotonic()
        self.answer: Any = None
        self.error: BaseException | None = None


class Lane:
    """Starts its thread at once.  `checkpoint`: what is done every ten minutes between two commits."""

    def __init__(self, connection: sqlite3.Connection, checkpoint: Callable[[], None]) -> None:
        self._cursor, self._connection, self._checkpoint = connection.cursor(), connection, checkpoint
        self._loop = asyncio.get_running_loop()
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._waiting: deque[_Job] = deque()
        self._patience: asyncio.TimerHandle | None = None
        self._closed = False
        self.broken: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="database", daemon=True)
        self._thread.start()

    def submit(self, run: Callable[[], T], *, kind: Kind = Kind.SAVED) -> "asyncio.Future[T]":
        """Queue `run` for the thread.  Raises `Busy` when too many wait, `StorageError` when all is over."""
        if self._closed or self.broken is not None:
            raise StorageError("the database is closed") from self.broken
        if len(self._waiting) >= WAITING_AT_MOST:
            raise Busy(f"{WAITING_AT_MOST} turns wait already")
        job = _Job(run, kind, self._loop.create_future())
        self._waiting.append(job)
        self._jobs.put(job)
        if self._patience is None:
            self._patience = self._loop.call_later(PATIENCE_S / 5, self._lose_patience)
        return job.done

    async def close(self) -> None:
        """Finish what waits, then let the thread end."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
        await self._loop.run_in_executor(None, self._thread.join)
        if self._patience is not None:
            self._patience.cancel()

    # --- on the event loop ---

    def _lose_patience(self) -> None:
        limit = time.monotonic() - PATIENCE_S
        for job in self._waiting:
            if job.asked_at > limit:
                break
            if job.token and _took(job.token) and not job.done.done():
                job.done.set_exception(Busy(f"the database was occupied for {PATIENCE_S:g} s"))
        self._patience = None
        if self._waiting:
            self._patience = self._loop.call_later(PATIENCE_S / 5, self._lose_patience)

    def _deliver(self, jobs: list[_Job]) -> None:
        for job in jobs:
            self._waiting.popleft()
            if job.done.done():
                continue
            if job.error is not None:
                job.done.set_exception(job.error)
            else:
                job.done.set_result(job.answer)

    # --- in the thread ---

    def _run(self) -> None:
        checkpoint_at = time.monotonic() + CHECKPOINT_EVERY_S
        going = True
        while going:
            going, jobs = self._collect(max(0.0, checkpoint_at - time.monotonic()))
            for together in _apart(jobs):
                self._do(together)
            try:
                self._loop.call_soon_threadsafe(self._deliver, jobs)
            except RuntimeError:
                return  # the loop is closed, and with it everybody who waited
            if time.monotonic() >= checkpoint_at and self.broken is None:
                self._try(self._checkpoint)
                checkpoint_at = time.monotonic() + CHECKPOINT_EVERY_S

    def _collect(self, patience_s: float) -> tuple[bool, list[_Job]]:
        """Wait for a job, then take all that wait; the flag is false when the last one has come."""
        jobs: list[_Job] = []
        try:
            job = self._jobs.get(timeout=patience_s)
            while job is not None:
                jobs.append(job)
                if len(jobs) == TOGETHER:
                    return True, jobs
                job = self._jobs.get_nowait()
        except Empty:
            return True, jobs
        return False, jobs

    def _do(self, jobs: list[_Job]) -> None:
        begun = [job for job in jobs if _took(job.token)]
        if self.broken is not None:
            _fail(begun, self.broken)
        elif begun and begun[0].kind is Kind.ALONE:
            begun[0].answer, begun[0].error = self._try(begun[0].run)
        elif begun:
            self._together(begun)

    def _together(self, jobs: list[_Job], *, each_saved: bool = False) -> None:
        """One transaction for all; if its commit fails, all have failed."""
        try:
            self._cursor.execute("BEGIN IMMEDIATE")
            for job in jobs:
                self._one(job, saved=each_saved or job.kind is Kind.SAVED)
            reach("F7")
            self._cursor.execute("COMMIT")
            reach("F8")
        except Spoiled as error:
            self._give_up(jobs, error.__cause__ or error)
            if self.broken is None and not each_saved:
                self._again(jobs)
        except BaseException as error:
            self._give_up(jobs, error)

    def _again(self, jobs: list[_Job]) -> None:
        """Nothing of it was kept: once more with a savepoint for each, so that only the job to blame fails."""
        for job in jobs:
            job.answer = job.error = None
        self._together(jobs, each_saved=True)

    def _one(self, job: _Job, *, saved: bool) -> None:
        try:
            if saved:
                with self.savepoint():
                    job.answer = job.run()
            else:
                job.answer = job.run()
        except BaseException as error:
            if not self._connection.in_transaction or (isinstance(error, Spoiled) and not saved):
                raise  # the whole transaction is void: the disk is full, or half of a job is in it
            job.error = _ours(error.__cause__ if isinstance(error, Spoiled) and error.__cause__ else error)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What is written inside is undone if it raises; the transaction goes on."""
        execute = self._cursor.execute
        execute("SAVEPOINT job")
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:
                execute("ROLLBACK TO job")
                execute("RELEASE job")
            raise
        execute("RELEASE job")

    def _give_up(self, jobs: list[_Job], error: BaseException) -> None:
        if isinstance(error, OSError) or getattr(error, "sqlite_errorcode", 0) in _SYNC_ERRORS:
            self.broken = error
        _fail(jobs, error)
        try:
            if self._connection.in_transaction:
                self._cursor.execute("ROLLBACK")
        except sqlite3.Error as second:
            self.broken = second

    def _try(self, run: Callable[[], Any]) -> tuple[Any, BaseException | None]:
        try:
            return run(), None
        except Exception as error:
            return None, _ours(error)


def _apart(jobs: list[_Job]) -> list[list[_Job]]:
    """Runs of jobs that share a transaction; a job that wants none stands alone."""
    runs: list[list[_Job]] = []
    for job in jobs:
        if runs and Kind.ALONE not in (job.kind, runs[-1][0].kind):
            runs[-1].append(job)
        else:
            runs.append([job])
    return runs


def _took(token: list[None]) -> bool:
    """Taking out of a list is atomic: exactly one of two threads succeeds."""
    try:
        token.pop()
    except IndexError:
        return False
    return True


def _fail(jobs: list[_Job], error: BaseException) -> None:
    for job in jobs:
        job.answer, job.error = None, StorageError("nothing was stored")
        job.error.__cause__ = error


def _ours(error: BaseException) -> BaseException:
    """`error` as one of ours if it came from the database; what a decision raised stays what it is."""
    made: HelplineError
    if isinstance(error, DBAPIError) and error.orig is not None:
        error = error.orig
    if not isinstance(error, sqlite3.Error):
        return error
    if isinstance(error, sqlite3.IntegrityError):
        made = Conflict("the database holds something else in this place")
    else:
        made = StorageError(f"the database refused ({type(error).__name__})")
    made.__cause__ = error
    return made

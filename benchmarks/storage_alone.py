"""Storage alone: the exactly-once turn on SQLite beside a plain `sqlite3` thread that writes the same rows.

Both sync each commit (`synchronous=FULL`) and commit together whatever waits; a hundred callers wait for their turn.
"""

import asyncio
import os
import sqlite3
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from queue import Empty, SimpleQueue

import uvloop

from benchmarks.figures import Figure, at_least, middle
from bot.core.writes import Decided, Knock, Loaded, Post
from storage import open_database

CALLERS = 100
SECONDS = 2.0
SESSION = os.urandom(420)
TICKET = os.urandom(41)
MESSAGE = "m" * 900
"""What a question with a dozen buttons takes as ids."""
NOW = 1_790_000_000

Turn = Callable[[int, int], Awaitable[object]]
"""(caller, number of the update)"""

_SCHEMA = """
CREATE TABLE updates (source TEXT, number INTEGER, hour INTEGER, PRIMARY KEY (source, number)) WITHOUT ROWID;
CREATE TABLE conversations (key BLOB PRIMARY KEY, session BLOB, hour INTEGER) WITHOUT ROWID;
CREATE TABLE outbox (id BLOB PRIMARY KEY, serial INTEGER, kind TEXT, priority INTEGER, ticket BLOB, message TEXT,
    collapse BLOB UNIQUE, since INTEGER, due_at INTEGER, fence INTEGER, attempts INTEGER) WITHOUT ROWID;
"""


def measure(rounds: int) -> list[Figure]:
    pairs = [(uvloop.run(_ours()), uvloop.run(_plain())) for _ in range(rounds)]
    peer = "a plain sqlite3 thread that commits together"
    return [
        Figure("storage alone: turns", middle([a for a, _ in pairs]), "/s"),
        Figure("plain sqlite3: turns", middle([b for _, b in pairs]), "/s", peer=peer),
        Figure("storage alone beside plain sqlite3", middle([a / b for a, b in pairs]), "×", at_least(0.4), peer),
    ]


async def _ours() -> float:
    with tempfile.TemporaryDirectory(prefix="hamrah-bench-") as folder:
        database = await open_database(f"sqlite:///{folder}/hamrah.db", migrate=True)

        async def turn(caller: int, number: int) -> object:
            key = _key(caller)

            def decide(loaded: Loaded) -> Decided:
                post = Post(os.urandom(16), "prompt", 1, TICKET, MESSAGE, key, NOW, NOW + 30)
                return Decided(SESSION, (post,))

            return await database.take(Knock("tg:1", number, (key, key), NOW), lambda _: None, decide)

        rate = await _rate(turn)
        await database.close()
    return rate


async def _plain() -> float:
    with tempfile.TemporaryDirectory(prefix="hamrah-bench-") as folder:
        writer = _Writer(Path(folder) / "plain.db")

        rate = await _rate(lambda caller, number: writer.turn(_key(caller), number))
        writer.close()
    return rate


async def _rate(turn: Turn) -> float:
    """Turns per second of callers that each ask again when they were answered."""
    until = time.perf_counter() + SECONDS
    done = 0

    async def call(caller: int) -> None:
        nonlocal done
        number = caller
        while time.perf_counter() < until:
            await turn(caller, number)
            number += CALLERS
            done += 1

    began = time.perf_counter()
    await asyncio.gather(*(call(caller) for caller in range(CALLERS)))
    return done / (time.perf_counter() - began)


class _Writer:
    """As little as can be between a caller and the rows."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for setting in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "temp_store=MEMORY"):
            self._connection.execute(f"PRAGMA {setting}").fetchall()
        self._connection.executescript(_SCHEMA)
        self._loop = asyncio.get_running_loop()
        self._jobs: SimpleQueue[tuple[bytes, int, asyncio.Future[None]] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def turn(self, key: bytes, number: int) -> "asyncio.Future[None]":
        done = self._loop.create_future()
        self._jobs.put((key, number, done))
        return done

    def close(self) -> None:
        self._jobs.put(None)
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            jobs = [job]
            try:
                while (more := self._jobs.get_nowait()) is not None:
                    jobs.append(more)
            except Empty:
                pass
            self._connection.execute("BEGIN IMMEDIATE")
            for key, number, _ in jobs:
                self._write(key, number)
            self._connection.execute("COMMIT")
            self._loop.call_soon_threadsafe(_tell, [done for _, _, done in jobs])

    def _write(self, key: bytes, number: int) -> None:
        execute = self._connection.execute
        execute("SELECT 1 FROM updates WHERE source = ? AND number = ?", ("tg:1", number)).fetchone()
        execute("SELECT session FROM conversations WHERE key = ?", (key,)).fetchone()
        execute("INSERT INTO updates VALUES (?, ?, ?)", ("tg:1", number, NOW // 3600))
        execute("INSERT OR REPLACE INTO conversations VALUES (?, ?, ?)", (key, SESSION, NOW // 3600))
        row = (os.urandom(16), number, "prompt", 1, TICKET, MESSAGE, key, NOW, NOW + 30, 0, 0)
        execute("INSERT OR REPLACE INTO outbox VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def _tell(waiting: "list[asyncio.Future[None]]") -> None:
    for done in waiting:
        done.set_result(None)


def _key(caller: int) -> bytes:
    return b"%032d" % caller

"""The embedded database: one process, the right settings, one commit for what waits, and no surprises from the disk."""

import asyncio
import os
import resource
import sqlite3
import stat
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.core.errors import Busy, StorageError
from bot.core.writes import Decided, Loaded
from storage import Database, hot, lane, open_database, probe
from storage.lock import refuse_network_disk
from storage.sqlite import SqliteDatabase
from tests.storage.making import keeping, knock, nobody, post, record
from tests.storage.running import work


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "hamrah.db"


async def opened(path: Path) -> SqliteDatabase:
    database = await open_database(f"sqlite:///{path}", migrate=True)
    assert isinstance(database, SqliteDatabase)
    return database


async def test_the_settings_are_read_back_and_are_those_promised(path: Path) -> None:
    database = await opened(path)
    wanted = {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "trusted_schema": 0,
        "busy_timeout": 5000, "locking_mode": "exclusive", "temp_store": 2,
    }  # fmt: skip
    assert wanted == await database.read(lambda c: {n: c.execute(text(f"PRAGMA {n}")).scalar_one() for n in wanted})
    await database.close()


async def test_the_file_is_for_its_owner_alone(path: Path) -> None:
    database = await opened(path)
    await database.take(knock(1), nobody, keeping(b"s"))
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
    await database.close()


@pytest.mark.promise("R24")
async def test_a_second_process_on_the_same_file_exits_with_one_clear_line(path: Path) -> None:
    database = await opened(path)
    code = f"import asyncio; from storage import open_database; asyncio.run(open_database('sqlite:///{path}'))"
    second = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stderr=asyncio.subprocess.PIPE)
    _, errors = await second.communicate()
    assert second.returncode != 0
    assert "another process is working on hamrah.db" in errors.decode().splitlines()[-1]
    await database.close()
    await (await opened(path)).close()


async def test_not_even_another_program_reads_beside_us(path: Path) -> None:
    """Single-connection mode: the rare damage of two connections to one journal cannot happen."""
    database = await opened(path)
    with sqlite3.connect(path, timeout=0) as other, pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("SELECT * FROM marks").fetchall()
    await database.close()


@pytest.mark.promise("R24")
@pytest.mark.parametrize("kind", ["nfs4", "cifs", "9p", "fuse.sshfs"])
def test_a_network_disk_is_refused(tmp_path: Path, kind: str) -> None:
    mounts = f"/dev/root / ext4 rw 0 0\nserver:/data {tmp_path} {kind} rw 0 0\n"
    with pytest.raises(StorageError, match="network file system"):
        refuse_network_disk(tmp_path / "deeper", mounts)


def test_a_local_disk_below_a_network_mount_is_accepted(tmp_path: Path) -> None:
    refuse_network_disk(tmp_path, f"server:/ {tmp_path.parent} nfs rw 0 0\n/dev/sdb {tmp_path} ext4 rw 0 0\n")


@pytest.mark.promise("R24")
@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("mysql://root@localhost/x", "mysql is not supported"),
        ("not an address", "not understood"),
        ("sqlite:////nowhere/at/all/hamrah.db", "folder of the database does not exist"),
        ("sqlite:////proc/hamrah.db", "cannot be written"),
        ("postgresql://nobody@127.0.0.1:1/none", "PostgreSQL cannot be reached"),
    ],
)
async def test_a_wrong_address_is_one_line(address: str, says: str) -> None:
    with pytest.raises(StorageError, match=says) as refused:
        await open_database(address)
    assert "\n" not in str(refused.value)


@pytest.mark.promise("R24")
async def test_tables_of_another_release_are_refused(path: Path) -> None:
    with pytest.raises(StorageError, match="run `hamrah migrate`"):
        await open_database(f"sqlite:///{path}")
    await (await opened(path)).close()
    with sqlite3.connect(path) as beside:
        beside.execute("UPDATE alembic_version SET version_num = '0000'")
    beside.close()
    with pytest.raises(StorageError, match="revision 0000"):
        await open_database(f"sqlite:///{path}")


@pytest.mark.promise("R29")
async def test_a_damaged_file_is_noticed_at_start(path: Path) -> None:
    database = await opened(path)
    for number in range(60):
        await database.take(knock(number), nobody, keeping(b"s" * 400, post()))
    await database.close()
    content = bytearray(path.read_bytes())
    for page in range(4, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = os.urandom(64)
    path.write_bytes(content)
    with pytest.raises(StorageError, match=r"damaged|cannot be used"):
        await opened(path)


async def test_turns_that_wait_share_one_commit(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = await opened(path)
    commits: list[str] = []
    database._connection.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
    await asyncio.gather(
        *(database.take(knock(n, keys=(b"%032d" % n,)), nobody, keeping(b"s", post())) for n in range(100))
    )
    assert 1 <= len(commits) <= 5
    await database.close()


@pytest.mark.promise("R3")
async def test_nobody_is_told_before_the_commit_that_holds_their_turn(path: Path) -> None:
    database = await opened(path)
    happened: list[str] = []
    database._connection.set_trace_callback(lambda sql: happened.append(sql) if sql == "COMMIT" else None)
    for number in range(20):
        await database.take(knock(number), nobody, keeping(b"s"))
        happened.append("told")
    assert happened == ["COMMIT", "told"] * 20
    await database.close()


@pytest.mark.promise("R9")
async def test_a_long_job_makes_others_wait_and_then_all_succeed(path: Path) -> None:
    database = await opened(path)
    slow = asyncio.ensure_future(database.write(lambda c: time.sleep(1)))
    await asyncio.gather(
        *(database.take(knock(n, keys=(b"%032d" % n,)), nobody, keeping(b"s")) for n in range(50)), slow
    )
    assert (await database.read(probe.counts))["conversations"] == 50
    await database.close()


@pytest.mark.promise("R9")
async def test_who_waits_too_long_is_told_busy_and_nothing_of_it_happens(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "PATIENCE_S", 0.3)
    database = await opened(path)
    held = threading.Event()
    slow = asyncio.ensure_future(database.write(lambda c: held.wait(10)))
    await asyncio.sleep(0.05)
    with pytest.raises(Busy):
        await database.take(knock(1), nobody, keeping(b"s"))
    held.set()
    assert await slow is True
    assert await database.take(knock(1), nobody, keeping(b"s")) is not None, "it did not happen before"
    await database.close()


@pytest.mark.promise("R16")
async def test_the_queue_is_bounded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane, "WAITING_AT_MOST", 10)
    database = await opened(path)
    turns = [asyncio.ensure_future(database.take(knock(n), nobody, keeping(b"s"))) for n in range(30)]
    outcomes = await asyncio.gather(*turns, return_exceptions=True)
    assert sum(isinstance(outcome, Busy) for outcome in outcomes) == 20
    await database.close()


@pytest.mark.promise("R10")
async def test_when_the_disk_is_full_nothing_is_acknowledged_and_with_space_back_all_is_well(path: Path) -> None:
    """The largest file this process may write stands in for the disk."""
    database = await opened(path)
    await database.take(knock(1), nobody, keeping(b"s", record(b"c" * 16, 0)))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    largest = max(file.stat().st_size for file in path.parent.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest + 8192, hard))
    refused = 0
    try:
        for number in range(2, 12):
            try:
                await database.take(knock(number), nobody, keeping(b"s", record(b"c" * 16, number, size=30_000)))
            except StorageError:
                refused += 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert refused > 0
    stored = (await database.read(probe.counts))["records"]
    assert stored == 11 - refused
    for number in range(2, 12):
        await database.take(knock(number), nobody, keeping(b"s", record(b"c" * 16, number, size=30_000)))
    assert (await database.read(probe.counts))["records"] == 11
    assert await database.read(probe.damage) == []
    await database.close()


@pytest.mark.promise("R10")
async def test_after_a_failed_sync_every_call_is_refused(path: Path) -> None:
    outcome = work(f"sqlite:///{path}", "load", list(range(40)), failpoints="F7=eio@2")
    assert "failed StorageError" in outcome.lines
    assert len(outcome.acknowledged) < 40


@pytest.mark.promise("R10")
async def test_what_cannot_be_written_to_is_refused_at_start(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StorageError, match="cannot be opened for writing"):
        await opened(path)
    path.rmdir()
    await (await opened(path)).close()


async def test_after_closing_everything_is_in_one_file(path: Path) -> None:
    """The journal is emptied, so that a plain copy of a stopped service is complete."""
    database = await opened(path)
    await database.take(knock(1), nobody, keeping(b"s"))
    await database.close()
    journal = path.with_name(path.name + "-wal")
    assert not journal.exists() or journal.stat().st_size == 0
    with pytest.raises(StorageError, match="closed"):
        await database.take(knock(2), nobody, keeping(b"s"))


async def test_the_journal_is_emptied_every_ten_minutes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane, "CHECKPOINT_EVERY_S", 0.2)
    database = await opened(path)
    await database.take(knock(1), nobody, keeping(b"s"))
    journal = path.with_name(path.name + "-wal")
    for _ in range(100):
        if journal.stat().st_size == 0:
            break
        await asyncio.sleep(0.02)
    assert journal.stat().st_size == 0
    await database.close()


async def test_a_decision_that_breaks_the_rules_of_time_hurts_only_itself(embedded: Database) -> None:
    """A decision runs between its neighbours; whatever it raises, even an interrupt of its own making, is its own."""

    class Odd(BaseException):
        pass

    def decide(loaded: Loaded) -> Decided:
        raise Odd

    both = await asyncio.gather(
        embedded.take(knock(1), nobody, decide),
        embedded.take(knock(2, keys=(b"k" * 32,)), nobody, keeping(b"s")),
        return_exceptions=True,
    )
    assert isinstance(both[0], Odd)
    assert isinstance(both[1], Decided)


async def test_a_plain_turn_that_fails_half_way_hurts_only_itself(embedded: Database) -> None:
    """It has no savepoint of its own, so the group is done again with one for each."""
    broken = replace(post(), priority="urgent")  # type: ignore[arg-type]  # refused by the table
    turns = [
        embedded.take(knock(n, keys=(b"%032d" % n,)), nobody, keeping(b"s", broken if n == 7 else post()))
        for n in range(20)
    ]
    outcomes = await asyncio.gather(*turns, embedded.write(lambda c: probe.beat(c, 1)), return_exceptions=True)
    assert [n for n, outcome in enumerate(outcomes) if isinstance(outcome, BaseException)] == [7]
    assert isinstance(outcomes[7], StorageError)
    counted = await embedded.read(probe.counts)
    assert (counted["updates"], counted["conversations"], counted["outbox"]) == (19, 19, 19)


def test_the_short_cuts_of_a_plain_turn_name_their_places_in_order() -> None:
    """Three statements get their parameters by position, without looking names up."""
    assert hot.SEEN.sqlite.names == ("source", "number")
    assert hot.FIND.sqlite.names == ("at",)
    assert hot.UPDATE_SEEN.sqlite.names == ("source", "number", "hour")
    assert hot.STAYS.sqlite.names == ("session", "at")


def _plain(conn: Connection) -> int:
    return int(conn.execute(text("SELECT 1")).scalar_one())


async def test_a_database_in_memory_starts_empty_and_forgets(embedded: Database) -> None:
    assert await embedded.read(_plain) == 1
    assert sum((await embedded.read(probe.counts)).values()) == 0

"""Durable means synced: the journal's sync ends before anybody hears of the turn, seen in the system's own calls (R3)."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TURNS = 1000
CODE = """
import asyncio, sys
from tests.storage import workload
from storage import open_database

async def main(address, turns):
    database = await open_database(address, migrate=True)
    for number in range(turns):
        await workload.tell(database, number)
    await database.close()

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""
JOURNAL_WRITTEN = re.compile(r"pwrite64\(\d+<[^>]*-wal>")
JOURNAL_SYNCED = re.compile(r"(?:fsync|fdatasync)\(\d+<[^>]*-wal>\)\s+= 0")
SYNC_ENDED_LATER = re.compile(r"(?:fsync|fdatasync) resumed>.*= 0")
TOLD = re.compile(r'write\(1[<,].*"ack ')


@pytest.mark.slow
@pytest.mark.promise("R3")
@pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace is not installed: it shows the order of system calls"
)
def test_the_journal_is_synced_before_the_answer_is_written(tmp_path: Path) -> None:
    trace = tmp_path / "calls"
    watched = subprocess.run(
        [
            *("strace", "-f", "-y", "-e", "trace=write,pwrite64,fsync,fdatasync", "-o", str(trace)),
            *(sys.executable, "-c", CODE, f"sqlite:///{tmp_path / 'hamrah.db'}", str(TURNS)),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    if watched.returncode != 0 and "PTRACE" in watched.stderr:
        pytest.skip("this machine does not let a process be watched")
    assert watched.returncode == 0, watched.stderr
    told, unsynced = 0, False
    for line in trace.read_text(encoding="utf-8", errors="replace").splitlines():
        if JOURNAL_WRITTEN.search(line):
            unsynced = True
        elif JOURNAL_SYNCED.search(line) or SYNC_ENDED_LATER.search(line):
            unsynced = False
        elif TOLD.search(line):
            assert not unsynced, f"turn {told} was acknowledged before it was synced"
            told += 1
    assert told == TURNS

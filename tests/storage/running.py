"""Starts the workload in a process of its own, kills it, and reads what it had acknowledged.

Processes are forked from a server that has loaded everything once, so that a kill costs milliseconds, not a start.
"""

import multiprocessing
import os
import time
from dataclasses import dataclass

from tests.storage import workload

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.storage.workload", "storage.postgres", "sqlalchemy.dialects.postgresql.asyncpg"])
PATIENCE_S = 60


@dataclass(frozen=True)
class Outcome:
    """`killed`: it ended by SIGKILL.  `acknowledged`: what followed "ack", in order."""

    killed: bool
    lines: tuple[str, ...]

    @property
    def acknowledged(self) -> tuple[str, ...]:
        return tuple(line[4:] for line in self.lines if line.startswith("ack "))


def work(
    address: str, what: str, numbers: list[int], *, failpoints: str = "", kill_after_s: float | None = None
) -> Outcome:
    ours, theirs = _FORKS.Pipe(duplex=False)
    process = _FORKS.Process(target=workload.run, args=(theirs, address, what, numbers, failpoints))
    process.start()
    theirs.close()
    said = b""
    if kill_after_s is not None:
        said = os.read(ours.fileno(), 1000)  # the clock starts when it has opened the database
        time.sleep(kill_after_s)
        process.kill()
    while some := os.read(ours.fileno(), 65536):
        said += some
    process.join(PATIENCE_S)
    ours.close()
    assert process.exitcode in (0, -9), f"the workload ended with {process.exitcode}"
    return Outcome(process.exitcode == -9, tuple(said.decode().splitlines()))

"""What both databases offer: one exactly-once turn, and transactions for everything else."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from bot.core.writes import Decided, Knock, Loaded, Wanted

T = TypeVar("T")
Wants = Callable[[bytes], Wanted | None]
"""From the session that was loaded: the mailbox it has open, for the head of its case, or none."""
Decide = Callable[[Loaded], Decided]


class Database(Protocol):
    """SQLite or PostgreSQL.  A function given to it may run twice when another replica was faster.

    So it must have no effect besides its result and what it does on its `Connection`.
    """

    dialect: str

    @property
    def broken(self) -> BaseException | None:
        """A failed sync: what the disk holds is unknown, so the process must end and start anew (R10)."""

    async def take(self, knock: Knock, wants: Wants, decide: Decide) -> Decided | None:
        """Do one turn exactly once, durably; none when this update was done before.

        Whatever is raised, by `decide` or by the database, nothing happened.  Cancelling the caller does not
        stop a turn that has begun.
        """

    async def read(self, fn: Callable[[Connection], T]) -> T:
        """Return what `fn` finds."""

    async def write(self, fn: Callable[[Connection], T]) -> T:
        """Return what `fn` answers, after its changes are durable."""

    async def snapshot(self, fn: Callable[[Connection], T]) -> T:
        """Return what `fn` makes of one unchanging view of everything, while turns go on (R18)."""

    async def checkpoint(self) -> None:
        """Leave no deleted bytes in the journal (S45); on PostgreSQL, in dead rows."""

    async def compact(self) -> None:
        """Give back the room of what was deleted; turns wait meanwhile on SQLite."""

    async def close(self) -> None:
        """Finish what has begun and let go."""

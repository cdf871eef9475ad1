"""What must happen while nobody writes: old rows and keys go, the audit log is chained, a new roster is taken over, and
whether every case still has a reader is looked at (R27)."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.sealing.roster import LivingRoster
from bot.sealing.today import DailyKeys
from bot.services.readership import Readership
from storage import Database, audit, cases, purge, rosters

EVERY_S = 5.0
MINUTE = 60
PURGE_MINUTES = 60
READERS_MINUTES = 60

log = structlog.get_logger()


class Upkeep:
    """`renewed`: called when another roster counts.  `keep_days`: how long a closed case stays.

    `end_log`: ends entries of the audit log whose time is over; asked only where the purge believed the clock (R14).
    """

    def __init__(
        self,
        database: Database,
        keys: DailyKeys,
        roster: LivingRoster,
        now: Callable[[], int],
        renewed: Callable[[], None],
        keep_days: Callable[[], int],
        end_log: Callable[[int], Awaitable[object]],
        readership: Readership,
    ) -> None:
        self._database = database
        self._keys = keys
        self._roster = roster
        self._now = now
        self._renewed = renewed
        self._keep_days = keep_days
        self._end_log = end_log
        self._readership = readership
        self._readers_at = -1
        self._erased = False
        self._minute = -1
        self._document = b""

    async def keep(self) -> None:
        """Look every few seconds, until cancelled; a failing task is logged and tried again."""
        while True:
            await self._calmly(self.watch_roster)
            minute = self._now() // MINUTE
            if minute != self._minute:
                self._minute = minute
                await self._calmly(self.tidy)
            if self._minute // READERS_MINUTES != self._readers_at:
                await self._calmly(self.watch_readers)
            await asyncio.sleep(EVERY_S)

    async def watch_roster(self) -> None:
        """A newer signed roster counts from the next seal on; one that does not verify changes nothing and is alarmed."""
        document = await self._database.read(rosters.newest)
        if document != self._document:
            self._roster.load(document, now=self._now())
            self._document = document
            self._readers_at = -1
            self._renewed()

    async def watch_readers(self) -> None:
        """Once an hour and after each change of the roster; a lapsed one still says who could open (R27)."""
        self._readers_at = self._minute // READERS_MINUTES
        found = await self._readership.look(self._roster.last(), now=self._now())
        if found.closed:
            log.error("cases_without_reader", count=found.closed)

    async def tidy(self) -> None:
        now = self._now()
        await self._database.write(audit.chain_new)
        while await self._database.write(lambda conn: cases.wake(conn, now)):
            pass
        self._keys.destroy_lapsed(now=now)
        if self._minute % PURGE_MINUTES == 0:
            await purge.purge(self._database, now, keep_cases_days=self._keep_days())
            await self._end_log(now)
        if self._erased:  # within the minute, and once for all who deleted something in it
            self._erased = False
            await self._database.checkpoint()

    def erased(self) -> None:
        """A reporter deleted something: the journal must not keep it (S45)."""
        self._erased = True

    async def _calmly(self, task: Callable[[], Awaitable[None]]) -> None:
        try:
            await task()
        except Exception as fault:  # whatever it is, the other tasks must go on
            log.error("upkeep_failed", fault=type(fault).__name__)

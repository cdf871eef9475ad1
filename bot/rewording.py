"""Watches what was published at the translators' desk, so that every replica says it within seconds, without a restart."""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from bot.wording.live import LiveWording
from storage import Database, wordings

EVERY_S = 2.0
"""A published change is read by every replica within 5 s; a look is one count over an index."""

log = structlog.get_logger()


class Rewording:
    """`renewed`: called after other words count."""

    def __init__(self, database: Database, live: LiveWording, renewed: Callable[[], None]) -> None:
        self._database = database
        self._live = live
        self._renewed = renewed
        self._seen = 0
        self.well = True

    async def keep(self) -> None:
        """Look every two seconds, until cancelled; while the database is away, the words of before stay."""
        while True:
            try:
                await self.look()
                self.well = True
            except Exception as fault:  # whatever it is, children go on reading what they read before
                self.well = False
                log.error("wording_unread", fault=type(fault).__name__)
            await asyncio.sleep(EVERY_S)

    async def look(self, *, anew: bool = False) -> None:
        """Take over what was published since the last look.  `anew`: also what is known already, as the content changed.

        The count is read first: whatever is published between the two reads is taken now, and once more next time.
        """
        count = await self._database.read(wordings.shown_changes)
        if count == self._seen and not anew:
            return
        rows: Sequence[wordings.Version] = await self._database.read(wordings.counting)
        for line in self._live.take(rows):
            log.error("wording_refused", why=line)
        self._seen = count
        self._renewed()

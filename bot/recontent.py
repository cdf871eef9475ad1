"""Watches what administrators published, so that every replica has the same content and settings within seconds.

A set is built beside the one that counts and takes its place when it is sound; a turn goes on with what it began with.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass

import structlog

from bot.content.living import Set, build
from bot.content.model import Content
from bot.content.seeking import Seeker, make_seeker
from bot.core.events import Leads
from bot.services.content_desk import calls_of, shown_of
from bot.services.ruling import overruled
from bot.settings import Settings
from bot.starting import language_faults
from storage import Database, entries

EVERY_S = 2.0
"""What is published is taken over within 5 s; a look is one count over an index."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Taken:
    """What counts from now on."""

    content: Content
    settings: Settings


class LiveMapping(Mapping[str, int]):
    """Always what the content of now says."""

    def __init__(self, now: Callable[[], Mapping[str, int]]) -> None:
        self._now = now

    def __getitem__(self, key: str) -> int:
        return self._now()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())


class Recontent:
    """`take`: called with what counts from now on; `settings`: as the file or the environment has them."""

    def __init__(
        self, database: Database, content: Content, settings: Settings, take: Callable[[Taken], Awaitable[None]]
    ) -> None:
        self._database = database
        self._set = Set(content)
        self._settings = settings
        self._take = take
        self._seen = 0
        self._seeker: Seeker = make_seeker(content)

    def seek(self, words: str) -> Leads:
        """Where words lead, by the content of now."""
        return self._seeker.seek(words)

    async def keep(self) -> None:
        """Look every two seconds, until cancelled; while the database is away, everything stays as it was."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.look()
            except Exception as fault:  # whatever it is, talks go on with the content of before
                log.error("content_unread", fault=type(fault).__name__)

    async def look(self) -> None:
        """Take over what was published since the last look; the count is read first, as in `Rewording`."""
        count = await self._database.read(entries.shown_changes)
        if count == self._seen:
            return
        rows = await self._database.read(entries.counting)
        made, refused = await asyncio.to_thread(build, shown_of(rows), calls_of(rows), self._set)
        settings, more = overruled(self._settings, rows, language_faults)
        for line in (*refused, *more):
            log.error("content_refused", why=line)
        seeker = await asyncio.to_thread(make_seeker, made.content)
        await self._take(Taken(made.content, settings))
        self._set, self._seeker, self._seen = made, seeker, count

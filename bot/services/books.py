"""What is noted after sending, gathered and written a few times a second: rows of the outbox that are done, ids of messages.

Losing a note costs a harmless repeat of a message, never a message (reliability §5).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from bot.core.errors import StorageError

EVERY_S = 0.1
RETRY_S = 1.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Fading:
    """When a message is to be deleted by itself (epoch seconds), and the sealed chat it stands in."""

    at: int
    ticket: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """A message that may be swept later; `message`: the channel's number."""

    conversation: bytes
    message: int
    fading: Fading | None = None


@dataclass(slots=True)
class Page:
    """One batch."""

    done: list[bytes] = field(default_factory=list)
    waits: dict[bytes, int] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.done or self.waits or self.seen)


class Shelf(Protocol):
    async def write(self, page: Page) -> None: ...

    async def messages_of(self, conversations: Sequence[bytes], *, fading: bool) -> tuple[int, ...]: ...

    async def forget(self, conversations: Sequence[bytes], messages: Sequence[int]) -> None: ...


class Books:
    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._page = Page()
        self._writing = asyncio.Lock()

    def sent(self, post: bytes | None, conversation: bytes, message: int, fading: Fading | None = None) -> None:
        if post is not None:
            self._page.done.append(post)
        self.heard(conversation, message, fading)

    def dropped(self, post: bytes | None) -> None:
        if post is not None:
            self._page.done.append(post)

    def later(self, post: bytes | None, seconds: float) -> None:
        if post is not None:
            self._page.waits[post] = int(seconds) + 1

    def heard(self, conversation: bytes, message: int, fading: Fading | None = None) -> None:
        if conversation:
            self._page.seen.append(Seen(conversation, message, fading))

    async def messages_of(self, conversations: tuple[bytes, ...], *, fading: bool = False) -> tuple[int, ...]:
        await self.flush()
        return await self._shelf.messages_of(conversations, fading=fading)

    async def forget(self, conversations: tuple[bytes, ...], messages: Sequence[int]) -> None:
        await self._shelf.forget(conversations, messages)

    async def flush(self) -> bool:
        """Write all that was gathered so far; on failure it is kept for the next time."""
        async with self._writing:  # whoever asks for the messages of a chat waits for a page that is being written
            page, self._page = self._page, Page()
            if not page:
                return True
            try:
                await self._shelf.write(page)
            except StorageError as fault:
                log.warning("books_not_written", fault=type(fault).__name__)
                newer, self._page = self._page, page
                self._page.done += newer.done
                self._page.waits |= newer.waits
                self._page.seen += newer.seen
                return False
            return True

    async def keep(self) -> None:
        """Write now and then, until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            if not await self.flush():
                await asyncio.sleep(RETRY_S)

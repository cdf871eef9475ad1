"""Deletes in time what should not stay in a chat (S41): a row that was noted when the message was sent is the job.

It outlives restarts, any replica does it, and what could not be deleted is tried again until the channel allows it no more.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from bot.core.errors import HelplineError, SealingError
from bot.sealing.today import DailyKeys

AT_ONCE = 500
EVERY_S = 2.0
AGAIN_S = 60
"""After this long a message that could not be deleted is due again."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Gone:
    """A message whose time is over, and the sealed chat it stands in."""

    conversation: bytes
    message: int
    ticket: bytes


class Shelf(Protocol):
    async def claim(self, limit: int, lease_s: int) -> Sequence[Gone]: ...

    async def forget(self, conversations: Sequence[bytes], messages: Sequence[int]) -> None: ...


Delete = Callable[[bytes, Sequence[int]], Awaitable[bool]]
"""(address, messages) → whether it is done: deleted, or never to be deleted any more."""


class Vanishing:
    def __init__(self, shelf: Shelf, keys: DailyKeys, delete: Delete, now: Callable[[], int]) -> None:
        self._shelf = shelf
        self._keys = keys
        self._delete = delete
        self._now = now

    async def keep(self) -> None:
        """Look every other second, until cancelled."""
        while True:
            try:
                looked = await self.round()
            except Exception as fault:  # a busy database must not end this work for good
                log.warning("vanishing_not_done", fault=type(fault).__name__)
                looked = 0
            if looked < AT_ONCE:
                await asyncio.sleep(EVERY_S)

    async def round(self) -> int:
        """Delete what is due; return how many messages that were."""
        due = await self._shelf.claim(AT_ONCE, AGAIN_S)
        chats: defaultdict[bytes, list[Gone]] = defaultdict(list)
        for one in due:
            chats[one.conversation].append(one)
        for conversation, gone in chats.items():
            await self._one(conversation, gone)
        return len(due)

    async def _one(self, conversation: bytes, gone: Sequence[Gone]) -> None:
        messages = [one.message for one in gone]
        try:
            address = self._keys.open_today("ticket", gone[-1].ticket, now=self._now())
        except SealingError as fault:  # its day has passed, and with it what can be deleted; or the row was changed
            log.warning("vanishing_unreadable", fault=type(fault).__name__)
            await self._shelf.forget([conversation], messages)
            return
        try:
            done = await self._delete(address, messages)
        except HelplineError as fault:
            log.info("not_vanished", fault=type(fault).__name__, count=len(messages))
            return
        if done:
            await self._shelf.forget([conversation], messages)

"""Says in a chat that something is new, where a child asked for it: late, neutral, at most once for an answer (D10).

This work alone holds the key that opens those chats.  It first drops whatever was ended, so that nothing comes after leaving.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha256
from typing import Protocol

import structlog

from bot.core.effects import Class, Say, Text
from bot.core.errors import SealingError
from bot.core.quiet import QuietHours
from bot.sealing.notice import NotifierKeys

EVERY_S = 5.0
AT_ONCE = 25
APART_S = 0.04
"""At most 25 a second in all (R7)."""

SOONEST_S, LATEST_S = 5 * 60, 60 * 60
"""By chance within these after the answer: who watches both ends cannot tell which answer it was."""

NEWS = Say((Text("notice.news"),), kind=Class.CODE)
"""Protected and never queued: what is lost is not said twice."""

log = structlog.get_logger()


class Sealed(Protocol):
    @property
    def mailbox(self) -> bytes: ...

    @property
    def chat(self) -> bytes: ...


class Shelf(Protocol):
    async def ends(self) -> Sequence[tuple[bytes, bytes]]: ...

    async def everybody(self) -> Sequence[Sealed]: ...

    async def finish(self, done: Sequence[bytes], dropped: Sequence[Sealed]) -> None: ...

    async def schedule(self, due: Callable[[], int]) -> None:
        """End what has lapsed; draw a time for everybody who has something new."""

    async def claim(self, limit: int) -> Sequence[Sealed]:
        """Whose time has come; they count as told from here on."""


Tell = Callable[[bytes, Say, str], Awaitable[object]]
"""(address, message, language): tried once, whatever comes of it."""


class Notifier:
    def __init__(
        self,
        shelf: Shelf,
        keys: NotifierKeys,
        tell: Tell,
        quiet: QuietHours,
        now: Callable[[], int],
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._shelf = shelf
        self._keys = keys
        self._tell = tell
        self._quiet = quiet
        self._now = now
        self._wait = wait
        self._seen: dict[bytes, bytes] = {}

    async def keep(self) -> None:
        """Look every few seconds, until cancelled."""
        while True:
            try:
                told = await self.round()
            except Exception as fault:  # a busy database must not end this work for good
                log.warning("notices_not_done", fault=type(fault).__name__)
                told = 0
            if told < AT_ONCE:
                await asyncio.sleep(EVERY_S)

    async def round(self) -> int:
        """End, draw and tell; return how many were told."""
        self._keys.destroy_lapsed(now=self._now())
        await self._end()
        await self._shelf.schedule(self._due)
        if self._quiet.over_at(self._now()) != self._now():
            return 0
        claimed = await self._shelf.claim(AT_ONCE)
        for one in claimed:
            await self._one(one)
            await self._wait(APART_S)
        return len(claimed)

    def _due(self) -> int:
        wanted = self._now() + _by_chance()
        over = self._quiet.over_at(wanted)
        return wanted if over == wanted else over + _by_chance()

    async def _end(self) -> None:
        """Which notices belong to a chat that was left shows only here, where both can be opened."""
        ends = await self._shelf.ends()
        if not ends:
            return
        left = {who for row, chat in ends if (who := self._who(row, chat)) is not None}
        notices = await self._shelf.everybody()
        known = {sha256(one.chat).digest() for one in notices}
        self._seen = {chat: who for chat, who in self._seen.items() if chat in known}
        dropped = [one for one in notices if self._known(one) in left]
        await self._shelf.finish([row for row, _ in ends], dropped)

    def _known(self, one: Sealed) -> bytes | None:
        """Opened once: opening ten thousand for each who leaves would take long."""
        name = sha256(one.chat).digest()
        if name not in self._seen:
            who = self._who(one.mailbox, one.chat)
            if who is None:
                return None
            self._seen[name] = who
        return self._seen[name]

    def _who(self, row: bytes, chat: bytes) -> bytes | None:
        try:
            return self._keys.open(row, chat)[0]
        except SealingError as fault:  # its key is gone, or the row was changed
            log.warning("notice_unreadable", fault=type(fault).__name__)
            return None

    async def _one(self, one: Sealed) -> None:
        try:
            address, lang = self._keys.open(one.mailbox, one.chat)
        except SealingError as fault:
            log.warning("notice_unreadable", fault=type(fault).__name__)
            return
        await self._tell(address, NEWS, lang)


def _by_chance() -> int:
    return SOONEST_S + secrets.randbelow(LATEST_S - SOONEST_S + 1)

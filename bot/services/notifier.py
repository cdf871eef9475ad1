"""Says in a chat that something is new, where a child asked for it: late, neutral, at most once for an answer (D10).

This work alone holds the key that opens those chats, and may run in a process that holds nothing else.  It first drops
whatever was ended, so that nothing comes after leaving.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha256
from typing import Protocol

import structlog

from bot.core.effects import Class, Say, Text
from bot.core.errors import SealingError
from bot.sealing.notice import Chat, NotifierKeys
from bot.services.notice_book import AT_ONCE, Sealed

EVERY_S = 5.0
APART_S = 0.04
"""At most 25 a second in all (R7)."""

NEWS = Say((Text("notice.news"),), kind=Class.CODE)
"""Protected and never queued: what is lost is not said twice."""

log = structlog.get_logger()


class Book(Protocol):
    """What is asked of the service, in this process or in another."""

    async def ends(self) -> Sequence[tuple[bytes, bytes]]: ...

    async def everybody(self, after: bytes) -> Sequence[Sealed]:
        """The next of them, by mailbox; none: that was all."""

    async def finish(self, done: Sequence[bytes], dropped: Sequence[tuple[bytes, bytes]]) -> None: ...

    async def reseal(self, mailbox: bytes, old: bytes, new: bytes) -> None: ...

    async def due(self) -> Sequence[Sealed]:
        """Whose time has come; they count as told from here on."""


class Voice(Protocol):
    """The messenger; nothing here raises for it."""

    async def tell(self, chat: Chat) -> int:
        """Tried once, whatever comes of it.  The id of the message, where this work has to take it back later; else 0."""

    async def unsay(self, chat: Chat) -> None:
        """Delete what was said there last."""


class Notifier:
    def __init__(
        self,
        book: Book,
        keys: NotifierKeys,
        voice: Voice,
        now: Callable[[], int],
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._book = book
        self._keys = keys
        self._voice = voice
        self._now = now
        self._wait = wait
        self._seen: dict[bytes, Chat] = {}

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
        """End and tell; return how many were told."""
        self._keys.destroy_lapsed(now=self._now())
        await self._end()
        due = await self._book.due()
        for one in due:
            await self._one(one)
            await self._wait(APART_S)
        return len(due)

    async def _end(self) -> None:
        """Which notices belong to a chat that was left shows only here, where both can be opened."""
        ends = await self._book.ends()
        if not ends:
            return
        left = {who.address for row, chat in ends if (who := self._who(row, chat)) is not None}
        known, dropped = dict[bytes, Chat](), list[tuple[bytes, bytes]]()
        after = b""
        while page := await self._book.everybody(after):
            for one in page:
                who = self._known(one, known)
                if who is not None and who.address in left:
                    await self._unsaid(who)
                    dropped.append((one.mailbox, one.chat))
            after = page[-1].mailbox
        self._seen = known
        await self._book.finish([row for row, _ in ends], dropped)

    def _known(self, one: Sealed, known: dict[bytes, Chat]) -> Chat | None:
        """Opened once: opening ten thousand for each who leaves would take long."""
        name = sha256(one.chat).digest()
        who = self._seen.get(name) or self._who(one.mailbox, one.chat)
        if who is not None:
            known[name] = who
        return who

    def _who(self, row: bytes, chat: bytes) -> Chat | None:
        try:
            return self._keys.open(row, chat)
        except SealingError as fault:  # its key is gone, or the row was changed
            log.warning("notice_unreadable", fault=type(fault).__name__)
            return None

    async def _one(self, one: Sealed) -> None:
        """The one before goes: a chat never holds two of them."""
        who = self._who(one.mailbox, one.chat)
        if who is None:
            return
        await self._unsaid(who)
        said = await self._voice.tell(who)
        if said:
            new = self._keys.seal(one.mailbox, who._replace(said=said), self._now())
            await self._book.reseal(one.mailbox, one.chat, new)

    async def _unsaid(self, who: Chat) -> None:
        if who.said:
            await self._voice.unsay(who)

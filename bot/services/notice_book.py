"""What the notifier may ask of the service (D10): sealed rows and ids, and when something is told.

The notifier alone opens a chat; when it speaks is decided here, by whoever cannot.
"""

import secrets
from collections.abc import Callable, Sequence
from typing import Protocol

from bot.core.quiet import QuietHours

AT_ONCE = 25
PAGE = 500

SOONEST_S, LATEST_S = 5 * 60, 60 * 60
"""By chance within these after the answer: who watches both ends cannot tell which answer it was."""


class Sealed(Protocol):
    @property
    def mailbox(self) -> bytes: ...

    @property
    def chat(self) -> bytes: ...


class Shelf(Protocol):
    async def ends(self) -> Sequence[tuple[bytes, bytes]]: ...

    async def everybody(self, after: bytes, limit: int) -> Sequence[Sealed]: ...

    async def finish(self, done: Sequence[bytes], dropped: Sequence[tuple[bytes, bytes]]) -> None: ...

    async def reseal(self, mailbox: bytes, old: bytes, new: bytes) -> None: ...

    async def schedule(self, due: Callable[[], int]) -> None:
        """End what has lapsed; draw a time for everybody who has something new."""

    async def claim(self, limit: int) -> Sequence[Sealed]:
        """Whose time has come; they count as told from here on."""


class NoticeBook:
    """Port `notifier.Book`, in the process that has the database."""

    def __init__(self, shelf: Shelf, quiet: QuietHours, now: Callable[[], int]) -> None:
        self._shelf = shelf
        self._quiet = quiet
        self._now = now

    async def ends(self) -> Sequence[tuple[bytes, bytes]]:
        return await self._shelf.ends()

    async def everybody(self, after: bytes) -> Sequence[Sealed]:
        return await self._shelf.everybody(after, PAGE)

    async def finish(self, done: Sequence[bytes], dropped: Sequence[tuple[bytes, bytes]]) -> None:
        await self._shelf.finish(done, dropped)

    async def reseal(self, mailbox: bytes, old: bytes, new: bytes) -> None:
        await self._shelf.reseal(mailbox, old, new)

    async def due(self) -> Sequence[Sealed]:
        """Draw times; then whose time has come, and nobody in the quiet hours."""
        await self._shelf.schedule(self._time)
        if self._quiet.over_at(self._now()) != self._now():
            return ()
        return await self._shelf.claim(AT_ONCE)

    def _time(self) -> int:
        wanted = self._now() + _by_chance()
        over = self._quiet.over_at(wanted)
        return wanted if over == wanted else over + _by_chance()


def _by_chance() -> int:
    return SOONEST_S + secrets.randbelow(LATEST_S - SOONEST_S + 1)

"""What one open page has not been told yet: each thing once, so that a slow page holds no more memory than a quick one."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from bot.services.officers.sign_in import Signed

HEARTBEAT_S: Final = 15.0


class Over(Enum):
    """Why a stream ended; a page asks by itself from then on, and comes back only after some."""

    SIGNED_OUT = "signed_out"
    LOCKED = "locked"
    MANY = "many"
    """A newer page of the same session took its place."""
    STOP = "stop"
    """This process stops; another one is there."""
    AWAY = "away"
    """The database does not answer."""
    GONE = "gone"
    """Nobody listens any more."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Something came into one of the officer's lists, or left one, or stands otherwise there."""


@dataclass(frozen=True, slots=True)
class CaseAt:
    """`count`: how many records the case has."""

    case: bytes
    version: int
    count: int


@dataclass(frozen=True, slots=True)
class Company:
    """Colleagues who have the case open, and those of them who write."""

    case: bytes
    viewing: tuple[str, ...]
    typing: tuple[str, ...]


News = Lists | CaseAt | Company | Over
Pulse = tuple[tuple[str, int], ...]


class Stream:
    """`told`: what was noted for the page of each case it has open."""

    def __init__(self, who: Signed) -> None:
        self.who = who
        self.told: Mapping[bytes, tuple[CaseAt, Company]] = {}
        self._pulse: Pulse | None = None
        self._waiting: dict[tuple[type, bytes], News] = {}
        self._over: Over | None = None
        self._woken = asyncio.Event()

    def lists_at(self, pulse: Pulse) -> None:
        """The first pulse counts as news, too: the page looked before it listened."""
        if pulse != self._pulse:
            self._pulse = pulse
            self._note(Lists(), b"")

    def cases_at(self, found: Mapping[bytes, tuple[CaseAt, Company]]) -> None:
        for case, (at, company) in found.items():
            before = self.told.get(case)
            if before is None or before[0] != at:
                self._note(at, case)
            if before is None or before[1] != company:
                self._note(company, case)
        self.told = found

    def end(self, why: Over) -> None:
        """The first reason counts."""
        self._over = self._over or why
        self._woken.set()

    async def next(self, patience_s: float = HEARTBEAT_S) -> Sequence[News]:
        """What is new; nothing where nothing was for so long.  After an `Over` comes nothing else."""
        try:
            async with asyncio.timeout(patience_s):
                await self._woken.wait()
        except TimeoutError:
            return ()
        self._woken.clear()
        waiting, self._waiting = self._waiting, {}
        return (self._over,) if self._over else tuple(waiting.values())

    def _note(self, news: News, case: bytes) -> None:
        self._waiting[type(news), case] = news
        self._woken.set()

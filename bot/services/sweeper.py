"""The outbox as the net under sending: what was not sent from memory is claimed and sent again (reliability §5, R13)."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from bot.core.effects import Class, Say
from bot.core.errors import HelplineError, SealingError
from bot.sealing.today import DailyKeys
from bot.services.posting import from_plain

LEASE_S = 30
AT_ONCE = 50
EVERY_S = 1.0
STALE_PROMPT_S = 600
"""An older prompt is dropped: the reporter's next press shows a fresh one."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Claim:
    """`since`: epoch seconds at which it was written."""

    id: bytes
    fence: int
    ticket: bytes
    message: str
    since: int


class Net(Protocol):
    async def claim(self, limit: int, now: int, lease_s: int) -> Sequence[Claim]: ...

    async def settle(self, claim: Claim, wait_s: int | None, *, uncounted: bool = False) -> None:
        """Done (none), or to be tried again after so many seconds; a late worker's word counts for nothing (R12).

        `uncounted`: this attempt does not bring the message nearer to being parked.
        """


Send = Callable[[bytes, Say, str], Awaitable[int | None]]
"""(address, message, language) → none when it is done, or seconds to wait."""


class Sweeper:
    """`silent`: whether the channel answers nobody at present.  Attempts of such a time say nothing of the message: an hour
    without the channel must not park what was owed (R7), while one that fails among others that go is parked (R13).
    """

    def __init__(
        self,
        net: Net,
        keys: DailyKeys,
        send: Send,
        now: Callable[[], int],
        silent: Callable[[], bool] = lambda: False,
    ) -> None:
        self._net = net
        self._keys = keys
        self._send = send
        self._now = now
        self._silent = silent

    async def sweep(self) -> int:
        """Send what is due; return how many were claimed."""
        claims = await self._net.claim(AT_ONCE, self._now(), LEASE_S)
        await asyncio.gather(*(self._one(claim) for claim in claims))
        return len(claims)

    async def keep(self) -> None:
        """Sweep now and then, until cancelled."""
        while True:
            try:
                claimed = await self.sweep()
            except Exception as fault:  # one bad row or a busy database must not end the net for good
                log.warning("outbox_not_swept", fault=type(fault).__name__)
                claimed = 0
            if claimed < AT_ONCE:
                await asyncio.sleep(EVERY_S)

    async def _one(self, claim: Claim) -> None:
        try:
            address = self._keys.open_today("ticket", claim.ticket, now=self._now())
            lang, plain = json.loads(claim.message)
            say = from_plain(plain)
        except (SealingError, TypeError, ValueError) as fault:  # a day has passed, or the row was changed
            log.warning("post_unreadable", fault=type(fault).__name__)
            await self._net.settle(claim, None)
            return
        stale = say.kind is Class.PROMPT and self._now() - claim.since > STALE_PROMPT_S
        try:
            wait_s = None if stale else await self._send(address, say, lang)
        except HelplineError as fault:
            log.warning("post_failed", fault=type(fault).__name__)
            wait_s = LEASE_S
        await self._net.settle(claim, wait_s, uncounted=self._silent())

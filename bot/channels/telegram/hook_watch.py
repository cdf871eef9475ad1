"""Whether Telegram still brings its updates here: looked at every few minutes, repaired where somebody changed it (R30).

A webhook that points elsewhere is a helpline that hears nobody, and nothing else would show it.
"""

import asyncio
from collections.abc import Callable
from itertools import chain, repeat

import structlog

from bot.channels.telegram.answers import TokenRejected
from bot.channels.telegram.api import ALLOWED_UPDATES, Api
from bot.core.errors import ChannelError

EVERY_S = 300.0
MANY_WAITING = 20
LATELY_S = 600

log = structlog.get_logger()


class HookWatch:
    """`url`, `secret`: of our webhook; `now`: epoch seconds."""

    def __init__(self, api: Api, url: str, secret: str, now: Callable[[], int]) -> None:
        self._api = api
        self._url = url
        self._secret = secret
        self._now = now

    async def keep(self) -> None:
        """Set it, then watch it until cancelled.  Raises `TokenRejected` when the token was revoked: nothing goes on then."""
        await self._set()
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.look()
            except TokenRejected:
                log.error("token_rejected")
                raise
            except ChannelError as fault:
                log.warning("webhook_not_seen", fault=type(fault).__name__)

    async def look(self) -> bool:
        """Whether all was well; what was not is set again, or said."""
        found = await self._api.get_webhook()
        if found.url != self._url or set(found.allowed_updates) != set(ALLOWED_UPDATES):
            log.error("webhook_replaced")
            await self._api.set_webhook(self._url, self._secret)
            return False
        failed_lately = found.last_error_at is not None and self._now() - found.last_error_at < LATELY_S
        if found.pending > MANY_WAITING or (found.pending and failed_lately):
            log.error("webhook_behind", count=found.pending)
            return False
        return True

    async def _set(self) -> None:
        """While Telegram cannot be reached, again and again."""
        for wait_s in chain((1.0, 2.0, 4.0, 8.0, 16.0), repeat(30.0)):
            try:
                await self._api.set_webhook(self._url, self._secret)
                return
            except TokenRejected:
                log.error("token_rejected")
                raise
            except ChannelError as fault:
                log.warning("webhook_not_set", fault=type(fault).__name__)
                await asyncio.sleep(wait_s)

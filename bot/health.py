"""Alive and ready, meaning something (R19): ready only when a report could be taken and sealed this minute."""

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.core.errors import HelplineError
from bot.sealing.roster import LivingRoster
from storage import Database, probe

PROBE_S = 3.0


class Health:
    def __init__(self, database: Database, roster: LivingRoster, now: Callable[[], int]) -> None:
        self._database = database
        self._roster = roster
        self._now = now
        self._open = False

    def routes(self) -> list[BaseRoute]:
        return [Route("/health/live", self._live), Route("/health/ready", self._ready)]

    def ready_from_now(self) -> None:
        self._open = True

    def stopping(self) -> None:
        self._open = False

    async def _live(self, _: Request) -> Response:
        return JSONResponse({"live": True})

    async def _ready(self, _: Request) -> Response:
        """200 with every check true, else 503; names of checks only, nothing of any content."""
        checks = {"open": self._open, "roster": self._sealable(), "database": await self._writable()}
        return JSONResponse(checks, 200 if all(checks.values()) else 503)

    def _sealable(self) -> bool:
        try:
            self._roster.current(now=self._now())
        except HelplineError:
            return False
        return True

    async def _writable(self) -> bool:
        try:
            async with asyncio.timeout(PROBE_S):
                await self._database.write(lambda c: probe.beat(c, self._now()))
        except (HelplineError, TimeoutError):
            return False
        return True

"""Alive, ready and well, each meaning something (R19), and telling strangers nothing but yes or no.

*Ready* keeps a load balancer from a replica that could not store and seal a report this minute.  *Well* is for whoever
watches from outside: it turns red while reports are still taken, so that somebody acts before they are not.  If a late
queue or a list that ends in six days made every replica unready, children would meet a closed door for it.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.core.errors import HelplineError
from bot.core.roster import Roster
from bot.core.routing import LIVING_AT_LEAST
from bot.disk import free_ratio
from bot.sealing.roster import LivingRoster
from storage import Database, heads, outbox, probe, purge
from storage.revisions import NEWEST, current

PROBE_S = 3.0
LOOP_S = 1.0
QUEUE_S = 120
ROSTER_S = 7 * 86_400
DISK = 0.1
_HOUR_S, _LATE_HOURS = 3_600, 2

WELL: Final = ("database", "tables", "clock", "roster", "keys", "disk", "queue", "log", "wording", "notifier")
"""What being well is made of; the label of the metric `hamrah_well`."""


@dataclass(frozen=True, slots=True)
class Wellness:
    """`reads_wording`: whether the last look for published words worked; `notifier`: whether it is there, or not apart."""

    database: Database
    roster: LivingRoster
    data_dir: Path
    reads_wording: Callable[[], bool]
    now: Callable[[], int]
    notifier: Callable[[], bool] = lambda: True

    async def checks(self) -> Mapping[str, bool]:
        """Every check of `WELL`; what needs the database is false while it does not answer."""
        now = self.now()
        told = dict.fromkeys(WELL, False)
        told |= _of_roster(self.roster, now)
        told |= {"disk": free_ratio(self.data_dir) > DISK, "wording": self.reads_wording(), "notifier": self.notifier()}
        told["database"] = await writable(self.database, now)
        try:
            async with asyncio.timeout(PROBE_S):
                told |= await self.database.read(lambda c: _of_rows(c, now))
        except (HelplineError, TimeoutError):
            told["database"] = False
        return told


class Health:
    def __init__(self, database: Database, roster: LivingRoster, now: Callable[[], int], wellness: Wellness) -> None:
        self._database = database
        self._roster = roster
        self._now = now
        self._wellness = wellness
        self._open = False

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/health/live", self._live),
            Route("/health/ready", self._ready),
            Route("/health/well", self._well),
        ]

    def ready_from_now(self) -> None:
        self._open = True

    def stopping(self) -> None:
        self._open = False

    async def _live(self, _: Request) -> Response:
        """200 while the loop comes round within a second; what is blocked longer should be started anew."""
        began = time.monotonic()
        await asyncio.sleep(0)
        return _told("live", time.monotonic() - began <= LOOP_S)

    async def _ready(self, _: Request) -> Response:
        """200 when a report could be stored and sealed this minute; `hamrah doctor` and the metrics say what is not well."""
        ready = self._open and self._sealable() and await writable(self._database, self._now())
        return _told("ready", ready)

    async def _well(self, _: Request) -> Response:
        return _told("well", all((await self._wellness.checks()).values()))

    def _sealable(self) -> bool:
        try:
            self._roster.current(now=self._now())
        except HelplineError:
            return False
        return True


async def writable(database: Database, now: int) -> bool:
    """Whether a write is kept, synced, within three seconds."""
    try:
        async with asyncio.timeout(PROBE_S):
            await database.write(lambda c: probe.beat(c, now))
    except (HelplineError, TimeoutError):
        return False
    return True


def _told(name: str, yes: bool) -> Response:
    return JSONResponse({name: yes}, 200 if yes else 503)


def _of_roster(living: LivingRoster, now: int) -> Mapping[str, bool]:
    try:
        roster = living.current(now=now)
    except HelplineError:
        return {"roster": False, "keys": False}
    return {
        "roster": roster.expires - now >= ROSTER_S,
        "keys": all(n >= LIVING_AT_LEAST for n in living_keys(roster, now)),
    }


def living_keys(roster: Roster, now: int) -> list[int]:
    """Of each team, how many of its officers have a living key."""
    officers = {officer.id: officer for officer in roster.officers}
    return [sum(1 for id in team.officers if officers[id].living_key(now)) for team in roster.teams]


def _of_rows(conn: Connection, now: int) -> Mapping[str, bool]:
    head = heads.newest(conn)
    return {
        "tables": current(conn) == NEWEST,
        "clock": purge.believable(conn, now),
        "queue": outbox.waiting(conn, now).late_s < QUEUE_S,
        "log": head is not None and now // _HOUR_S - head.hour <= _LATE_HOURS,
    }

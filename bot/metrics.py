"""What a host may watch: counts, durations and ages, of the service and of nobody in it (R20).

On a port of its own, off unless HAMRAH_METRICS_LISTEN says where.  Every label value comes from a closed list, and none
divides people: no language, place, team or channel of a report.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.core.errors import ConfigError, HelplineError
from bot.core.routing import keys_last_days
from bot.disk import free_ratio
from bot.health import Wellness, living_keys
from bot.logs import EVENTS
from bot.sealing.roster import LivingRoster
from bot.services.readership import Standing
from storage import Database, probe

SURFACES: Final = ("chat", "console", "health", "report", "telegram")
"""First parts of addresses; everything else is the web chat's own."""

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_DAY_S = 86_400
_STREAM: Final = b"text/event-stream; charset=utf-8"


class Metrics:
    """One registry for one process; what changes by itself is counted as it happens, the rest is looked up when asked."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(namespace="hamrah", registry=self.registry)
        self.answers = Counter(
            "hamrah_answers", "HTTP answers", ["surface", "status"], registry=self.registry
        )  # status: 2xx … 5xx
        self.seconds = Histogram(
            "hamrah_answer_seconds", "Time to an HTTP answer", ["surface"], registry=self.registry, buckets=_SECONDS
        )
        self.events = Counter("hamrah_events", "Events that were logged", ["event"], registry=self.registry)
        self.well = Gauge("hamrah_well", "1 for each thing that is as it should be", ["check"], registry=self.registry)
        self.gauges = {name: Gauge(f"hamrah_{name}", told, registry=self.registry) for name, told in _LOOKED_UP.items()}

    def count_event(self, event: str) -> None:
        self.events.labels(event if event in EVENTS else "other").inc()


_LOOKED_UP: Final[Mapping[str, str]] = {
    "ready": "1 while a report can be stored and sealed",
    "outbox_late_seconds": "How long the oldest message that is due has waited",
    "parked": "Work that was given up after many tries and needs a person",
    "database_bytes": "Size of the database",
    "disk_free_ratio": "Free part of the disk with the data folder",
    "roster_days": "Days until the signed list of readers expires",
    "recovery_days": "Days until the recovery key ends; -1 where there is none",
    "team_keys_days": "Days until some team has fewer than two living keys, if nobody renews one",
    "cases_asleep": "Cases that only officers whose keys have ended can open; -1 before the first look",
    "cases_without_reader": "Cases that no officer can open; -1 before the first look",
    "fewest_living_keys": "Living keys of the team that has fewest",
    "backup_age_seconds": "Age of the newest backup; -1 where backups are off or there is none",
}


@dataclass(frozen=True, slots=True)
class Sight:
    """Where the looked-up values come from.  `backup_age`: seconds, or none."""

    database: Database
    roster: LivingRoster
    data_dir: Path
    backup_age: Callable[[], int | None]
    now: Callable[[], int]
    readership: Callable[[], Standing | None]
    wellness: Wellness


class Watching:
    """Answers `/metrics` on an address of its own, until cancelled."""

    def __init__(self, metrics: Metrics, sight: Sight, host: str, port: int) -> None:
        self._metrics = metrics
        self._sight = sight
        self._host, self._port = host, port

    async def keep(self) -> None:
        """Raises `ConfigError` where the address is taken."""
        site = web.Application()
        site.router.add_get("/metrics", self._told)
        runner = web.AppRunner(site, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
            await asyncio.Event().wait()
        except OSError as error:
            raise ConfigError(
                f"{self._host}:{self._port} cannot be listened on for metrics ({error.strerror})"
            ) from error
        finally:
            await runner.cleanup()

    async def _told(self, _: web.Request) -> web.Response:
        await self.look()
        body = generate_latest(self._metrics.registry)
        return web.Response(body=body, headers={"content-type": CONTENT_TYPE_LATEST})

    async def look(self) -> None:
        """Set what is looked up; a database that does not answer shows as not ready, and the rest is still told."""
        sight, gauges = self._sight, self._metrics.gauges
        now = sight.now()
        gauges["disk_free_ratio"].set(free_ratio(sight.data_dir))
        for check, well in (await sight.wellness.checks()).items():
            self._metrics.well.labels(check).set(well)
        age = sight.backup_age()
        gauges["backup_age_seconds"].set(-1 if age is None else age)
        standing = sight.readership()
        gauges["cases_asleep"].set(-1 if standing is None else standing.asleep)
        gauges["cases_without_reader"].set(-1 if standing is None else standing.closed)
        sealable = _told_of_roster(gauges, sight.roster, now)
        try:
            found = await sight.database.read(lambda c: probe.health(c, now))
        except HelplineError:
            gauges["ready"].set(0)
            return
        gauges["outbox_late_seconds"].set(found.late_s)
        gauges["parked"].set(found.parked)
        gauges["database_bytes"].set(found.size_bytes)
        gauges["ready"].set(sealable)


class Timed:
    """ASGI middleware: how many answers of which kind, and how long they took."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        first = scope["path"].split("/", 2)[1]
        surface = first if first in SURFACES else "chat"
        began = time.perf_counter()
        status, took = 500, None

        async def noted(message: Message) -> None:
            nonlocal status, took
            if message["type"] == "http.response.start":
                status = message["status"]
                if (b"content-type", _STREAM) in message["headers"]:
                    took = time.perf_counter() - began  # it has no end of its own; what follows is no answer
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            self._metrics.answers.labels(surface, f"{status // 100}xx").inc()
            self._metrics.seconds.labels(surface).observe(took or time.perf_counter() - began)


def _told_of_roster(gauges: Mapping[str, Gauge], living: LivingRoster, now: int) -> bool:
    try:
        roster = living.current(now=now)
    except HelplineError:
        for name in ("roster_days", "recovery_days", "team_keys_days", "fewest_living_keys"):
            gauges[name].set(0)
        return False
    gauges["roster_days"].set((roster.expires - now) // _DAY_S)
    recovery = roster.recovery
    gauges["recovery_days"].set(-1 if recovery is None else max(0, recovery.ends - now) // _DAY_S)
    gauges["team_keys_days"].set(keys_last_days(roster, now))
    gauges["fewest_living_keys"].set(min(living_keys(roster, now), default=0))
    return True

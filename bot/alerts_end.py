"""Puts alerts to staff together: the duty roster, the channels, the work.  Part of the composition root."""

from collections.abc import Mapping
from pathlib import Path

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.apprise_alerts import AppriseAlerts
from bot.core.duty import DutyRoster
from bot.core.errors import ConfigError, HelplineError
from bot.duty_file import load_duty
from bot.house import House
from bot.recontent import LiveMapping
from bot.services.alerting import Alerting, Channel, State, World
from bot.services.climbing import Climbing
from storage import alerts, queue

log = structlog.get_logger()


class DutyFile:
    """The duty roster of now: read again when the file changes; one that is wrong changes nothing and is told."""

    def __init__(self, file: Path, zone: str) -> None:
        self._file = file
        self._zone = zone
        self._stamp = (0, 0)
        self._duty = DutyRoster()
        self.sound = False

    def now(self) -> DutyRoster:
        try:
            found = self._file.stat()
            stamp = (found.st_mtime_ns, found.st_ino)
        except OSError:
            stamp = (-1, -1)
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._duty, self.sound = load_duty(self._file, self._zone), True
            except ConfigError:
                self.sound = False
                log.error("duty_roster_refused")  # `hamrah duty check` says why
        return self._duty


def with_alerts(house: House) -> list[BaseRoute]:
    """Let unopened urgent reports climb, where the host names a duty roster; return where its health is told."""
    file = house.settings.duty_file
    if file is None:
        return [Route("/health/alerts", _nobody)]
    duty = DutyFile(file, house.settings.timezone)
    duty.now()
    alerting = open_alerting(house, duty, {"": AppriseAlerts(), **house.alert_channels})
    house.works.append(alerting.keep)

    async def told(_: Request) -> Response:
        """200 when everybody can be told, else 503; kinds of channels only, no address."""
        try:
            state = await alerting.state()
        except HelplineError:
            return JSONResponse({"roster": duty.sound, "database": False}, 503)
        return JSONResponse(_as_json(state) | {"roster": duty.sound}, 200 if state.well and duty.sound else 503)

    return [Route("/health/alerts", told)]


def open_alerting(house: House, duty: DutyFile, channels: Mapping[str, Channel]) -> Alerting:
    climb_after_s = LiveMapping(lambda: house.content.routing.climb_after_s)
    return Alerting(
        house.database,
        Climbing(alerts, climb_after_s, house.roster.last),
        rows=alerts,
        queues=queue,
        channels=channels,
        duty=duty.now,
        world=World(
            house.roster.last,
            lambda lang, text: house.wording.say(lang, text),
            LiveMapping(lambda: house.content.routing.answer_within_s),
        ),
        now=house.now,
    )


async def _nobody(_: Request) -> Response:
    """No duty roster: nobody is alerted, and `doctor` says so."""
    return JSONResponse({"set": False})


def _as_json(state: State) -> dict[str, object]:
    return {"waiting": state.waiting, "late": state.late, "failing": list(state.failing), "nobody": state.nobody}

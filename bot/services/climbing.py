"""Unopened urgent reports climb: who is to be told next is written down, in the transaction that says how far it has come.

Nothing is sent from here, so a process that dies forgets nothing and doubles nothing (R12, R13).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import structlog

from bot.core.duty import DutyRoster, Level, Reason, Unopened, climb, wait_s
from bot.core.roster import Roster
from bot.sealing.context import new_id

Conn = Any
PACE_S = 300
"""Somebody is told once in so many seconds; what comes in between goes with the next message (D19)."""
NOBODY = "alert-nobody"
"""1 while a report waits that nobody could be told of."""
_TOLD, _DIGEST = "alert-told:", "alert-digest:"

log = structlog.get_logger()


class Due(Protocol):
    """As `Unopened`, with the second at which its first limit ends."""

    @property
    def case(self) -> bytes: ...
    @property
    def teams(self) -> tuple[str, ...]: ...
    @property
    def language(self) -> str: ...
    @property
    def urgency(self) -> str: ...
    @property
    def holders(self) -> frozenset[bytes]: ...
    @property
    def level(self) -> int | None: ...
    @property
    def climb_at(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Alert:
    """What one person is told of one report.  `case`: none in a digest.  `reason`: a value of `Reason`."""

    id: bytes
    case: bytes | None
    person: str
    team: str
    urgency: str
    reason: str


class Rows(Protocol):
    """Each a step of a transaction, on its connection."""

    def clock(self, conn: Conn, now: int) -> int: ...

    def due(self, conn: Conn, at: int) -> Sequence[Due]: ...

    def climbed(self, conn: Conn, of: bytes, level: int, next_at: int) -> None: ...

    def settle(self, conn: Conn) -> None: ...

    def put(self, conn: Conn, alert: Any, at: int, now: int) -> None: ...

    def number(self, conn: Conn, name: str) -> int: ...

    def set_number(self, conn: Conn, name: str, value: int, now: int) -> None: ...


class Climbing:
    """`limits`: urgency → seconds in which a report is to be opened.

    `roster`: the list last accepted; one that has lapsed must silence nobody.
    """

    def __init__(self, rows: Rows, limits: Mapping[str, int], roster: Callable[[], Roster]) -> None:
        self._rows = rows
        self._limits = limits
        self._roster = roster

    def look(self, conn: Conn, duty: DutyRoster, now: int) -> int:
        """One transaction: let climb what is due, write down the daily digests; return how many reports climbed."""
        self._rows.settle(conn)
        now = self._rows.clock(conn, now)
        roster = self._roster()
        due, unheard = self._rows.due(conn, now), False
        for one in due:
            unheard |= not self._one(conn, duty, roster, one, now)
        if due and unheard != bool(self._rows.number(conn, NOBODY)):
            self._rows.set_number(conn, NOBODY, int(unheard), now)
        self._digests(conn, duty, now)
        return len(due)

    def _one(self, conn: Conn, duty: DutyRoster, roster: Roster, due: Due, now: int) -> bool:
        level = None if due.level is None else Level(due.level)
        case = Unopened(due.case, due.teams, due.language, due.urgency, due.holders, level)
        step = climb(duty, roster, case, now)
        first = level is None and step.level is Level.OFFICER  # its first limit began with the sealing
        at = max(due.climb_at, now + 1) if first else now + wait_s(step, self._limits, case)
        self._rows.climbed(conn, due.case, step.level, at)
        for person in step.people:
            alert = Alert(
                new_id(), due.case, person.id, _team_for(person.id, roster, case), case.urgency, step.reason.value
            )
            self._put(conn, alert, now)
        if not step.people:
            log.error("alert_for_nobody")
        return bool(step.people)

    def _put(self, conn: Conn, alert: Alert, now: int) -> None:
        earliest = self._rows.number(conn, _TOLD + alert.person) + PACE_S
        self._rows.put(conn, alert, min(max(now, earliest), now + PACE_S), now)  # a clock put back delays nobody longer

    def _digests(self, conn: Conn, duty: DutyRoster, now: int) -> None:
        if duty.digest_hour is None:
            return
        local = datetime.fromtimestamp(now, duty.clock.zone)
        if local.hour != duty.digest_hour:
            return
        for person in duty.people:
            if self._rows.number(conn, _DIGEST + person.id) >= local.toordinal() or not person.reach:
                continue
            self._rows.set_number(conn, _DIGEST + person.id, local.toordinal(), now)
            if person.on_duty(now, duty.clock) or _works_today(person.hours, now, duty):
                alert = Alert(new_id(), None, person.id, "", "", Reason.DIGEST.value)
                self._rows.put(conn, alert, now, now)


def told_mark(person: str) -> str:
    """Name of the mark that holds the second at which a person was last told."""
    return _TOLD + person


def _team_for(person: str, roster: Roster, case: Unopened) -> str:
    """The queue in which this person finds the report: of their own team, else the first that the list still knows."""
    known = [team for team in roster.teams if team.id in case.teams]
    own = [team.id for team in known if person in team.officers]
    return next(iter([*own, *(team.id for team in known)]), roster.duty_team().id)


def _works_today(hours: Any, now: int, duty: DutyRoster) -> bool:
    """Whoever begins later today reads the digest when they begin."""
    opening = hours.next_opening(now) if hours is not None else None
    return opening is not None and opening.date() == duty.clock.local_day(now)

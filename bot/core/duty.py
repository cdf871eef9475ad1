"""Who is told of an urgent report that nobody has opened, and when: the operator's duty roster, read as data (DESIGN §4.12).

Level by level: the officers of the team, their supervisor, the second contact, the duty team.  Where nobody of a level is
on duty the next one is told at once; where nobody is on duty at all, everybody of the last level is.  Never nobody.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, IntEnum
from typing import Final

from bot.core.hours import Hours
from bot.core.roster import KeyId, Roster


class Level(IntEnum):
    """How far a report has climbed; the numbers are stored."""

    OFFICER = 0
    SUPERVISOR = 1
    SECOND = 2
    DUTY = 3


class Reason(Enum):
    """Why somebody is told; the values are stored."""

    NEW = "new"
    UNOPENED = "unopened"
    OFF_DUTY = "off-duty"
    """Nobody further down is on duty now."""
    STILL = "still"
    """Everybody was told before, and still nobody has opened it."""
    DIGEST = "digest"


AT_ONCE: Final = "U0"
"""The urgency of which two people are told from the beginning."""
REPEAT_S: Final = 1_800
"""After the last level it is said again, not more often than this."""


@dataclass(frozen=True, slots=True)
class Absence:
    """First and last day away, local."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be told.  `id`: as in the signed list of officers, where they stand in it.

    `levels`: where this person stands besides.  Officers of a team and of the duty team stand at theirs by the signed
    list alone.  `teams`: whose reports a supervisor or second contact is told of; empty means every team's.
    `hours`: their shifts; none means always.  `reach`: addresses, the best first.  `lang`: what alerts are written in.
    """

    id: str
    reach: tuple[str, ...]
    levels: frozenset[Level] = frozenset()
    teams: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    hours: Hours | None = None
    away: tuple[Absence, ...] = ()
    lang: str = "en"

    def on_duty(self, now: int, clock: Hours) -> bool:
        """`clock`: of the service; it says which day it is."""
        day = clock.local_day(now)
        return not any(absence.covers(day) for absence in self.away) and (self.hours is None or self.hours.open_at(now))


@dataclass(frozen=True, slots=True)
class DutyRoster:
    """`clock`: the service's zone and holidays.  `digest_hour`: local hour of the daily digest; none for no digest."""

    people: tuple[Person, ...] = ()
    clock: Hours = field(default_factory=Hours)
    digest_hour: int | None = None

    def person(self, id: str) -> Person | None:
        return next((person for person in self.people if person.id == id), None)


@dataclass(frozen=True, slots=True)
class Unopened:
    """An urgent report that nobody has opened.  `holders`: ids of the reader keys that have a slot of it.

    `level`: the last one told, none before anybody was.
    """

    case: bytes
    teams: tuple[str, ...]
    language: str
    urgency: str
    holders: frozenset[KeyId]
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Tell these people now.  `level`: how far it has climbed by that."""

    level: Level
    people: tuple[Person, ...]
    reason: Reason


def climb(duty: DutyRoster, roster: Roster, case: Unopened, now: int) -> Step:
    """The next step of a report whose time has come."""
    start = Level.OFFICER if case.level is None else Level(min(case.level + 1, Level.DUTY))
    reason = _reason(case.level)
    for level in Level:
        if level < start:
            continue
        people = tuple(_fitting(case, (p for p in _at(duty, roster, case, level) if p.on_duty(now, duty.clock))))
        if people:
            if level > start and reason is not Reason.STILL:
                reason = Reason.OFF_DUTY
            return Step(*_with_a_second(duty, roster, case, level, people, now), reason)
    return Step(Level.DUTY, _anybody(duty, roster, case), Reason.OFF_DUTY)


def wait_s(step: Step, limits: Mapping[str, int], case: Unopened) -> int:
    """Seconds until the next step.  `limits`: urgency → seconds in which a report is to be opened."""
    limit = limits.get(case.urgency, REPEAT_S)
    return max(limit, REPEAT_S) if step.level is Level.DUTY else limit


def _reason(told: Level | None) -> Reason:
    if told is None:
        return Reason.NEW
    return Reason.STILL if told is Level.DUTY else Reason.UNOPENED


def _at(duty: DutyRoster, roster: Roster, case: Unopened, level: Level) -> Iterator[Person]:
    """Everybody of a level who may hear of this report at all.

    Whoever is of its team and has no slot was kept away from it (S40): no alert tells them of it either.
    """
    teams = [team for team in roster.teams if team.id in case.teams]
    members = {id for team in teams for id in team.officers}
    reads = {id for id in members if _holds(roster, id, case.holders)}
    duty_members = set(roster.duty_team().officers)
    for person in duty.people:
        if person.id in members - reads or _suspended(roster, person.id):
            continue
        by_list = reads if level is Level.OFFICER else duty_members if level is Level.DUTY else ()
        named = level in person.levels and (not person.teams or set(person.teams) & set(case.teams))
        if person.id in by_list or named:
            yield person


def _fitting(case: Unopened, people: Iterator[Person]) -> Collection[Person]:
    """Those who speak the reporter's language, if there are any; else all."""
    found = list(people)
    return [person for person in found if case.language in person.languages] or found


def _with_a_second(
    duty: DutyRoster, roster: Roster, case: Unopened, level: Level, people: tuple[Person, ...], now: int
) -> tuple[Level, tuple[Person, ...]]:
    """Where a child is in danger now, one person who may be asleep is not enough."""
    if case.urgency != AT_ONCE or len(people) > 1:
        return level, people
    for above in (one for one in Level if one > level):
        more = [p for p in _at(duty, roster, case, above) if p.on_duty(now, duty.clock) and p not in people]
        if more:
            return level, (*people, *more)
    return level, people


def _anybody(duty: DutyRoster, roster: Roster, case: Unopened) -> tuple[Person, ...]:
    """The highest level that has people, on duty or not."""
    for level in reversed(Level):
        people = tuple(_at(duty, roster, case, level))
        if people:
            return people
    return ()


def _holds(roster: Roster, id: str, holders: frozenset[KeyId]) -> bool:
    officer = roster.officer(id)
    return officer is not None and any(key.id in holders for key in officer.keys)


def _suspended(roster: Roster, id: str) -> bool:
    officer = roster.officer(id)
    return officer is not None and officer.suspended

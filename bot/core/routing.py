"""Who reads: the teams a report goes to and the keys its case is sealed to; never nobody (DESIGN §4.7, D6).

Pure: the roster was verified before it came here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core.effects import Routing
from bot.core.errors import NoReaders
from bot.core.flow import Place
from bot.core.roster import ReaderKey, Roster, Team

LIVING_AT_LEAST = 2
"""Fewer living keys in the routed teams and the duty team joins (D6)."""


@dataclass(frozen=True, slots=True)
class Readers:
    """`teams`: whose queues show the case.  `keys`: one slot each, the recovery key last."""

    teams: tuple[str, ...]
    keys: tuple[ReaderKey, ...]


def bucket(places: Mapping[str, Place], code: str) -> str:
    """The province (or country, where no province is known) a place lies in; "" for an unknown code."""
    place = places.get(code)
    while place is not None and place.level > 1:
        place = places.get(place.parent)
    return place.code if place else ""


def choose_readers(roster: Roster, routing: Routing, now: int) -> Readers:
    """Return the teams and living keys for a report.

    Every place counts: a cross-border report reaches each team concerned.  An office or person to avoid gets no slot (S40).
    Raises `NoReaders` only when not even the duty team and the recovery key leave two keys.
    """
    teams = [] if routing.pair_only else _fitting(roster, routing)
    chosen = {o: None for t in teams for o in t.officers}
    keys = _living(roster, chosen, now)
    duty = roster.duty_team()
    if routing.pair_only:
        teams, keys = [duty], _living(roster, duty.pair, now)
    if len(keys) < LIVING_AT_LEAST and duty.id not in routing.avoid_offices:
        keys = _merged(keys, _living(roster, duty.officers, now))
        teams = [*teams, duty] if duty not in teams else teams
    recovery = (roster.recovery,) if roster.recovery and roster.recovery.living(now) else ()
    if len(keys) + len(recovery) < LIVING_AT_LEAST or not teams:
        raise NoReaders(f"{len(keys)} living keys and {len(recovery)} recovery key in roster {roster.version}")
    return Readers(tuple(t.id for t in teams), (*keys, *recovery))


def _fitting(roster: Roster, routing: Routing) -> list[Team]:
    countries = {place[:2] for place in routing.places}
    return [
        team
        for team in roster.teams
        if not team.duty
        and team.id not in routing.avoid_offices
        and (not team.concerns or routing.concern in team.concerns)
        and (set(team.places) & (set(routing.places) | countries))
    ]


def _living(roster: Roster, officers: Iterable[str], now: int) -> tuple[ReaderKey, ...]:
    found = (roster.officer(id) for id in officers)
    keys = (officer.living_key(now) for officer in found if officer)
    return tuple(key for key in keys if key)


def _merged(first: tuple[ReaderKey, ...], second: tuple[ReaderKey, ...]) -> tuple[ReaderKey, ...]:
    return tuple({key.id: key for key in (*first, *second)}.values())

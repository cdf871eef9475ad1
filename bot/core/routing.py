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

    Every place counts: a cross-border report reaches each team concerned.  An office to avoid, and whoever works there, gets
    no slot (S40).  Where too few keys live the duty team joins, then every team that is not to be avoided.
    Raises `NoReaders` only when even then, recovery key included, fewer than two keys live.
    """
    shunned = {o for t in roster.teams if t.id in routing.avoid_offices for o in t.officers}
    allowed = [t for t in roster.teams if t.id not in routing.avoid_offices]
    duty = [t for t in allowed if t.duty]
    if routing.pair_only and duty:
        steps = [(duty, duty[0].pair), (duty, duty[0].officers)]
    else:
        fitting = [t for t in allowed if not t.duty and _fits(t, routing)]
        steps = [(fitting, _officers(fitting)), (duty, _officers(duty)), (allowed, _officers(allowed))]
    teams: list[Team] = []
    keys: dict[bytes, ReaderKey] = {}
    for more_teams, officers in steps:
        if teams and len(keys) >= LIVING_AT_LEAST:
            break
        found = {k.id: k for k in _living(roster, officers, now, shunned)}
        if found:
            teams += [t for t in more_teams if t not in teams]
            keys |= found
    recovery = (roster.recovery,) if roster.recovery and roster.recovery.living(now) else ()
    if not teams or len(keys) + len(recovery) < LIVING_AT_LEAST:
        raise NoReaders(f"{len(keys)} living keys and {len(recovery)} recovery key in roster {roster.version}")
    return Readers(tuple(t.id for t in teams), (*keys.values(), *recovery))


def _fits(team: Team, routing: Routing) -> bool:
    served = set(routing.places) | {place[:2] for place in routing.places}
    return bool(served & set(team.places)) and (not team.concerns or routing.concern in team.concerns)


def _officers(teams: Iterable[Team]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(o for t in teams for o in t.officers))


def _living(roster: Roster, officers: Iterable[str], now: int, shunned: set[str]) -> Iterable[ReaderKey]:
    found = (roster.officer(id) for id in officers if id not in shunned)
    keys = (officer.living_key(now) for officer in found if officer)
    return (key for key in keys if key)

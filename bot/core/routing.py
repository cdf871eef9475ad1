"""Who reads: the teams a report goes to and the keys its case is sealed to; never nobody (DESIGN §4.7, D6).

Pure: the roster was verified before it came here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.core.effects import Routing
from bot.core.errors import NoReaders
from bot.core.flow import Place
from bot.core.roster import ReaderKey, Roster, Team

LIVING_AT_LEAST = 2
"""Fewer living keys in a routed team and the duty team joins (D6)."""

_DAY_S = 86_400
_Keys = dict[bytes, ReaderKey]


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
    no slot (S40).  Where too few keys of a team live the duty team joins, then every team that is not to be avoided.
    Raises `NoReaders` only when even then, recovery key included, fewer than two keys live.
    """
    shunned = {o for t in roster.teams if t.id in routing.avoid_offices for o in t.officers}
    allowed = [t for t in roster.teams if t.id not in routing.avoid_offices]

    def living(officers: Iterable[str]) -> _Keys:
        return _living(roster, (o for o in officers if o not in shunned), now)

    duty = next((t for t in allowed if t.duty), None)
    if routing.pair_only and duty is not None:
        pair = living(duty.pair)
        found = {duty: pair if len(pair) >= LIVING_AT_LEAST else living(duty.officers)}
    else:
        found = {t: living(t.officers) for t in _called(allowed, routing, living)}
    keys = {id: key for of_team in found.values() for id, key in of_team.items()}
    teams = tuple(team.id for team, of_team in found.items() if of_team)
    recovery = (roster.recovery,) if roster.recovery and roster.recovery.living(now) else ()
    if not teams or len(keys) + len(recovery) < LIVING_AT_LEAST:
        raise NoReaders(f"{len(keys)} living keys and {len(recovery)} recovery key in roster {roster.version}")
    return Readers(teams, (*keys.values(), *recovery))


def keys_last_days(roster: Roster, now: int) -> int:
    """Days until some team has fewer than two living keys, if nobody renews one; 0 where that is so now."""
    ends = (_until(roster, team, now) for team in roster.teams)
    return max(0, min(ends, default=now) - now) // _DAY_S


def _until(roster: Roster, team: Team, now: int) -> int:
    """When only one of the team's living keys is left."""
    found = (roster.officer(id) for id in team.officers)
    ends = sorted((key.ends for officer in found if officer and (key := officer.living_key(now))), reverse=True)
    return ends[LIVING_AT_LEAST - 1] if len(ends) >= LIVING_AT_LEAST else now


def _called(allowed: Sequence[Team], routing: Routing, living: Callable[[Iterable[str]], _Keys]) -> Sequence[Team]:
    """The teams that fit, the duty team where one of them is short of keys, all that may where that is not enough."""
    if routing.team:
        teams = [t for t in allowed if t.id == routing.team]
    else:
        teams = [t for t in allowed if not t.duty and _fits(t, routing)]
    if not teams or any(len(living(t.officers)) < LIVING_AT_LEAST for t in teams):
        teams += [t for t in allowed if t.duty and t not in teams]
    enough = len(living(o for t in teams for o in t.officers)) >= LIVING_AT_LEAST
    return teams if enough else allowed


def _fits(team: Team, routing: Routing) -> bool:
    served = set(routing.places) | {place[:2] for place in routing.places}
    return bool(served & set(team.places)) and (not team.concerns or routing.concern in team.concerns)


def _living(roster: Roster, officers: Iterable[str], now: int) -> _Keys:
    found = (roster.officer(id) for id in officers)
    keys = (officer.living_key(now) for officer in found if officer)
    return {key.id: key for key in keys if key}

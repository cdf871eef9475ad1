"""A list of teams as it is prepared for signing: what would be wrong with it, and what it would change.

Nothing here counts.  Who reads is said by the list that the root key signed, offline; this only writes what goes there.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.roster import Team

_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,40}")


@dataclass(frozen=True, slots=True)
class Known:
    """What a team may name.  `readers`: accounts that may become readers."""

    places: Collection[str]
    readers: Collection[str]
    concerns: Collection[str]


@dataclass(frozen=True, slots=True)
class Change:
    """`kind`: "team-new", "team-gone", "reads", "reads-no-more", "place", "place-gone", or "other" for what adds no reader."""

    kind: str
    team: str
    what: str


def with_team(teams: Sequence[Team], changed: Team) -> tuple[Team, ...]:
    """The list with one team as it is now, or added at its end.  There is one duty team: the one that last said so."""
    kept = [changed if team.id == changed.id else team for team in teams]
    if changed not in kept:
        kept.append(changed)
    return tuple(_without_duty(team) if changed.duty and team.id != changed.id else team for team in kept)


def without_team(teams: Sequence[Team], id: str) -> tuple[Team, ...]:
    return tuple(team for team in teams if team.id != id)


def faults(teams: Sequence[Team], known: Known) -> Iterator[tuple[str, str, str]]:
    """(kind, team, what is wrong): every reason why this list cannot be signed as it is."""
    ids = [team.id for team in teams]
    if sum(team.duty for team in teams) != 1:
        yield "duty", "", ""
    for team in teams:
        if not _ID.fullmatch(team.id) or ids.count(team.id) > 1:
            yield "id", team.id, ""
        if not team.name or not team.officers:
            yield "empty", team.id, ""
        for what, named, there in (
            ("place", team.places, known.places),
            ("reader", team.officers, known.readers),
            ("concern", team.concerns, known.concerns),
        ):
            if strange := [one for one in named if one not in there]:
                yield what, team.id, ", ".join(strange)
        if team.pair and not (team.duty and len(set(team.pair)) == 2 and set(team.pair) <= set(team.officers)):
            yield "pair", team.id, ", ".join(team.pair)


def differences(signed: Sequence[Team], draft: Sequence[Team]) -> Iterator[Change]:
    """What would change for readers and places if the draft were signed; who would read more comes first."""
    before, after = {team.id: team for team in signed}, {team.id: team for team in draft}
    found = [change for id, team in after.items() for change in _changes(before.get(id), team)]
    found += [Change("team-gone", id, "") for id in before.keys() - after.keys()]
    found += [Change("reads-no-more", id, one) for id in before.keys() - after.keys() for one in before[id].officers]
    yield from sorted(found, key=lambda change: (_ORDER.index(change.kind), change.team, change.what))


_ORDER: Final = ("reads", "team-new", "place", "reads-no-more", "team-gone", "place-gone", "other")


def _changes(old: Team | None, new: Team) -> Iterator[Change]:
    was = old or Team(new.id, new.name, (), ())
    if old is None:
        yield Change("team-new", new.id, new.name)
    for more, less, kind, gone in (
        (new.officers, was.officers, "reads", "reads-no-more"),
        (new.places, was.places, "place", "place-gone"),
    ):
        yield from (Change(kind, new.id, one) for one in more if one not in less)
        yield from (Change(gone, new.id, one) for one in less if one not in more)
    if old is not None:
        for before, now in ((old.name, new.name), (old.concerns, new.concerns), (old.pair, new.pair)):
            if before != now:
                yield Change("other", new.id, f"{_said(before)} → {_said(now)}")
        if old.duty != new.duty:
            yield Change("other", new.id, "duty" if new.duty else "no duty")


def _said(value: object) -> str:
    return ", ".join(value) or "–" if isinstance(value, tuple) else str(value)


def _without_duty(team: Team) -> Team:
    return Team(team.id, team.name, team.places, team.officers, team.concerns)

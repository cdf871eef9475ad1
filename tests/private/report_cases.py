"""Reports told by chance: what Python asks, decides and routes, for the private page's engine to do the same.

The chance is seeded, so every run and every machine has the same cases; the content is the one that comes with the program.
"""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels.web.private_content import report_data
from bot.core.answering import next_state, routing_of
from bot.core.effects import Routing
from bot.core.errors import NoReaders
from bot.core.flow import Ask, Flow, Kind, applying, standing
from bot.core.roster import Officer, ReaderKey, Roster, Team
from bot.core.routing import choose_readers
from bot.core.state import Asking, Draft, Talk
from bot.core.triage import triage
from bot.wording.load import load_wording
from tests.people import DAY_S, TEAMS
from tests.talking import NOON, content, real_flow

CASES = 400
SEED = 20_260_304


def report_cases() -> dict[str, Any]:
    """`report`, `places`, `rosters` and `cases`, as plain data."""
    chance = random.Random(SEED)
    flow = real_flow(offices=tuple((team.id, team.name) for team in TEAMS))
    rosters = [_roster(chance, at) for at in range(12)]
    wording = load_wording(content().texts, content().place_names)
    return {
        "now": NOON,
        "report": report_data(flow, wording, "en"),
        "places": [
            {"code": p.code, "parent": p.parent, "level": p.level, "name": p.name} for p in flow.places.values()
        ],
        "rosters": [_plain(roster) for roster in rosters],
        "cases": [_case(chance, flow, rosters) for _ in range(CASES)],
    }


def _case(chance: random.Random, flow: Flow, rosters: Sequence[Roster]) -> dict[str, Any]:
    draft, steps = _play(chance, flow)
    answers = standing(flow, draft.answers)
    urgency, reasons = triage(flow.rules, answers)
    routing = routing_of(flow, draft)
    return {
        "steps": steps,
        "applying": [ask.id for ask in applying(flow, draft.answers)],
        "standing": {id: list(keys) for id, keys in answers.items()},
        "urgency": urgency,
        "reasons": list(reasons),
        "routing": {
            "places": list(routing.places),
            "concern": routing.concern,
            "avoid": list(routing.avoid_offices),
            "pairOnly": routing.pair_only,
        },
        "readers": [_readers(roster, routing) for roster in rosters],
    }


def _play(chance: random.Random, flow: Flow) -> tuple[Draft, list[dict[str, Any]]]:
    """Answer whatever is asked; now and then change something answered before."""
    draft, steps = Draft(NOON), list[dict[str, Any]]()
    for ask in flow.asks:
        if not ask.asked and chance.random() < 0.2:  # begun with a button that fills it: "I lost my code"
            keys = [chance.choice(ask.choices).key]
            steps.append({"ask": ask.id, "keys": keys, "changed": True})
            draft = draft.answering(ask.id, tuple(keys))
    while True:
        state = next_state(flow, Talk(draft=draft))
        seen = [ask for ask in flow.asks if draft.seen(ask.id) and ask.kind is not Kind.WORDS]
        changing = len(steps) < 60 and seen and chance.random() < 0.08
        if not isinstance(state, Asking) and not changing:
            return draft, steps
        ask = chance.choice(seen) if changing else flow.ask(state.ask)  # type: ignore[union-attr]
        given = _answer(chance, flow, ask)
        steps.append({"ask": ask.id, "keys": given, "changed": bool(changing)})
        draft = (
            Draft(NOON, draft.answers, (*draft.worded, ask.id))
            if given is None
            else draft.answering(ask.id, tuple(given))
        )


def _answer(chance: random.Random, flow: Flow, ask: Ask) -> list[str] | None:
    """Keys, none of them for a skipped question; None for words."""
    if ask.skippable and chance.random() < 0.2:
        return []
    staying = [choice.key for choice in ask.choices if not choice.goto]
    match ask.kind:
        case Kind.CHOICE:
            return [chance.choice(staying)]
        case Kind.SEVERAL:
            return chance.sample(staying, chance.randint(1, len(staying)))
        case Kind.PLACE:
            return [chance.choice(sorted(flow.places))]
        case Kind.WORDS:
            return None
        case Kind.AVOID:
            offices = [f"office:{id}" for id, _ in flow.offices]
            some = chance.sample(offices, chance.randint(0, len(offices) - 1))
            return [*some, *(["person"] if chance.random() < 0.3 else [])] or ["nobody"]


def _readers(roster: Roster, routing: Routing) -> dict[str, list[str]] | None:
    try:
        readers = choose_readers(roster, routing, NOON)
    except NoReaders:
        return None
    return {"teams": list(readers.teams), "keys": [key.id.hex() for key in readers.keys]}


def _roster(chance: random.Random, version: int) -> Roster:
    """The offices of the tests; some officers work in two of them, are suspended, or have no living key."""
    staff = sorted({id for team in TEAMS for id in team.officers})
    officers = tuple(
        Officer(id, bytes(32), tuple(_key(chance) for _ in range(chance.choice((0, 1, 1, 2)))), chance.random() < 0.15)
        for id in staff
    )
    teams = tuple(_team(chance, team, staff) for team in TEAMS)
    recovery = _key(chance) if version % 3 else None
    return Roster(bytes(16), version, NOON - DAY_S, NOON + DAY_S, teams, officers, recovery)


def _team(chance: random.Random, team: Team, staff: Sequence[str]) -> Team:
    lent = (chance.choice(staff),) if chance.random() < 0.4 else ()
    concerns = tuple(chance.sample(("work", "taken", "missing", "body"), 2)) if chance.random() < 0.3 else ()
    officers = tuple(dict.fromkeys((*team.officers, *lent)))
    return Team(team.id, team.name, team.places, officers, () if team.duty else concerns, team.duty, team.pair)


def _key(chance: random.Random) -> ReaderKey:
    starts = NOON + chance.choice((-40, -20, -5, 1)) * DAY_S
    return ReaderKey(
        chance.randbytes(16), b"", starts, starts + chance.choice((10, 60)) * DAY_S + chance.randint(0, 999)
    )


def _plain(roster: Roster) -> Mapping[str, Any]:
    """As the page holds a verified roster, ids of keys in hexadecimal."""

    def key(of: ReaderKey) -> dict[str, Any]:
        return {"id": of.id.hex(), "starts": of.starts, "ends": of.ends}

    def team(of: Team) -> dict[str, Any]:
        lists = {"places": list(of.places), "officers": list(of.officers), "concerns": list(of.concerns)}
        return {"id": of.id, "name": of.name, **lists, "duty": of.duty, "pair": list(of.pair)}

    made: dict[str, Any] = {
        "version": roster.version,
        "teams": [team(t) for t in roster.teams],
        "officers": [{"id": o.id, "suspended": o.suspended, "keys": [key(k) for k in o.keys]} for o in roster.officers],
    }
    return {**made, "recovery": key(roster.recovery)} if roster.recovery else made

"""The engine alone: `advance` on a report told by buttons, and what writing and reading the state costs beside it."""

import json
from collections.abc import Iterator
from datetime import time as clock_time
from zoneinfo import ZoneInfo

from benchmarks.figures import Figure, at_most, best, middle
from benchmarks.scripts import OPENING, ROUND
from bot.content.loader import load_content
from bot.core.advance import advance
from bot.core.events import Chose, Event, Started
from bot.core.flow import Flow
from bot.core.hours import Hours
from bot.core.state import State, begin, dump, load

NOW = 1_790_000_000
TIMES = 2


def measure(rounds: int) -> list[Figure]:
    hours = Hours(ZoneInfo("Asia/Karachi"), {day: (clock_time(9), clock_time(17)) for day in range(6)})
    flow = load_content().flow(hours=hours, offices=(("lahore", "Lahore office"), ("duty", "Duty office")))
    turns = list(_turns(flow))
    written = [json.dumps(dump(state)) for state, _ in turns]

    def engine() -> None:
        for state, event in turns * TIMES:
            advance(flow, state, event)

    def state() -> None:
        for text in written * TIMES:
            json.dumps(dump(load(json.loads(text))))

    alone = [best(engine, len(turns) * TIMES) for _ in range(rounds)]
    stored = [best(state, len(turns) * TIMES) for _ in range(rounds)]
    return [
        Figure("engine alone", middle(alone) * 1e6, "µs/turn", at_most(20)),
        Figure("state read and written", middle(stored) * 1e6, "µs/turn"),
    ]


def _turns(flow: Flow) -> Iterator[tuple[State, Event]]:
    """Each state of the talk with the event that meets it."""
    state = begin()
    events: list[Event] = [Started(NOW), *(Chose(NOW, key, n + 1) for n, key in enumerate((*OPENING, *ROUND)))]
    for event in events:
        yield state, event
        state = advance(flow, state, event).state

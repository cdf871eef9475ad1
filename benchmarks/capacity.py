"""How far it reaches: `python -m benchmarks.capacity [--write]` simulates a busy hour from the measured costs.

Costs come from `benchmarks/results.json`; how people use it is assumed below, in one place, to be replaced by a host's own
counts.  Everything waits where it really waits: for a core, for the database's commit, for Telegram's pace.
"""

import argparse
import json
import random
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import simpy

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results.json"
PAGE = ROOT / "docs" / "capacity.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
REPLICAS = (1, 10, 100)
SEED, SECONDS = 7, 300.0
FULL = 0.7
"""A station that is busier than this makes its queue long in the minutes that are worse than the average."""


@dataclass(frozen=True, slots=True)
class Use:
    """What is assumed, not measured.  `busy_hour`: part of a day's updates that come in its busiest hour."""

    people: int = 10_000_000
    talks_a_month: float = 0.2
    updates_a_talk: float = 20.0
    messages_an_update: float = 1.3
    talks_a_report: float = 20.0
    busy_hour: float = 0.12
    officer_minutes: float = 30.0
    officer_hours: float = 7.0
    telegram_messages_s: float = 30.0
    commits_s: float = 1_000.0
    connections_a_replica: int = 10

    @property
    def updates_s(self) -> float:
        """In the busy hour."""
        return self.people * self.talks_a_month / 30 * self.updates_a_talk * self.busy_hour / 3_600

    @property
    def reports_a_day(self) -> float:
        return self.people * self.talks_a_month / 30 / self.talks_a_report


@dataclass(frozen=True, slots=True)
class Costs:
    """Measured processor seconds."""

    update_s: float
    report_s: float
    page_s: float

    @classmethod
    def read(cls, file: Path = RESULTS) -> "Costs":
        found = {row["name"]: row["value"] for row in json.loads(file.read_text("utf-8"))}
        return cls(
            found["hamrah: processor time"] / 1_000,
            found["full reports, PostgreSQL: processor time"] / 1_000,
            found["queue page at 100,000 cases"] / 1_000,
        )

    def an_update_s(self, use: Use) -> float:
        """An update with its part of the reports that are sent."""
        return self.update_s + self.report_s / (use.talks_a_report * use.updates_a_talk)


@dataclass(slots=True)
class Station:
    """`servers` that each take `mean_s` for one; `steady`: always the same, else by chance (exponential)."""

    env: Any
    servers: int
    mean_s: float
    chance: random.Random
    steady: bool = False
    busy_s: float = 0.0
    waits: list[float] = field(default_factory=list)
    _seats: Any = field(init=False)

    def __post_init__(self) -> None:
        self._seats = simpy.Resource(self.env, self.servers)

    def serve(self) -> Generator[Any, Any, None]:
        came = self.env.now
        with self._seats.request() as seat:
            yield seat
            self.waits.append(self.env.now - came)
            took = self.mean_s if self.steady else self.chance.expovariate(1 / self.mean_s)
            self.busy_s += took
            yield self.env.timeout(took)


@dataclass(frozen=True, slots=True)
class Seen:
    """`p99_s`: until the reply has left; the rest: part of the time each was busy."""

    p99_s: float
    core: float
    commits: float
    telegram: float


def simulate(
    updates_s: float, replicas: int, bots: int, costs: Costs, use: Use, *, seconds: float = SECONDS, seed: int = SEED
) -> Seen:
    """One busy stretch; updates come by chance, each through a core, a commit and its bot's pace."""
    env, chance = simpy.Environment(), random.Random(seed)
    core = Station(env, replicas, costs.an_update_s(use), chance)
    commit = Station(env, 1, 1 / use.commits_s, chance)
    pace = use.messages_an_update / use.telegram_messages_s
    doors = [Station(env, 1, pace, chance, steady=True) for _ in range(bots)]
    took: list[float] = []

    def update(door: Station) -> Generator[Any, Any, None]:
        began = env.now
        for station in (core, commit, door):
            yield env.process(station.serve())
        took.append(env.now - began)

    def coming() -> Generator[Any, Any, None]:
        while True:
            yield env.timeout(chance.expovariate(updates_s))
            env.process(update(chance.choice(doors)))

    env.process(coming())
    env.run(until=seconds)
    busy = sum(door.busy_s for door in doors) / bots
    return Seen(_p99(took), core.busy_s / replicas / seconds, commit.busy_s / seconds, busy / seconds)


def queue_waits(rate_s: float, servers: int, mean_s: float, *, customers: int, seed: int = SEED) -> float:
    """Mean wait at one station with arrivals by chance: what queueing theory knows exactly, to test the station by."""
    env, chance = simpy.Environment(), random.Random(seed)
    station = Station(env, servers, mean_s, chance)

    def coming() -> Generator[Any, Any, None]:
        for _ in range(customers):
            yield env.timeout(chance.expovariate(rate_s))
            env.process(station.serve())

    env.process(coming())
    env.run()
    return sum(station.waits) / len(station.waits)


def people_within(limit_updates_s: float, use: Use) -> float:
    """How many people a limit in updates a second serves, at seven tenths of it."""
    return limit_updates_s * FULL * use.people / use.updates_s


def limits(replicas: int, bots: int, costs: Costs, use: Use) -> Mapping[str, float]:
    """Updates a second that each part can take."""
    return {
        "cores": replicas / costs.an_update_s(use),
        "commits": use.commits_s,
        "Telegram": bots * use.telegram_messages_s / use.messages_an_update,
    }


def lines(costs: Costs, use: Use) -> Sequence[str]:
    """The figures of the page, as Markdown."""
    bots_needed = 1 + int(use.updates_s / (limits(1, 1, costs, use)["Telegram"] * FULL))
    told = [
        (
            f"Ten million people bring {use.updates_s:.1f} updates a second in the busy hour and {use.reports_a_day:,.0f} "
            f"reports a day; these take {use.reports_a_day * use.officer_minutes / 60 / use.officer_hours:,.0f} officers "
            f"at work each day."
        ),
        "",
        "| replicas | people by cores | by commits | by one bot's pace | narrow first | connections |",
        "|---|---|---|---|---|---|",
    ]
    for replicas in REPLICAS:
        found = limits(replicas, 1, costs, use)
        first = min(found, key=lambda name: found[name])
        cells = " | ".join(
            f"{people_within(found[name], use) / 1e6:,.1f} m" for name in ("cores", "commits", "Telegram")
        )
        told.append(f"| {replicas} | {cells} | {first} | {replicas * use.connections_a_replica} |")
    told += [
        "",
        f"Simulated at {use.updates_s:.1f} updates a second, with one bot and with {bots_needed}:",
        "",
        "| replicas | bots | cores busy | commits busy | Telegram busy | 99 of 100 answered within |",
        "|---|---|---|---|---|---|",
    ]
    for replicas in REPLICAS:
        for bots in (1, bots_needed):
            seen = simulate(use.updates_s, replicas, bots, costs, use)
            busy = " | ".join(f"{100 * part:.1f} %" for part in (seen.core, seen.commits, seen.telegram))
            told.append(f"| {replicas} | {bots} | {busy} | {seen.p99_s:.2f} s |")
    officers = 100 * costs.page_s
    told += ["", f"A hundred officers who each open a page a second keep {officers:.2f} cores busy."]
    return told


def _p99(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"put the figures into {PAGE.relative_to(ROOT)}")
    given = parser.parse_args()
    told = "\n".join(lines(Costs.read(), Use()))
    if not given.write:
        print(told)
        return
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{told}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()

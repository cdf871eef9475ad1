"""`python -m benchmarks [GROUP …] [--rounds N]`: measure, print one table, write `benchmarks/results.json`."""

import argparse
import sys
from collections.abc import Callable, Mapping

from benchmarks import (
    content,
    engine,
    footprint,
    plain_form,
    private_page,
    queue_page,
    reloading,
    replicas,
    reports,
    seeking,
    steps,
    storage_alone,
    stored,
    whole_path,
    wording,
)
from benchmarks.figures import Figure, table, write

ROUNDS = 5

NOTES = """
Each figure: the middle of the rounds.  On the whole path the pace of a chat (a burst of five, then one message a second) is
off, which no peer has; everything else is as served.  benchmarks/README.md says how each figure is taken.
"""

Measure = Callable[[int], list[Figure]]
GROUPS: Mapping[str, Measure] = {
    "whole-path": whole_path.measure,
    "replicas": replicas.measure,
    "stored": stored.measure,
    "storage": storage_alone.measure,
    "steps": steps.measure,
    "reports": reports.measure,
    "plain-form": plain_form.measure,
    "private-page": private_page.measure,
    "engine": engine.measure,
    "wording": wording.measure,
    "reloading": reloading.measure,
    "content": content.measure,
    "seeking": seeking.measure,
    "queue": queue_page.measure,
    "footprint": footprint.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("group", nargs="*", choices=[[], *GROUPS], help="what to measure; all if none is named")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="taken in turn; the middle one counts")
    given = parser.parse_args()
    figures: list[Figure] = []
    for name in given.group or GROUPS:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        figures += GROUPS[name](given.rounds)
    write(figures)
    print(table(figures) + "\n" + NOTES.rstrip())


if __name__ == "__main__":
    main()

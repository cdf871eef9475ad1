"""`make promises`: run the tests that show a promise and print every number with its tests and result.

`--json` prints a list of {id, tests, result} alone; `--long` adds the full-size forms.
A number is `passed` when a test of it ran and none failed, `failed` when one did, else `none`.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TypedDict

from tests.plugins.promises import PAGE, Shown, promised

ROOT = PAGE.parents[1]


class Row(TypedDict):
    """One promise: its number, the tests that ran for it, and `passed`, `failed` or `none`."""

    id: str
    tests: list[str]
    result: str


def main() -> int:
    parser = argparse.ArgumentParser(prog="make promises", description=__doc__)
    parser.add_argument("--json", action="store_true", help="a list of {id, tests, result}")
    parser.add_argument("--long", action="store_true", help="also the full-size forms")
    asked, for_pytest = parser.parse_known_args()
    status, shown = _run(for_pytest, long=asked.long, quiet=asked.json)
    rows = [_row(number, shown.get(number, {})) for number in promised()]
    print(json.dumps(rows, indent=1) if asked.json else _table(rows))
    return status


def _run(for_pytest: list[str], *, long: bool, quiet: bool) -> tuple[int, Shown]:
    """Run pytest in a process of its own; its talk goes to stderr where stdout is for machines."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "shown.json"
        command = [sys.executable, "-m", "pytest", "-q", "--promises-out", str(out)]
        command += (["-m", "long or not long", "-o", "faulthandler_timeout=0"] if long else []) + for_pytest
        ended = subprocess.run(command, cwd=ROOT, check=False, stdout=sys.stderr if quiet else None)
        if not out.exists():
            sys.exit(ended.returncode or 1)
        shown: Shown = json.loads(out.read_text(encoding="utf-8"))
        return ended.returncode, shown


def _row(number: str, outcomes: dict[str, str]) -> Row:
    ran = sorted(test for test, outcome in outcomes.items() if outcome != "skipped")
    if any(outcomes[test] == "failed" for test in ran):
        return Row(id=number, tests=ran, result="failed")
    return Row(id=number, tests=ran, result="passed" if ran else "none")


def _table(rows: list[Row]) -> str:
    lines = []
    for row in rows:
        first, *rest = row["tests"] or ["-"]
        lines.append(f"{row['id']:<4} {row['result']:<7} {first}")
        lines += [f"{'':<13}{test}" for test in rest]
    counts = {result: sum(row["result"] == result for row in rows) for result in ("passed", "failed", "none")}
    lines.append(", ".join(f"{count} {result}" for result, count in counts.items()))
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())

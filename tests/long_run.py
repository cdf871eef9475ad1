"""`make long`: the full-size forms (kills, fuzz, leak scan, soak), kept as docs/results/long-<date>.json.

Further arguments go to pytest: `make long ARGS="-k kills"` runs a part and adds it to the day's file.
"""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main() -> int:
    out = ROOT / "docs" / "results" / f"long-{datetime.now(UTC):%Y-%m-%d}.json"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-m",
        "long",
        "-o",
        "faulthandler_timeout=0",
        f"--results-out={out}",  # in one word: a file that is there already would be taken for the tests to run
        *sys.argv[1:],
    ]
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    print(f"results: {out.relative_to(ROOT)}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())

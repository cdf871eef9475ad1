"""The list of promises is complete, and its numbers are what the markers may use."""

import re

from tests.house.tree import ROOT
from tests.plugins.promises import PAGE, promised

ALL = tuple(f"S{number}" for number in range(1, 61)) + tuple(f"R{number}" for number in range(1, 31))


def test_every_promise_stands_on_the_page_once() -> None:
    assert promised() == ALL


CLAIMED = re.compile(r"^\| (R\d+) \|.*\| (\d[\d.]*) \|$", re.MULTILINE)
MARKER = re.compile(r"mark\.promise\(([^)]*)\)")


def test_every_claimed_promise_of_reliability_has_a_test_that_names_it() -> None:
    named: set[str] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for numbers in MARKER.findall(path.read_text(encoding="utf-8")):
            named |= set(re.findall(r"R\d+", numbers))
    claimed = {number for number, _ in CLAIMED.findall(PAGE.read_text(encoding="utf-8"))}
    assert claimed
    assert claimed <= named, sorted(claimed - named)

"""Connects tests with the promises they show: `@pytest.mark.promise("S3", "R1")`.

The numbers are the rows of docs/promises.md; a marker with another number stops the run.
`--promises-out FILE` runs only tests that carry a number and writes {number: {test: outcome}}.
"""

import json
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "promises.md"
ROW = re.compile(r"^\| ([SR]\d+) \|", re.MULTILINE)
Shown = dict[str, dict[str, str]]


def promised() -> tuple[str, ...]:
    """Every number of docs/promises.md, in the order S1…, R1…."""
    found = set(ROW.findall(PAGE.read_text(encoding="utf-8")))
    return tuple(sorted(found, key=lambda number: (number[0] != "S", int(number[1:]))))


def numbers_of(item: pytest.Item) -> tuple[str, ...]:
    """The numbers on `item`, from the function, its class and its module."""
    return tuple(str(number) for marker in item.iter_markers("promise") for number in marker.args)


class _Ledger:
    """Notes the worst outcome of each test under the numbers it carries."""

    WORST_LAST = ("passed", "skipped", "failed")

    def __init__(self, out: Path) -> None:
        self._out = out
        self._shown: Shown = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.passed:
            return
        outcome = "failed" if hasattr(report, "wasxfail") else report.outcome
        for name, number in report.user_properties:
            if name == "promise":
                tests = self._shown.setdefault(str(number), {})
                tests[report.nodeid] = max(outcome, tests.get(report.nodeid, "passed"), key=self.WORST_LAST.index)

    def pytest_sessionfinish(self) -> None:
        self._out.write_text(json.dumps(self._shown, indent=1, sort_keys=True), encoding="utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--promises-out", type=Path, help="run what shows a promise, write outcomes here")


def pytest_configure(config: pytest.Config) -> None:
    out: Path | None = config.getoption("--promises-out")
    if out is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Ledger(out), "promise-ledger")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    known = set(promised())
    for item in items:
        for number in numbers_of(item):
            if number not in known:
                raise pytest.UsageError(f"{item.nodeid}: no promise {number} in docs/promises.md")
            item.user_properties.append(("promise", number))
    if config.getoption("--promises-out") is not None:
        without = [item for item in items if not numbers_of(item)]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if numbers_of(item)]

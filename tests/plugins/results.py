"""`--results-out FILE`: write what each test did, how long it took and the figures it recorded.

Figures and seeds are those a test gives to pytest's own `record_property(name, value)`.
An existing file of the same day is added to, so that parts can be run one after another.
"""

import json
from pathlib import Path

import pytest

Results = dict[str, dict[str, object]]


class _Results:
    def __init__(self, out: Path) -> None:
        self._out = out
        self._tests: Results = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "teardown" and report.passed:
            return
        if report.when == "setup" and report.passed:
            return
        self._tests[report.nodeid] = {
            "result": report.outcome,
            "seconds": round(report.duration, 1),
            "promises": sorted({str(value) for name, value in report.user_properties if name == "promise"}),
            "figures": {name: value for name, value in report.user_properties if name != "promise"},
        }

    def pytest_sessionfinish(self) -> None:
        earlier: Results = {}
        if self._out.exists():
            earlier = json.loads(self._out.read_text(encoding="utf-8"))["tests"]
        self._out.parent.mkdir(parents=True, exist_ok=True)
        merged = {"date": self._out.stem.removeprefix("long-"), "tests": {**earlier, **self._tests}}
        self._out.write_text(json.dumps(merged, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--results-out", type=Path, help="write outcome, duration and figures of each test here")


def pytest_configure(config: pytest.Config) -> None:
    out: Path | None = config.getoption("--results-out")
    if out is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Results(out), "results")

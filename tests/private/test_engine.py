"""One definition, two runners: the page's engine asks, decides and routes as the chat does, on hundreds of reports."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests.private.report_cases import CASES, report_cases

ROOT = Path(__file__).parents[2]
ENGINE = ROOT / "bot" / "web" / "dist" / "sealing.js"
REPLAY = Path(__file__).parent / "replay.js"
RUN = "console.log(JSON.stringify(replayReports(JSON.parse(require('fs').readFileSync(0, 'utf8')))))"


@pytest.fixture(scope="module")
def given() -> dict[str, Any]:
    return json.loads(json.dumps(report_cases()))  # type: ignore[no-any-return]


def _judge(outcome: dict[str, Any]) -> None:
    assert [] == outcome["differing"][:10]
    assert outcome["cases"] == CASES >= 300
    assert outcome["questions"] > 10 * CASES


def test_the_cases_reach_every_question_rule_and_way_of_choosing_readers(given: dict[str, Any]) -> None:
    cases = given["cases"]
    asked = {step["ask"] for case in cases for step in case["steps"]}
    assert {ask["id"] for ask in given["report"]["asks"]} == asked
    assert {rule["reason"] for rule in given["report"]["rules"]} == {r for case in cases for r in case["reasons"]}
    assert {"U0", "U1", "U2", "U3"} == {case["urgency"] for case in cases}
    readers = [found for case in cases for found in case["readers"]]
    assert None in readers, "nobody left to read"
    assert any(found and len(found["teams"]) > 2 for found in readers)
    assert any(case["routing"]["pairOnly"] for case in cases)
    assert any(step["changed"] for case in cases for step in case["steps"])


@pytest.mark.promise("S12")
def test_the_engine_agrees_in_node(given: dict[str, Any], tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed; the same cases run in Chromium")
    script = tmp_path / "replay.js"
    script.write_text(ENGINE.read_text("utf-8") + REPLAY.read_text("utf-8") + RUN, "utf-8")
    done = subprocess.run(
        [node, str(script)], input=json.dumps(given), capture_output=True, text=True, timeout=120, check=True
    )
    _judge(json.loads(done.stdout))


@pytest.mark.browser
@pytest.mark.promise("S12")
def test_the_engine_agrees_in_a_browser(given: dict[str, Any], chromium_path: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--disable-dev-shm-usage"])
        page = browser.new_page()
        page.evaluate(ENGINE.read_text("utf-8") + "; 0")
        page.evaluate(REPLAY.read_text("utf-8") + "; 0")  # an arrow function would be called
        outcome = page.evaluate("given => replayReports(given)", given)
        browser.close()
    _judge(outcome)

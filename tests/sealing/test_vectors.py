"""What Python and browsers must both give; tests/browser runs the same file in Chromium."""

import json
from typing import Any

import pytest

from tests.sealing.vectors import CHECKS, load, run

CASES = load()


@pytest.mark.promise("S4")
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_vector_opens_as_it_was_written(case: dict[str, Any]) -> None:
    assert case["gives"] == run(case)


@pytest.mark.promise("S4")
def test_there_are_enough_vectors_of_every_kind() -> None:
    kinds = [case["check"] for case in CASES]
    assert len(CASES) >= 200
    assert set(kinds) == set(CHECKS)
    names = {case["name"] for case in CASES}
    assert len(names) == len(CASES)
    for needed in ("empty", "one byte", "Urdu"):
        assert {f"record: {needed}, sealed by Python", f"record: {needed}, sealed by browser"} <= names
    assert {f"file: {size} bytes" for size in (65_535, 65_536, 65_537)} <= {name.split(",")[0] for name in names}


@pytest.mark.promise("S4")
def test_lone_surrogates_are_refused_wherever_they_stand() -> None:
    refused = [case for case in CASES if case["check"] == "text" and case["gives"] == {"refused": "NotText"}]
    assert len(refused) >= 4
    for case in refused:
        assert any("\ud800" <= character <= "\udfff" for character in json.loads(case["given"]["json"]))

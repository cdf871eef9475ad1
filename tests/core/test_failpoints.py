"""Fault points do nothing unless a test build asks; then exactly what was asked, at the visit that was asked."""

import time
from collections.abc import Iterator

import pytest

from bot.core import failpoints
from bot.core.failpoints import Injected, reach


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    failpoints.arm({})


def arm(points: str, *, test_build: str = "1") -> None:
    failpoints.arm({"HAMRAH_TEST_BUILD": test_build, "HAMRAH_FAILPOINTS": points})


def test_outside_a_test_build_no_setting_can_make_us_fail() -> None:
    arm("F7=raise,F8=kill", test_build="")
    reach("F7")
    reach("F8")


def test_only_the_named_point_acts() -> None:
    arm("F7=raise")
    reach("F6")
    with pytest.raises(Injected, match="F7"):
        reach("F7")
    with pytest.raises(Injected):
        reach("F7")


def test_a_numbered_visit_acts_once() -> None:
    arm("F5=raise@3")
    reach("F5")
    reach("F5")
    with pytest.raises(Injected):
        reach("F5")
    reach("F5")


@pytest.mark.parametrize("action", ["eio", "full"])
def test_a_broken_and_a_full_disk_can_be_played(action: str) -> None:
    arm(f"F7={action}")
    with pytest.raises(OSError, match="failpoint F7"):
        reach("F7")


def test_a_delay_delays() -> None:
    arm("F5=delay:0.05")
    began = time.monotonic()
    reach("F5")
    assert time.monotonic() - began >= 0.05


def test_a_misspelt_action_is_noticed() -> None:
    arm("F5=explode")
    with pytest.raises(ValueError, match="unknown action"):
        reach("F5")

"""Finds the Chromium that tests marked `browser` drive, or says why they cannot run.

Without one they are skipped with the reason; with REQUIRE_BROWSER=1 that is a failure instead.  Where nobody asked for the
browser, its journeys run, and the many pages, widths and languages are left to `make e2e`, which asks.
"""

import os
import shutil

import pytest

ASKED = "REQUIRE_BROWSER"
LEFT = "one of many pages, widths and languages: `make e2e` runs it, or REQUIRE_BROWSER=1"
REASON = "no Chromium found: install the package `chromium`, or set CHROMIUM to its path"


def find_chromium() -> str | None:
    """The path that CHROMIUM names, or of the first Chromium on PATH."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Path of the browser; a test that asks for it must be marked `browser`."""
    found = find_chromium()
    assert found is not None, REASON
    return found


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") is None:
        return
    asked = os.environ.get(ASKED) == "1"
    if find_chromium() is None:
        if asked:
            pytest.fail(f"{ASKED}=1, but {REASON}", pytrace=False)
        pytest.skip(REASON)
    if not asked and item.get_closest_marker("journey") is None:
        pytest.skip(LEFT)

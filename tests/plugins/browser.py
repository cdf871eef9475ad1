"""Finds the Chromium that tests marked `browser` drive, or says why they cannot run.

Without one they are skipped with the reason; with REQUIRE_BROWSER=1 that is a failure instead.
"""

import os
import shutil

import pytest

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
    if item.get_closest_marker("browser") is None or find_chromium() is not None:
        return
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(f"REQUIRE_BROWSER=1, but {REASON}", pytrace=False)
    pytest.skip(REASON)

"""Where no slow test is wanted, a file whose tests are all slow is not even read: that is a third of the whole time."""

import gc
import re
from pathlib import Path

import pytest

_ALL_SLOW = re.compile(r"^pytestmark = .*\bpytest\.mark\.slow\b", re.MULTILINE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    if "not slow" not in config.option.markexpr or collection_path.suffix != ".py":
        return None
    return True if _ALL_SLOW.search(collection_path.read_text(encoding="utf-8")) else None


def pytest_collection_finish() -> None:
    """What was read stays to the end: looking through it again and again for garbage costs a tenth of the time."""
    gc.collect()
    gc.freeze()

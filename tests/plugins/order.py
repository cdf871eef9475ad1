"""The order that keeps every core busy to the end: files with slow tests begin first, and one worker more than cores.

A slow test mostly waits, for a browser or for a process that it killed.
"""

import os

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    slow = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """For `-n auto`; `-n logical` stays one for each core."""
    waiting = 1 if config.option.numprocesses == "auto" else 0
    return (os.cpu_count() or 1) + waiting

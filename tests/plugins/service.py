"""A founded service for tests that serve the whole program: made once, copied for each test that wants its own."""

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.talking import NOON

if TYPE_CHECKING:  # the whole program is slow to load; only tests that ask for it pay
    from tests.service import Service


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> "Service":
    """Made the day before `NOON`; nobody serves this one, it is copied."""
    from tests.service import DAY_S, found

    return asyncio.run(found(tmp_path_factory.mktemp("founded"), now=NOON - DAY_S))


@pytest.fixture(scope="session")
def founded_today(tmp_path_factory: pytest.TempPathFactory) -> "Service":
    """The same by the wall clock, for processes of their own."""
    from tests.service import found

    return asyncio.run(found(tmp_path_factory.mktemp("founded-today")))


@pytest.fixture
def service_today(founded_today: "Service", tmp_path: Path) -> "Service":
    return copied(founded_today, tmp_path / "service")


@pytest.fixture
def service(founded: "Service", tmp_path: Path) -> "Service":
    return copied(founded, tmp_path / "service")


def copied(founded: "Service", folder: Path) -> "Service":
    """The same service in another folder, with an embedded database of its own."""
    shutil.copytree(founded.folder, folder)
    return replace(founded, folder=folder, url=f"sqlite:///{folder / 'hamrah.db'}")

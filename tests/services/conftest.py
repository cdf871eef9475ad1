"""Service tests run on an in-memory database unless a test asks for a file."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.helpline import Helpline, open_helpline


@pytest.fixture
async def helpline(tmp_path: Path) -> AsyncIterator[Helpline]:
    async with open_helpline(tmp_path) as opened:
        yield opened

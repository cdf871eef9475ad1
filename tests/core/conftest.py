"""Core tests talk with the real content and no service behind it."""

import pytest

from tests.talking import Talk


@pytest.fixture
def talk() -> Talk:
    """A reporter who has never written."""
    return Talk()

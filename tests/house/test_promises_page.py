"""The list of promises is complete, and its numbers are what the markers may use."""

from tests.plugins.promises import promised

ALL = tuple(f"S{number}" for number in range(1, 61)) + tuple(f"R{number}" for number in range(1, 31))


def test_every_promise_stands_on_the_page_once() -> None:
    assert promised() == ALL

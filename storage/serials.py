"""The order of outgoing messages on SQLite, where no sequence gives it; PostgreSQL has one."""

from collections.abc import Callable

from sqlalchemy import Connection

INFO = "serials"


class Serials:
    """`newest`: reads the highest number in the table; asked once, at the first use."""

    def __init__(self, newest: Callable[[], int]) -> None:
        self._newest = newest
        self._last: int | None = None

    def __next__(self) -> int:
        self._last = (self._newest() if self._last is None else self._last) + 1
        return self._last


def next_serial(conn: Connection) -> int:
    """The number of the next message; 0 on PostgreSQL, which does not ask for one."""
    serials = conn.info.get(INFO)
    return next(serials) if isinstance(serials, Serials) else 0

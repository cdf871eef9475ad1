"""Who else has a case open: told to those who may open it themselves, and forgotten by itself.

Nothing is kept of what they read or write, and nothing is logged.
"""

from collections.abc import Sequence
from typing import Final, Protocol

from bot.services.officers.ports import Cases, Conn, Database
from bot.services.officers.seeing import find_visible
from bot.services.officers.sign_in import Signed

LASTS_S: Final = 45
"""The page says every quarter of a minute that the case is still open; after three silences nobody is there."""
TYPING_S: Final = 10


class Visit(Protocol):
    @property
    def case(self) -> bytes: ...
    @property
    def account(self) -> str: ...
    @property
    def seen(self) -> int: ...
    @property
    def typed(self) -> int: ...


class Visits(Protocol):
    def join(self, conn: Conn, case: bytes, account: str, now: int, *, typing: bool) -> None: ...

    def leave(self, conn: Conn, case: bytes, account: str) -> None: ...

    def all(self, conn: Conn) -> Sequence[Visit]: ...

    def forget(self, conn: Conn, before: int) -> int: ...


class Company:
    """`cases`, `visits`: storage's."""

    def __init__(self, database: Database, *, cases: Cases, visits: Visits) -> None:
        self._database = database
        self._cases = cases
        self._visits = visits

    async def join(self, who: Signed, case: bytes, *, typing: bool, now: int) -> bool:
        """Note that this officer has `case` open; false when there is no such case for them."""

        def work(conn: Conn) -> bool:
            if find_visible(self._cases, conn, who, case) is None:
                return False
            self._visits.join(conn, case, who.account.id, now, typing=typing)
            return True

        return await self._database.write(work)

    async def leave(self, who: Signed, case: bytes) -> None:
        """The officer closed it; whether there is such a case is not told."""
        await self._database.write(lambda conn: self._visits.leave(conn, case, who.account.id))


def present(visits: Sequence[Visit], now: int) -> Sequence[Visit]:
    """Those who are there still."""
    return [visit for visit in visits if visit.seen > now - LASTS_S]


def types(visit: Visit, now: int) -> bool:
    return visit.typed > now - TYPING_S

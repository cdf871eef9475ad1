"""The trace every act of an officer leaves (S36, S38): who by key, what, which case by its random handle, which hour.

An entry is written in the transaction of the act itself; if it cannot be written, the act has not happened.
"""

from typing import Protocol

from bot.core.roster import KeyId
from bot.sealing.context import new_id
from bot.sealing.fields import canonical
from bot.services.officers.ports import Conn

HOUR_S = 3_600


class Ledger(Protocol):
    """Where entries are kept until the chainer gives them their place in the log (S37)."""

    def append(self, conn: Conn, id: bytes, hour: int, entry: bytes) -> None: ...


def write_entry(ledger: Ledger, conn: Conn, *, who: KeyId | None, act: str, handle: str = "", now: int) -> None:
    """Append one entry.  `who`: id of the officer's key, none for those who hold none; nothing of a reporter (S38)."""
    hour = now // HOUR_S
    entry = {"v": 1, "key": who.hex() if who else "", "act": act, "case": handle, "hour": hour}
    ledger.append(conn, new_id(), hour, canonical(entry))

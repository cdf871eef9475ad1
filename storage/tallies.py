"""How often something was done, by month; written by turns (`turns.py`), read here."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, select

from bot.core.writes import Tally
from storage.hot import TALLY
from storage.schema import tallies
from storage.statements import run


def add(conn: Connection, tally: Tally, n: int = 1) -> None:
    """Count outside a turn; `n` is negative where somebody takes back what was counted before."""
    run(conn, TALLY, {**asdict(tally), "n": n})


def of(conn: Connection, kind: str, since: int = 0) -> Sequence[tuple[Tally, int]]:
    """Every count of `kind` from month `since` on, oldest month first; what was taken back is left out."""
    by = (tallies.c.month, tallies.c.item, tallies.c.lang, tallies.c.audience)
    wanted = (tallies.c.kind == kind, tallies.c.month >= since, tallies.c.n > 0)
    rows = conn.execute(select(tallies).where(*wanted).order_by(*by))
    return [(Tally(r.kind, r.item, r.lang, r.audience, r.month), r.n) for r in rows]

"""How often something was done, by month; written by turns (`turns.py`), read here."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from bot.core.writes import Tally
from storage.schema import tallies


def of(conn: Connection, kind: str) -> Sequence[tuple[Tally, int]]:
    """Every count of `kind`, oldest month first."""
    by = (tallies.c.month, tallies.c.item, tallies.c.lang, tallies.c.audience)
    rows = conn.execute(select(tallies).where(tallies.c.kind == kind).order_by(*by))
    return [(Tally(r.kind, r.item, r.lang, r.audience, r.month), r.n) for r in rows]

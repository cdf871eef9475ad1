"""Which officers have which case open just now; seen by every replica, and gone by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, case, delete, select

from storage.schema import case_visits
from storage.statements import Insertion, Upsert, run


def _later(statement: Upsert) -> Upsert:
    """Whoever stopped typing is still remembered to have typed."""
    new, old = statement.excluded.typed, case_visits.c.typed
    at = {"seen": statement.excluded.seen, "typed": case((new > old, new), else_=old)}
    return statement.on_conflict_do_update(index_elements=["case_id", "account"], set_=at)


VISIT = Insertion(case_visits, _later)


@dataclass(frozen=True, slots=True)
class Visit:
    """`seen`: second at which the page last said so; `typed`: at which something was last typed there, or 0."""

    case: bytes
    account: str
    seen: int
    typed: int


def join(conn: Connection, case: bytes, account: str, now: int, *, typing: bool) -> None:
    run(conn, VISIT, {"case_id": case, "account": account, "seen": now, "typed": now if typing else 0})


def leave(conn: Connection, case: bytes, account: str) -> None:
    conn.execute(delete(case_visits).where(case_visits.c.case_id == case, case_visits.c.account == account))


def all(conn: Connection) -> Sequence[Visit]:
    """Every visit that was not forgotten yet: as many as there are officers at work."""
    rows = conn.execute(select(case_visits).order_by(case_visits.c.case_id, case_visits.c.account))
    return [Visit(r.case_id, r.account, r.seen, r.typed) for r in rows]


def forget(conn: Connection, before: int) -> int:
    """Delete what was last said at second `before` or earlier."""
    return conn.execute(delete(case_visits).where(case_visits.c.seen <= before)).rowcount

"""Who asked to take a case out, who agreed, and whether it was taken (S39)."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from bot.core.errors import Conflict
from storage.schema import exports


@dataclass(frozen=True, slots=True)
class Export:
    """`agreed`: the second person, none yet; `day`: it was asked for."""

    id: bytes
    asked: str
    agreed: str | None
    day: int
    used: bool


def add(conn: Connection, *, id: bytes, case: bytes, asked: str, day: int) -> None:
    conn.execute(insert(exports).values(id=id, case_id=case, asked=asked, agreed=None, day=day, used=0))


def of_case(conn: Connection, case: bytes) -> list[Export]:
    """Every request of `case`, oldest day first."""
    rows = conn.execute(select(exports).where(exports.c.case_id == case).order_by(exports.c.day, exports.c.id))
    return [Export(r.id, r.asked, r.agreed, r.day, bool(r.used)) for r in rows]


def agree(conn: Connection, id: bytes, officer: str) -> None:
    """Raises `Conflict` when somebody agreed already, or `officer` is the one who asked."""
    wanted = (exports.c.id == id, exports.c.agreed.is_(None), exports.c.asked != officer)
    if conn.execute(update(exports).where(*wanted).values(agreed=officer)).rowcount != 1:
        raise Conflict("agreed already, or alone")


def use(conn: Connection, id: bytes, officer: str) -> None:
    """Raises `Conflict` unless two agreed, `officer` asked, and it was not taken yet."""
    wanted = (exports.c.id == id, exports.c.agreed.is_not(None), exports.c.asked == officer, exports.c.used == 0)
    if conn.execute(update(exports).where(*wanted).values(used=1)).rowcount != 1:
        raise Conflict("not agreed, not theirs, or taken already")

"""Secrets of one-time codes, sealed by the caller, and how far each was used: a code counts once (S21)."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from storage.schema import one_time_codes
from storage.statements import Insertion, run

PUT = Insertion(one_time_codes)


@dataclass(frozen=True, slots=True)
class OneTimeRow:
    """`step`: the newest one used, 0 before the first; `made`: epoch seconds."""

    secret: bytes
    step: int
    made: int


def find(conn: Connection, account: str) -> OneTimeRow | None:
    r = conn.execute(select(one_time_codes).where(one_time_codes.c.account == account)).one_or_none()
    return None if r is None else OneTimeRow(r.secret, r.step, r.made)


def put(conn: Connection, account: str, secret: bytes, made: int) -> None:
    """In place of one that was never used; whoever uses codes already keeps theirs (an `IntegrityError`)."""
    conn.execute(delete(one_time_codes).where(one_time_codes.c.account == account, one_time_codes.c.step == 0))
    run(conn, PUT, {"account": account, "secret": secret, "step": 0, "made": made})


def use(conn: Connection, account: str, secret: bytes, step: int) -> bool:
    """Whether this step was still unused; looking and using are one statement, so two replicas cannot both take it."""
    newer = update(one_time_codes).where(one_time_codes.c.account == account, one_time_codes.c.secret == secret)
    return conn.execute(newer.where(one_time_codes.c.step < step).values(step=step)).rowcount == 1


def drop(conn: Connection, account: str) -> bool:
    """Whether there was one."""
    return conn.execute(delete(one_time_codes).where(one_time_codes.c.account == account)).rowcount == 1

"""Cases as officers see them: one case, its sealed records and slots, and what they change about it.

What is allowed is decided in `bot.core.case`; here a change is made if the case is still as it was seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select, update

from bot.core.case import Standing, Status, Wish
from bot.core.errors import Conflict
from bot.core.writes import KeepRecord
from storage import hot
from storage.schema import case_heads, case_holdings, case_teams, cases, records, slots, snoozes, wishes
from storage.statements import run
from storage.turns import record_row

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Case:
    """`teams`: who may see it.  `count`, `head`, `public`, `slot_list`: what adding to it and checking it needs."""

    id: bytes
    handle: str
    teams: tuple[str, ...]
    language: str
    region: str
    concern: str
    urgency: str
    channel: str
    day: int
    climb_at: int | None
    standing: Standing
    waiting: bool
    hour: int
    closed_day: int | None
    held: bool
    count: int
    head: bytes
    public: bytes
    slot_list: bytes
    until: int | None = None
    """Second to which it was put off, while it sleeps."""
    since: int | None = None
    """Second at which whoever works on it took it."""
    stirred: bool = False
    """Whether something came while it was quiet."""


@dataclass(frozen=True, slots=True)
class Slot:
    """`roster`: version of the roster it was made under."""

    case: bytes
    key: bytes
    slot: bytes
    roster: int


def find(conn: Connection, case: bytes) -> Case | None:
    statement = (
        select(cases, case_heads, wishes.c.wish, snoozes.c.until, snoozes.c.quiet, case_holdings.c.since)
        .join(case_heads, case_heads.c.case_id == cases.c.id)
        .outerjoin(wishes, wishes.c.case_id == cases.c.id)
        .outerjoin(snoozes, snoozes.c.case_id == cases.c.id)
        .outerjoin(case_holdings, case_holdings.c.case_id == cases.c.id)
        .where(cases.c.id == case)
    )
    r = conn.execute(statement).one_or_none()
    if r is None:
        return None
    teams = conn.execute(select(case_teams.c.team).where(case_teams.c.case_id == case).order_by(case_teams.c.team))
    return Case(
        id=r.id, handle=r.handle, teams=tuple(teams.scalars()), language=r.language, region=r.region, concern=r.concern,
        urgency=r.urgency, channel=r.channel, day=r.day, climb_at=r.climb_at,
        standing=standing_of(r), waiting=bool(r.waiting), hour=r.hour, closed_day=r.closed_day, held=bool(r.held), count=r.seq,
        head=r.head, public=r.public, slot_list=r.slot_list, until=r.until, since=r.since,
        stirred=r.quiet == hot.STIRRED,
    )  # fmt: skip


def standing_of(row: Any) -> Standing:
    """How a case stands, from a row of `cases` with its `wish`, `until` and `quiet`."""
    asleep, quiet = row.until is not None, bool(row.quiet)
    return Standing(Status(row.status), row.officer, row.version, Wish(row.wish or 0), asleep, quiet)


def records_of(conn: Connection, case: bytes) -> list[KeepRecord]:
    """Every record of `case`, first to newest."""
    rows = conn.execute(select(records).where(records.c.case_id == case).order_by(records.c.seq))
    return [KeepRecord(r.id, r.case_id, r.seq, r.kind, r.envelope, r.digest, r.roster, r.day) for r in rows]


def slots_of(conn: Connection, case: bytes, keys: Sequence[bytes] | None = None) -> list[Slot]:
    """The slots of `case`, all of them (to compare with the roster, S12) or those of some reader keys."""
    statement = select(slots).where(slots.c.case_id == case).order_by(slots.c.key_id)
    if keys is not None:
        statement = statement.where(slots.c.key_id.in_(keys))
    return [Slot(r.case_id, r.key_id, r.slot, r.roster) for r in conn.execute(statement)]


def move(
    conn: Connection,
    case: bytes,
    before: Standing,
    after: Standing,
    *,
    now: int,
    answered: bool = False,
    until: int | None = None,
) -> None:
    """Let `case` stand as `after`.  `answered`: the reporter no longer waits.  `now`: its day is kept when the case is closed,
    and its second while somebody works on it.  `until`: second to which a case that sleeps is put off.

    Raises `Conflict` when it no longer stands as `before`; the caller shows the newer state and keeps both texts (R26).
    """
    closed = after.status is Status.CLOSED
    changed = {
        "status": after.status.value,
        "officer": after.holder,
        "version": after.version,
        "climb_at": None,
        "closed_day": now // DAY_S if closed else None,
    }
    if closed or answered:
        changed["waiting"] = 0
    run(conn, hot.COUNT_OUT, {"case_id": case})
    statement = update(cases).where(cases.c.id == case, cases.c.version == before.version).values(changed)
    if conn.execute(statement).rowcount != 1:
        raise Conflict("the case was changed by somebody else")
    if after.wish is not before.wish:
        run(conn, hot.WISH, {"case_id": case, "wish": after.wish.value})
    if after.asleep:
        run(conn, hot.SNOOZE, {"case_id": case, "until": until, "quiet": hot.QUIET if after.quiet else hot.ONLY_ASLEEP})
    elif before.asleep:
        run(conn, hot.WAKES, {"case_id": case})
    if after.holder is None:
        run(conn, hot.NO_HOLD, {"case_id": case})
    elif after.holder != before.holder:
        run(conn, hot.HOLD, {"case_id": case, "since": now})
    run(conn, hot.TEAMS_FOLLOW, {"case_id": case})
    run(conn, hot.COUNT_IN, {"case_id": case})


def wake(conn: Connection, now: int) -> int:
    """Let the case whose day came first stand in its lists again; returns 1, or 0 where no day has come.

    One in a transaction: whoever holds a counter while it waits for the next case would lock out the child who holds that
    case and waits for the counter.
    """
    due = select(snoozes.c.case_id).where(snoozes.c.until <= now).order_by(snoozes.c.until, snoozes.c.case_id).limit(1)
    case = conn.execute(due).scalar_one_or_none()
    if case is None:
        return 0
    run(conn, hot.LOCK_HEAD, {"case_id": case})
    run(conn, hot.COUNT_OUT, {"case_id": case})
    run(conn, hot.WAKES, {"case_id": case})
    conn.execute(update(cases).where(cases.c.id == case).values(version=cases.c.version + 1))
    run(conn, hot.TEAMS_FOLLOW, {"case_id": case})
    run(conn, hot.COUNT_IN, {"case_id": case})
    return 1


def append(conn: Connection, record: KeepRecord) -> None:
    """Add an officer's record.  Raises `Conflict` when the case has grown since; then it is sealed again, chained anew."""
    grown = {"case_id": record.case, "seq": record.seq + 1, "head": record.digest, "was": record.seq}
    if run(conn, hot.GROW, grown).rowcount != 1:
        raise Conflict("the case has grown since")
    run(conn, hot.RECORD, record_row(record))


def drop_slots(conn: Connection, case: bytes, keys: Sequence[bytes]) -> int:
    """End the access of some reader keys; the server may drop slots, never add them (D11)."""
    return conn.execute(delete(slots).where(slots.c.case_id == case, slots.c.key_id.in_(keys))).rowcount


def climbing(conn: Connection, now: int, limit: int = 100) -> list[bytes]:
    """Urgent cases that nobody opened in time, the longest overdue first."""
    due = select(cases.c.id).where(cases.c.climb_at <= now).order_by(cases.c.climb_at).limit(limit)
    return list(conn.execute(due).scalars())


def climb_again(conn: Connection, case: bytes, at: int | None) -> None:
    """When to look again whether somebody opened it."""
    conn.execute(update(cases).where(cases.c.id == case, cases.c.climb_at.is_not(None)).values(climb_at=at))


def hold(conn: Connection, case: bytes, held: bool) -> None:
    """Under legal hold a case is not purged, whatever its age (R22)."""
    conn.execute(update(cases).where(cases.c.id == case).values(held=int(held)))

"""Unopened urgent reports on their way up, and alerts claimed under a lease and a fence, as the outbox is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, or_, select, text, update

from bot.core.failpoints import reach
from storage import marks
from storage.clock import shared_now
from storage.schema import alerts, case_teams, cases, climbs, slots
from storage.schema import marks as mark_rows
from storage.statements import Insertion, Upsert, run

V = TypeVar("V")
HOUR_S = 3_600
_CLIMBER = 7217033
"""Only one replica lets reports climb at a time."""


def _newer(statement: Upsert) -> Upsert:
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["case_id"], set_={"level": new.level, "next_at": new.next_at}
    )


CLIMB = Insertion(climbs, _newer)
ALERT = Insertion(alerts)


@dataclass(frozen=True, slots=True)
class Due:
    """A report whose time has come.  `level`: the last one told, none before anybody was; `climb_at`: its first limit."""

    case: bytes
    teams: tuple[str, ...]
    language: str
    urgency: str
    holders: frozenset[bytes]
    level: int | None
    climb_at: int


@dataclass(frozen=True, slots=True)
class Alert:
    """What one person is to be told of one report, or in a digest (`case`: none).  `reason`: a value of `Reason`."""

    id: bytes
    case: bytes | None
    person: str
    team: str
    urgency: str
    reason: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """`attempts`: this one included; `since`: second at which it was written."""

    id: bytes
    fence: int
    person: str
    team: str
    urgency: str
    reason: str
    attempts: int
    since: int


def clock(conn: Connection, now: int) -> int:
    """The clock that replicas share: every time written and compared here is of this one (R14)."""
    return shared_now(conn, now)


def due(conn: Connection, at: int, limit: int = 100) -> list[Due]:
    """Unopened urgent reports to tell somebody of now, the longest overdue first; other replicas wait meanwhile."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:climber)"), {"climber": _CLIMBER})
    rows = conn.execute(
        select(cases.c.id, cases.c.language, cases.c.urgency, cases.c.climb_at, climbs.c.level)
        .outerjoin(climbs, climbs.c.case_id == cases.c.id)
        .where(cases.c.climb_at > 0, or_(climbs.c.case_id.is_(None), climbs.c.next_at <= at))
        .order_by(cases.c.climb_at)
        .limit(limit)
    ).all()
    teams = _each(conn, case_teams.c.case_id, case_teams.c.team, [row.id for row in rows])
    holders = _each(conn, slots.c.case_id, slots.c.key_id, [row.id for row in rows])
    return [
        Due(
            row.id,
            tuple(teams.get(row.id, ())),
            row.language,
            row.urgency,
            frozenset(holders.get(row.id, ())),
            row.level,
            row.climb_at,
        )
        for row in rows
    ]


def climbed(conn: Connection, of: bytes, level: int, next_at: int) -> None:
    """`next_at`: epoch seconds of the next step."""
    run(conn, CLIMB, {"case_id": of, "level": level, "next_at": next_at})


def settle(conn: Connection) -> None:
    """Forget how far reports had climbed that somebody has opened, and what was still to be said of them."""
    unopened = select(cases.c.id).where(cases.c.climb_at > 0)
    conn.execute(delete(climbs).where(climbs.c.case_id.not_in(unopened)))
    conn.execute(delete(alerts).where(alerts.c.case_id.is_not(None), alerts.c.case_id.not_in(unopened)))


def put(conn: Connection, alert: Alert, at: int, now: int) -> None:
    """To be sent from `at` on; `now`: both in epoch seconds of the shared clock."""
    run(
        conn,
        ALERT,
        {
            "id": alert.id,
            "case_id": alert.case,
            "person": alert.person,
            "team": alert.team,
            "urgency": alert.urgency,
            "reason": alert.reason,
            "due_at": at,
            "since": now,
            "fence": 0,
            "attempts": 0,
        },
    )


def claim(conn: Connection, now: int, lease_s: int, limit: int = 200) -> list[Claimed]:
    """Take what is due for `lease_s` seconds; what another replica holds is left alone (R12, R13)."""
    at = shared_now(conn, now)
    ready = (
        select(alerts.c.id)
        .where(alerts.c.due_at <= at)
        .order_by(alerts.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = conn.execute(ready).scalars().all()
    if not ids:
        return []
    taken = (
        update(alerts)
        .where(alerts.c.id.in_(ids))
        .values(due_at=at + lease_s, fence=alerts.c.fence + 1, attempts=alerts.c.attempts + 1)
        .returning(*alerts.columns)
    )
    claimed = [
        Claimed(row.id, row.fence, row.person, row.team, row.urgency, row.reason, row.attempts, row.since)
        for row in conn.execute(taken).all()
    ]
    reach("F10")
    return claimed


def told(conn: Connection, claimed: Sequence[Claimed]) -> None:
    """They were sent, or are not to be sent any more."""
    for one in claimed:
        conn.execute(delete(alerts).where(_ours(one)))


def put_back(conn: Connection, claimed: Sequence[Claimed], wait_s: int, now: int) -> None:
    """Let them be claimed again after so many seconds."""
    at = shared_now(conn, now) + wait_s
    for one in claimed:
        conn.execute(update(alerts).where(_ours(one)).values(due_at=at))


def waiting(conn: Connection) -> tuple[int, int]:
    """How many alerts are to be sent, and how many of them have failed before."""
    n, failed = conn.execute(
        select(func.count(), func.coalesce(func.sum(case((alerts.c.attempts > 1, 1), else_=0)), 0)).select_from(alerts)
    ).one()
    return int(n), int(failed)


def numbers(conn: Connection, prefix: str) -> Mapping[str, int]:
    """The marks whose names begin with `prefix`, by the rest of the name."""
    statement = select(mark_rows.c.name, mark_rows.c.number).where(mark_rows.c.name.startswith(prefix, autoescape=True))
    return {row.name.removeprefix(prefix): row.number for row in conn.execute(statement)}


def number(conn: Connection, name: str) -> int:
    """A mark's number; 0 before it was ever set."""
    found = marks.get(conn, name)
    return 0 if found is None else found[0]


def set_number(conn: Connection, name: str, value: int, now: int) -> None:
    marks.put(conn, name, value, now // HOUR_S)


def overdue(conn: Connection, teams: Sequence[str], limits_s: Mapping[str, int], now: int) -> int:
    """How many reports of `teams` wait longer for an answer than their urgency allows; whole hours count."""
    late = or_(
        *(
            and_(cases.c.urgency == urgency, cases.c.hour < (now - limit) // HOUR_S)
            for urgency, limit in limits_s.items()
        )
    )
    of_teams = select(case_teams.c.case_id).where(case_teams.c.team.in_(teams), case_teams.c.feedback == 0)
    statement = select(func.count()).where(cases.c.waiting == 1, late, cases.c.id.in_(of_teams))
    return conn.execute(statement).scalar_one() if limits_s else 0


def _each(
    conn: Connection, of: ColumnElement[bytes], what: ColumnElement[V], ids: Sequence[bytes]
) -> dict[bytes, list[V]]:
    found: dict[bytes, list[V]] = {}
    for id, value in conn.execute(select(of, what).where(of.in_(ids)).order_by(of, what)):
        found.setdefault(id, []).append(value)
    return found


def _ours(one: Claimed) -> ColumnElement[bool]:
    return and_(alerts.c.id == one.id, alerts.c.fence == one.fence)

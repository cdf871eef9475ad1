"""Passing a case to another team: the referral, the team's queue row, and the slots its readers get.

What is allowed is decided in `bot.core.referral`; who reads, in the use case.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, literal, select, update

from bot.core.errors import Conflict
from bot.core.referral import Consent, Progress, Way
from storage import hot
from storage.schema import case_heads, case_teams, cases, referrals
from storage.statements import run


@dataclass(frozen=True, slots=True)
class Referral:
    """`officer`: who passed it; `day`: since the epoch; `away`: ids of officers it is about, who read no more."""

    id: bytes
    case: bytes
    way: Way
    from_team: str
    to_team: str
    progress: Progress
    consent: Consent
    officer: str
    day: int
    away: tuple[str, ...]


def add(
    conn: Connection,
    *,
    id: bytes,
    case: bytes,
    way: Way,
    teams: tuple[str, str],
    consent: Consent,
    officer: str,
    day: int,
    seq: int,
    away: Sequence[str],
) -> None:
    """A referral in progress.  `teams`: from which, to which; `seq`: of the note that says why."""
    conn.execute(
        insert(referrals).values(
            id=id, case_id=case, way=way.value, from_team=teams[0], to_team=teams[1],
            progress=Progress.IN_PROGRESS.value, consent=consent.value, officer=officer, day=day, seq=seq,
            away=json.dumps(sorted(away)),
        )
    )  # fmt: skip


def of_case(conn: Connection, case: bytes) -> list[Referral]:
    """Every referral of `case`, the oldest first."""
    rows = conn.execute(select(referrals).where(referrals.c.case_id == case).order_by(referrals.c.seq))
    return [_referral(row) for row in rows]


def open_for(conn: Connection, teams: Sequence[str], limit: int) -> list[Referral]:
    """What was passed to these teams and is not over, the oldest first."""
    going = [Progress.IN_PROGRESS.value, Progress.ACCEPTED.value]
    wanted = (referrals.c.to_team.in_(teams), referrals.c.progress.in_(going))
    rows = conn.execute(select(referrals).where(*wanted).order_by(referrals.c.day, referrals.c.id).limit(limit))
    return [
        found for found in map(_referral, rows) if found.progress is Progress.IN_PROGRESS or found.way is Way.REFERRAL
    ]


def _referral(r: Row[Any]) -> Referral:
    return Referral(
        r.id,
        r.case_id,
        Way(r.way),
        r.from_team,
        r.to_team,
        Progress(r.progress),
        Consent(r.consent),
        r.officer,
        r.day,
        tuple(json.loads(r.away)),
    )


def move(conn: Connection, id: bytes, before: Progress, after: Progress) -> None:
    """Raises `Conflict` when it no longer stands as `before`."""
    statement = update(referrals).where(referrals.c.id == id, referrals.c.progress == before.value)
    if conn.execute(statement.values(progress=after.value)).rowcount != 1:
        raise Conflict("the referral was changed by somebody else")


def add_slots(conn: Connection, case: bytes, new: Mapping[bytes, bytes], roster: int, listed: bytes) -> None:
    """Slots that an officer's browser made for new readers, and the list of all that it authenticated (S12)."""
    for key, slot in new.items():
        run(conn, hot.SLOT, {"case_id": case, "key_id": key, "roster": roster, "slot": slot})
    conn.execute(update(case_heads).where(case_heads.c.case_id == case).values(slot_list=listed))


def add_team(conn: Connection, case: bytes, team: str) -> None:
    """Put the case into the queue of one more team, and count it there."""
    run(conn, hot.LOCK_HEAD, {"case_id": case})
    run(conn, hot.COUNT_OUT, {"case_id": case})
    old = select(
        cases.c.id, literal(team), cases.c.status, cases.c.urgency, cases.c.hour, cases.c.officer,
        select(func.max(case_teams.c.feedback)).where(case_teams.c.case_id == case).scalar_subquery(),
    ).where(cases.c.id == case)  # fmt: skip
    columns = ["case_id", "team", "status", "urgency", "hour", "officer", "feedback"]
    conn.execute(insert(case_teams).from_select(columns, old))
    run(conn, hot.COUNT_IN, {"case_id": case})


def drop_teams(conn: Connection, case: bytes, teams: Sequence[str]) -> None:
    """Take the case out of these teams' queues."""
    run(conn, hot.LOCK_HEAD, {"case_id": case})
    run(conn, hot.COUNT_OUT, {"case_id": case})
    conn.execute(delete(case_teams).where(case_teams.c.case_id == case, case_teams.c.team.in_(teams)))
    run(conn, hot.COUNT_IN, {"case_id": case})

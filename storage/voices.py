"""Voice notes: those to be fetched, claimed under a lease and a fence as the outbox is, and the sealed sounds of cases."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, or_, select, update

from bot.core.failpoints import reach
from bot.core.writes import CaseHead
from storage.clock import shared_now
from storage.outbox import FROM_THE_FUTURE_S
from storage.schema import case_heads, drafts, records, voice_files, voice_jobs
from storage.turns import PARKED


@dataclass(frozen=True, slots=True)
class Claimed:
    """A note to fetch now.  `job`: sealed; `attempts`: this one included."""

    id: bytes
    fence: int
    job: bytes
    attempts: int


def claim(conn: Connection, limit: int, now: int, lease_s: int) -> list[Claimed]:
    """Take up to `limit` notes that are due, the longest due first, for `lease_s` seconds.

    The attempt is counted now, so a note that kills its worker cannot do so for ever (R13).
    """
    at = shared_now(conn, now)
    due = (
        select(voice_jobs.c.id)
        .where(or_(voice_jobs.c.due_at <= at, voice_jobs.c.since > at + FROM_THE_FUTURE_S))
        .where(voice_jobs.c.attempts < PARKED)
        .order_by(voice_jobs.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = conn.execute(due).scalars().all()
    if not ids:
        return []
    taken = (
        update(voice_jobs)
        .where(voice_jobs.c.id.in_(ids))
        .values(
            due_at=at + lease_s,
            since=case((voice_jobs.c.since > at, at), else_=voice_jobs.c.since),
            fence=voice_jobs.c.fence + 1,
            attempts=voice_jobs.c.attempts + 1,
        )
        .returning(*voice_jobs.columns)
    )
    claimed = [Claimed(row.id, row.fence, row.job, row.attempts) for row in conn.execute(taken).all()]
    reach("F10")
    return claimed


def put_back(conn: Connection, id: bytes, fence: int, wait_s: int, now: int) -> bool:
    """Let it be claimed again after so many seconds, or hold it for as many more; false when it is no longer the caller's."""
    later = update(voice_jobs).where(_ours(id, fence)).values(due_at=shared_now(conn, now) + wait_s)
    return conn.execute(later).rowcount == 1


def drop(conn: Connection, id: bytes, fence: int) -> bool:
    """Forget a note that cannot be read or that nobody wants any more."""
    return conn.execute(delete(voice_jobs).where(_ours(id, fence))).rowcount == 1


def parked(conn: Connection) -> int:
    """How many were given up, for an alarm."""
    return conn.execute(select(func.count()).where(voice_jobs.c.attempts >= PARKED)).scalar_one()


def is_draft(conn: Connection, of: bytes) -> bool:
    return conn.execute(select(drafts.c.case_id).where(drafts.c.case_id == of)).first() is not None


def head_of(conn: Connection, of: bytes) -> CaseHead | None:
    """What appending to a case needs; none while it is a draft or when it is gone."""
    row = conn.execute(select(case_heads).where(case_heads.c.case_id == of)).one_or_none()
    return None if row is None else CaseHead(of, row.public, row.seq, row.head)


def file_of(conn: Connection, of: bytes, record: bytes, kind: str) -> bytes | None:
    """The sealed sound or picture that a record of this kind names in a case."""
    named = select(records.c.id).where(records.c.case_id == of, records.c.id == record, records.c.kind == kind)
    mine = (voice_files.c.case_id == of, voice_files.c.record == record, named.exists())
    return conn.execute(select(voice_files.c.envelope).where(*mine)).scalar_one_or_none()


def count_of(conn: Connection, of: bytes) -> int:
    """How many sounds and pictures a case holds."""
    return conn.execute(select(func.count()).where(voice_files.c.case_id == of)).scalar_one()


def _ours(id: bytes, fence: int) -> ColumnElement[bool]:
    return and_(voice_jobs.c.id == id, voice_jobs.c.fence == fence)

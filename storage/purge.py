"""What must not stay is taken out, and a wrong clock takes out nothing (S45, S46, R14, R22).

Idempotent and in small steps, so that it never holds up a turn, and killed half-way the next run goes on.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, or_, select, tuple_

from bot.core.errors import Conflict, StorageError
from bot.core.failpoints import reach
from bot.core.voice import CONCERNS
from storage import hot, marks
from storage.database import Database
from storage.schema import (
    admissions,
    alerts,
    case_heads,
    case_visits,
    cases,
    challenges,
    conversations,
    deeds,
    drafts,
    invitations,
    mailboxes,
    notice_ends,
    notices,
    one_time_codes,
    outbox,
    records,
    sent,
    sessions,
    slots,
    submissions,
    updates,
    upload_parts,
    voice_files,
    voice_jobs,
)
from storage.statements import run

HOUR_S, DAY_S = 3600, 86400
KEEP_UPDATES_H = 72
KEEP_IDLE_H = 24
KEEP_SENT_H = 48
KEEP_DEEDS_H = 72
KEEP_UPLOADS_H = 24
KEEP_SUBMISSIONS_H = 72
KEEP_VISITS_S = 45
KEEP_POSTS_S = 24 * HOUR_S
KEEP_DELETIONS_S = 47 * HOUR_S
KEEP_CASES_DAYS = 90
KEEP_FEEDBACK_DAYS = 400
"""Words about this service: until the yearly sheet is made, whether anybody read them or not."""
LEAP_S = 48 * HOUR_S
LARGEST_SHARE = 0.05
FEW = 20
"""This many cases may go in one run however few there are: in a small deployment one is more than a twentieth."""
WATERMARK = "clock"
COMPACTED = "compacted"
COMPACT_EVERY_S = 7 * DAY_S
ROWS = 2000
DRAFTS = 50
"""In one step, thus in one transaction."""
Deletion = Callable[[Connection], int]


class WrongClock(StorageError):
    """The clock or the settings would delete too much; nothing was deleted."""


async def purge(database: Database, now: int, *, keep_cases_days: int = KEEP_CASES_DAYS) -> Counter[str]:
    """Delete what has lapsed and leave no trace of it in the journal; returns how many rows went, by table.

    Raises `WrongClock` when the clock leapt or too many cases would go.
    """
    await database.write(partial(guard, now=now, keep_cases_days=keep_cases_days))
    gone: Counter[str] = Counter()
    for name, deletion in _deletions(now, keep_cases_days):
        while count := await _step(database, deletion):
            gone[name] += count
    if gone:
        await database.checkpoint()
    await _compact_weekly(database, now)
    return gone


async def _step(database: Database, deletion: Deletion) -> int:
    try:
        return await database.write(deletion)
    except Conflict:  # somebody works on it: the next run looks again
        return 0


async def _compact_weekly(database: Database, now: int) -> None:
    """A file that shrank to a tenth must not stay as large as it was (S45)."""
    last = await database.read(lambda c: marks.get(c, COMPACTED))
    if last is not None and now - last[0] < COMPACT_EVERY_S:
        return
    if last is not None:
        await database.compact()
    await database.write(lambda c: marks.put(c, COMPACTED, now, now // HOUR_S))


def guard(conn: Connection, *, now: int, keep_cases_days: int) -> None:
    """Raise `WrongClock` instead of believing a clock far ahead of the one last seen (R14)."""
    seen = marks.get(conn, WATERMARK)
    if seen is not None and now > seen[0] + LEAP_S:
        raise WrongClock(f"the clock is {(now - seen[0]) // HOUR_S} h ahead of when it was last seen; confirm it first")
    total = conn.execute(select(func.count()).select_from(cases)).scalar_one()
    ended = (_lapsed(now, keep_cases_days), _said_long_ago(now))
    lapsed = sum(conn.execute(select(func.count()).where(wanted)).scalar_one() for wanted in ended)
    if lapsed > max(FEW, total * LARGEST_SHARE):
        raise WrongClock(f"{lapsed} of {total} cases would be deleted in one run; confirm it first")
    trust_clock(conn, max(now, seen[0] if seen else 0))


def believable(conn: Connection, now: int) -> bool:
    """Whether a purge would believe this clock; neither far ahead of when it was last seen nor long behind (R14)."""
    seen = marks.get(conn, WATERMARK)
    return seen is None or -HOUR_S <= now - seen[0] <= LEAP_S


def trust_clock(conn: Connection, now: int) -> None:
    """A person says that it is `now`; also noted by each run that was not refused."""
    marks.put(conn, WATERMARK, now, now // HOUR_S)


def orphans(conn: Connection) -> int:
    """Records, slots, mailboxes and sounds that belong to no case and no draft; always 0 (R22)."""
    known = select(cases.c.id).union_all(select(drafts.c.case_id))
    return sum(
        conn.execute(select(func.count()).where(table.c.case_id.not_in(known))).scalar_one()
        for table in (records, slots, mailboxes, voice_files)
    )


def _deletions(now: int, keep_cases_days: int) -> Iterator[tuple[str, Deletion]]:
    hour = now // HOUR_S
    stale = and_(outbox.c.since < now - KEEP_POSTS_S, or_(outbox.c.kind != "delete", _older(KEEP_DELETIONS_S, now)))
    yield "cases", partial(_cases, wanted=_lapsed(now, keep_cases_days))
    yield "feedback", partial(_cases, wanted=_said_long_ago(now))
    yield "drafts", partial(_drafts, hour=hour)
    yield "outbox", partial(_rows, outbox, stale)
    yield "alerts", partial(_rows, alerts, alerts.c.since < now - KEEP_POSTS_S)
    yield "notices", partial(_rows, notices, notices.c.until_hour <= hour)
    yield "notice_ends", partial(_rows, notice_ends, notice_ends.c.hour < hour - KEEP_IDLE_H)
    yield "voice_jobs", partial(_rows, voice_jobs, voice_jobs.c.since < now - KEEP_POSTS_S)
    yield "conversations", partial(_rows, conversations, conversations.c.hour < hour - KEEP_IDLE_H)
    yield "sent", partial(_rows, sent, sent.c.hour < hour - KEEP_SENT_H)
    yield "updates", partial(_rows, updates, updates.c.hour < hour - KEEP_UPDATES_H)
    yield "deeds", partial(_rows, deeds, deeds.c.hour < hour - KEEP_DEEDS_H)
    yield "upload_parts", partial(_rows, upload_parts, upload_parts.c.hour < hour - KEEP_UPLOADS_H)
    yield "submissions", partial(_rows, submissions, submissions.c.hour < hour - KEEP_SUBMISSIONS_H)
    yield "sessions", partial(_rows, sessions, sessions.c.ends <= now)
    yield "case_visits", partial(_rows, case_visits, case_visits.c.seen <= now - KEEP_VISITS_S)
    yield "admissions", partial(_rows, admissions, admissions.c.day <= now // DAY_S - 30)
    yield "invitations", partial(_rows, invitations, invitations.c.ends <= now)
    yield "challenges", partial(_rows, challenges, challenges.c.ends <= now)
    never = and_(one_time_codes.c.step == 0, one_time_codes.c.made < now - HOUR_S)
    yield "one_time_codes", partial(_rows, one_time_codes, never)


def _older(seconds: int, now: int) -> ColumnElement[bool]:
    return outbox.c.since < now - seconds


def _lapsed(now: int, keep_days: int) -> ColumnElement[bool]:
    return and_(cases.c.closed_day < now // DAY_S - keep_days, cases.c.held == 0)


def _said_long_ago(now: int) -> ColumnElement[bool]:
    old = cases.c.day < now // DAY_S - KEEP_FEEDBACK_DAYS
    return and_(cases.c.concern.in_(CONCERNS), old, cases.c.held == 0)


def _rows(table: Table, wanted: ColumnElement[bool], conn: Connection) -> int:
    key = tuple(table.primary_key.columns)
    some = select(*key).where(wanted).limit(ROWS)
    gone = conn.execute(delete(table).where(tuple_(*key).in_(some))).rowcount
    reach("F16")
    return gone


def _drafts(conn: Connection, hour: int) -> int:
    """An hour after their time, so that no turn that began in time loses its draft under its hands."""
    lapsed = select(drafts.c.case_id).where(drafts.c.expires < hour).limit(DRAFTS).with_for_update(skip_locked=True)
    found = conn.execute(lapsed).scalars().all()
    for case in found:
        for statement in hot.ERASE_DRAFT:
            run(conn, statement, {"case_id": case})
            reach("F16")
    return len(found)


def _cases(conn: Connection, wanted: ColumnElement[bool]) -> int:
    """One case.  Slots first: without them nobody opens what might be left in a page or a backup (D5).

    One in a transaction, its head before its counters, as a reporter who writes at this moment takes them: in another
    order the two would wait for each other.  Whom somebody else holds waits for the next run.
    Raises `Conflict` when the case has moved on since it was found: then nothing was counted out.
    """
    lapsed = select(cases.c.id, cases.c.version).join(case_heads, case_heads.c.case_id == cases.c.id).where(wanted)
    found = conn.execute(lapsed.limit(1).with_for_update(of=case_heads, skip_locked=True)).one_or_none()
    if found is None:
        return 0
    run(conn, hot.COUNT_OUT, {"case_id": found.id})
    as_found = and_(cases.c.id == found.id, cases.c.version == found.version, wanted)
    if conn.execute(select(cases.c.id).where(as_found).with_for_update()).one_or_none() is None:
        raise Conflict("the case was changed by somebody else")
    for table in (slots, records, voice_files, mailboxes):
        conn.execute(delete(table).where(table.c.case_id == found.id))
        reach("F16")
    conn.execute(delete(cases).where(cases.c.id == found.id))
    return 1

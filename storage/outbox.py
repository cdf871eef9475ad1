"""Messages waiting to be sent: claimed under a lease and a fence, deleted when done (reliability §3, §4c).

A late worker's fence no longer matches, so what it reports has no effect (R12).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Delete, and_, bindparam, case, column, delete, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from bot.core.failpoints import reach
from bot.core.writes import Post
from storage import hot
from storage.clock import shared_now
from storage.columns import BYTES, NUMBER
from storage.schema import outbox
from storage.serials import next_serial
from storage.statements import Hot, run, run_each
from storage.turns import post_row

ATTEMPTS = 8
PRIORITIES = range(10)
"""Asked one by one, smallest first, so that a long queue costs no more than a short one."""
FROM_THE_FUTURE_S = 300
"""Written this much later than now: the clock was set back since, so the row's times mean nothing (R14)."""
Ticketed = tuple[bytes, int]
"""A message's id and the fence it was claimed under; 0 for the process that wrote it."""


def _finishing(insert: object, postgres: bool) -> Delete:
    if not postgres:
        mine = (outbox.c.id == bindparam("at", type_=BYTES), outbox.c.fence == bindparam("fence", type_=NUMBER))
        return delete(outbox).where(*mine)
    ids, fences = bindparam("ids", type_=ARRAY(BYTES)), bindparam("fences", type_=ARRAY(NUMBER))
    of = func.unnest(ids, fences).table_valued(column("id", BYTES), column("fence", NUMBER)).render_derived(name="of")
    return delete(outbox).where(outbox.c.id == of.c.id, outbox.c.fence == of.c.fence)


DONE = Hot(_finishing)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message to send now.  `since`: second it was written, to drop what is stale."""

    id: bytes
    fence: int
    kind: str
    priority: int
    ticket: bytes
    message: str
    since: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """`late_s`: how long the oldest message that is due has been due; `parked`: given up after eight attempts."""

    waiting: int
    parked: int
    late_s: int


def post(conn: Connection, message: Post, now: int) -> None:
    """Queue a message outside a turn of a chat."""
    run(conn, hot.POST, {**post_row(message, now), "serial": next_serial(conn)})


def claim(conn: Connection, limit: int, now: int, lease_s: int) -> list[Claimed]:
    """Take up to `limit` messages that are due, urgent ones first, for `lease_s` seconds."""
    at = shared_now(conn, now)
    found: list[bytes] = []
    for priority in PRIORITIES:
        if len(found) < limit:
            due = and_(outbox.c.priority == priority, outbox.c.due_at <= at)
            found += _lock(conn, due, limit - len(found))
    if len(found) < limit:
        found += _lock(conn, outbox.c.since > at + FROM_THE_FUTURE_S, limit - len(found))
    taken = _take(conn, found, at, lease_s)
    reach("F10")
    return taken


def _lock(conn: Connection, wanted: ColumnElement[bool], limit: int) -> Sequence[bytes]:
    statement = (
        select(outbox.c.id)
        .where(wanted, outbox.c.attempts < ATTEMPTS)
        .order_by(outbox.c.due_at, outbox.c.serial)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return conn.execute(statement).scalars().all()


def _take(conn: Connection, ids: Sequence[bytes], at: int, lease_s: int) -> list[Claimed]:
    """The attempt is counted now, so a message that kills its worker cannot do so for ever (R13)."""
    if not ids:
        return []
    since = case((outbox.c.since > at, at), else_=outbox.c.since)
    statement = (
        update(outbox)
        .where(outbox.c.id.in_(ids))
        .values(due_at=at + lease_s, since=since, fence=outbox.c.fence + 1, attempts=outbox.c.attempts + 1)
        .returning(*outbox.columns)
    )
    rows = sorted(conn.execute(statement).all(), key=lambda row: (row.priority, row.serial))
    return [
        Claimed(row.id, row.fence, row.kind, row.priority, row.ticket, row.message, row.since, row.attempts)
        for row in rows
    ]


def done(conn: Connection, finished: Sequence[Ticketed]) -> int:
    """Delete what was sent or can never be sent; returns how many still were the caller's."""
    if not finished:
        return 0
    if conn.dialect.name == "postgresql":
        ids, fences = zip(*finished, strict=True)
        return run(conn, DONE, {"ids": list(ids), "fences": list(fences)}).rowcount
    return run_each(conn, DONE, [{"at": id, "fence": fence} for id, fence in finished])


def retry(conn: Connection, waits: Mapping[Ticketed, int], now: int, *, uncounted: bool = False) -> int:
    """Put messages back, each for its number of seconds; what was tried eight times stays parked, for an alarm.

    `uncounted`: the worker lives and nothing was wrong with the messages, so this attempt is taken back.
    """
    at = shared_now(conn, now)
    kept = 0
    for (id, fence), wait_s in waits.items():
        statement = update(outbox).where(outbox.c.id == id, outbox.c.fence == fence)
        tried = outbox.c.attempts - int(uncounted)
        kept += conn.execute(statement.values(due_at=at + wait_s, fence=fence + 1, attempts=tried)).rowcount
    return kept


def waiting(conn: Connection, now: int) -> Waiting:
    """For health and alarms."""
    at = shared_now(conn, now)
    parked = outbox.c.attempts >= ATTEMPTS
    late = and_(~parked, outbox.c.due_at <= at)
    statement = select(func.count(), func.count().filter(parked), func.min(outbox.c.due_at).filter(late))
    total, given_up, oldest = conn.execute(statement.select_from(outbox)).one()
    return Waiting(total - given_up, given_up, 0 if oldest is None else at - oldest)

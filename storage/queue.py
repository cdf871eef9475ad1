"""The list an officer works from: most urgent first, then whoever waits longest.

Pages by key, so that page 1,000 costs what page 1 costs; counters are rows of their own and are never counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, exists, func, select, tuple_, union_all

from bot.core.case import Standing, Status
from bot.core.writes import KeepRecord
from storage import hot
from storage.cases import standing_of
from storage.schema import case_counts, case_heads, case_holdings, case_teams, cases, records, slots, snoozes, wishes


@dataclass(frozen=True, slots=True)
class View:
    """Which cases: of these teams in these states; `unassigned` only, or those one `officer` works on.

    `feedback`: words about this service instead of reports; nobody works on those.  `asleep`: those that were put off,
    which stand in no other list.  `bands`: only these urgencies, each
    with the last hour since which the reporter waits, or any.
    """

    teams: tuple[str, ...]
    statuses: tuple[Status, ...]
    unassigned: bool = False
    officer: str | None = None
    feedback: bool = False
    asleep: bool = False
    bands: tuple[tuple[str, int | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended; the next one begins after it."""

    urgency: str
    hour: int
    case: bytes


@dataclass(frozen=True, slots=True)
class QueueRow:
    """`hour`: since when the reporter waits.  `climb_at`: epoch seconds, urgent cases until opened; `until`: while asleep.

    `since`: second at which whoever works on it took it; `stirred`: something came while it was quiet.
    """

    id: bytes
    handle: str
    language: str
    region: str
    concern: str
    urgency: str
    channel: str
    day: int
    hour: int
    climb_at: int | None
    waiting: bool
    standing: Standing
    until: int | None = None
    since: int | None = None
    stirred: bool = False

    @property
    def place(self) -> Place:
        return Place(self.urgency, self.hour, self.id)


@dataclass(frozen=True, slots=True)
class Cover:
    """The newest sealed cover of a case and one reader's slots.  `previous`: digest of the record before it."""

    record: KeepRecord
    previous: bytes | None
    public: bytes
    slots: tuple[tuple[bytes, bytes, int], ...]
    """Reader key, slot, version of the roster."""


@dataclass(frozen=True, slots=True)
class Count:
    team: str
    status: Status
    urgency: str
    taken: bool
    n: int
    feedback: bool = False
    asleep: bool = False


def page(conn: Connection, view: View, after: Place | None = None, limit: int = 50) -> list[QueueRow]:
    """Up to `limit` rows of `view` after a place; a case of two teams shows once."""
    ranges = _ranges(view, after, limit)
    if not ranges:
        return []
    found = union_all(*ranges).subquery()
    order = (found.c.urgency, found.c.hour, found.c.case_id)
    first = (
        select(*order).distinct().order_by(*order).limit(limit).subquery()
    )  # before the join, so that it stays small
    statement = _standing().join(first, first.c.case_id == cases.c.id)
    return _rows(conn, statement.order_by(cases.c.urgency, cases.c.hour, cases.c.id))


def _standing() -> Select[Any]:
    return (
        select(cases, wishes.c.wish, snoozes.c.until, snoozes.c.quiet, case_holdings.c.since)
        .outerjoin(wishes, wishes.c.case_id == cases.c.id)
        .outerjoin(snoozes, snoozes.c.case_id == cases.c.id)
        .outerjoin(case_holdings, case_holdings.c.case_id == cases.c.id)
    )


def _rows(conn: Connection, statement: Select[Any]) -> list[QueueRow]:
    return [
        QueueRow(
            r.id, r.handle, r.language, r.region, r.concern, r.urgency, r.channel, r.day, r.hour, r.climb_at,
            bool(r.waiting), standing_of(r), r.until, r.since, r.quiet == hot.STIRRED,
        )
        for r in conn.execute(statement)
    ]  # fmt: skip


def lines(conn: Connection, of: Sequence[bytes], teams: Sequence[str], keys: Sequence[bytes]) -> list[QueueRow]:
    """How these cases stand, without their covers; only those of one of `teams` that one of `keys` opens."""
    theirs = exists().where(case_teams.c.case_id == cases.c.id, case_teams.c.team.in_(teams))
    opens = exists().where(slots.c.case_id == cases.c.id, slots.c.key_id.in_(keys))
    return _rows(conn, _standing().where(cases.c.id.in_(of), theirs, opens)) if of else []


def count_up_to(conn: Connection, view: View, most: int) -> int:
    """How many cases `view` holds, counted no further than `most`: what depends on the time has no counter."""
    ranges = _ranges(view, None, most)
    if not ranges:
        return 0
    found = union_all(*ranges).subquery()
    some = select(found.c.case_id).distinct().limit(most).subquery()
    return conn.execute(select(func.count()).select_from(some)).scalar_one()


def _ranges(view: View, after: Place | None, limit: int) -> list[Select[str, int, bytes]]:
    """One index range for each team, state and band; what an officer works on is found by officer, whatever the team."""
    teams = ("",) if view.officer is not None else view.teams
    each = product(teams, view.statuses, view.bands or (None,))
    parts = (_range(view, team, status, band, after, limit) for team, status, band in each)
    return [select(part.subquery()) for part in parts]


def _range(
    view: View, team: str, status: Status, band: tuple[str, int | None] | None, after: Place | None, limit: int
) -> Select[str, int, bytes]:
    """The next cases of one team in one state, read off an index in order."""
    source: Table
    if view.officer is not None:
        source, id = cases, cases.c.id
        wanted = [cases.c.officer == view.officer, _awake()]
    else:
        source, id = case_teams, case_teams.c.case_id
        place = hot.ASLEEP if view.asleep else hot.ABOUT_US if view.feedback else hot.REPORTS
        wanted = [case_teams.c.team == team, case_teams.c.feedback == place]
        if view.unassigned:
            wanted.append(case_teams.c.officer.is_(None))
    order = (source.c.urgency, source.c.hour, id)
    if band is not None:
        urgency, hour = band
        wanted.append(source.c.urgency == urgency)
        if hour is not None:
            wanted.append(source.c.hour <= hour)
    if after is not None:
        wanted.append(tuple_(*order) > tuple_(after.urgency, after.hour, after.case))
    statement = select(source.c.urgency, source.c.hour, id.label("case_id"))
    statement = statement.where(*wanted, source.c.status == status.value)
    return statement.order_by(*order).limit(limit)


def counts(conn: Connection, teams: Sequence[str]) -> list[Count]:
    """What the queues of `teams` hold; a case of two teams counts in each."""
    statement = select(case_counts).where(case_counts.c.team.in_(teams), case_counts.c.n > 0)
    return [
        Count(
            r.team,
            Status(r.status),
            r.urgency,
            bool(r.taken),
            r.n,
            r.feedback == hot.ABOUT_US,
            r.feedback == hot.ASLEEP,
        )
        for r in conn.execute(statement)
    ]


def count_of(conn: Connection, officer: str, statuses: Sequence[Status]) -> int:
    """How many cases one officer works on: few, and all in one index range."""
    wanted = and_(cases.c.officer == officer, cases.c.status.in_([status.value for status in statuses]), _awake())
    return conn.execute(select(func.count()).select_from(cases).where(wanted)).scalar_one()


def _awake() -> ColumnElement[bool]:
    """What was put off stands in a list of its own."""
    return ~exists().where(snoozes.c.case_id == cases.c.id)


def covers(conn: Connection, of: Sequence[bytes], keys: Sequence[bytes]) -> dict[bytes, Cover]:
    """For the cases of a page: the cover and the slots of one reader's keys, in one query."""
    before = records.alias("before")
    mine = and_(slots.c.case_id == records.c.case_id, slots.c.key_id.in_(keys))
    previous = and_(before.c.case_id == records.c.case_id, before.c.seq == records.c.seq - 1)
    statement = (
        select(records, before.c.digest.label("previous"), case_heads.c.public, *_slot_columns())
        .join(case_heads, case_heads.c.case_id == records.c.case_id)
        .outerjoin(before, previous)
        .outerjoin(slots, mine)
        .where(records.c.case_id.in_(of), records.c.kind == "cover")
        .order_by(records.c.seq)
    )
    found: dict[bytes, Cover] = {}
    for r in conn.execute(statement):
        record = KeepRecord(r.id, r.case_id, r.seq, r.kind, r.envelope, r.digest, r.roster, r.day)
        slot = () if r.slot is None else ((r.reader, r.slot, r.slot_roster),)
        known = found.get(r.case_id)
        same = known is not None and known.record.seq == r.seq
        found[r.case_id] = Cover(record, r.previous, r.public, (known.slots if known and same else ()) + slot)
    return found


def _slot_columns() -> tuple[ColumnElement[bytes], ColumnElement[bytes], ColumnElement[int]]:
    return slots.c.key_id.label("reader"), slots.c.slot, slots.c.roster.label("slot_roster")

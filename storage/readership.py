"""Which cases nobody can open who may see them: looked for in short steps, so that nothing waits for it (R27).

A reader is a pair: a team, whose queue shows the case, and a key of one of its officers, to which the case has a slot.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, exists, func, select, tuple_

from storage.schema import case_teams, cases, slots

Pair = tuple[str, bytes]


def step(conn: Connection, after: bytes, size: int) -> tuple[bytes, int]:
    """The last of the next `size` cases beyond `after`, in the order of their random ids, and how many there are."""
    ids = select(cases.c.id).where(cases.c.id > after).order_by(cases.c.id).limit(size).subquery()
    last, count = conn.execute(select(func.max(ids.c.id), func.count())).one()
    return (bytes(last) if count else b"", int(count))


def closed_to(conn: Connection, readers: Sequence[Pair], after: bytes, upto: bytes) -> list[bytes]:
    """Cases beyond `after`, `upto` included, that none of `readers` can open."""
    found = select(cases.c.id).where(cases.c.id > after, cases.c.id <= upto, ~_opens(readers)).order_by(cases.c.id)
    return list(conn.execute(found).scalars())


def losing(conn: Connection, keys: Sequence[bytes], readers: Sequence[Pair]) -> int:
    """How many cases one of `keys` opens and none of `readers` does."""
    theirs = select(slots.c.case_id).where(slots.c.key_id.in_(keys))
    found = select(func.count()).select_from(cases).where(cases.c.id.in_(theirs), ~_opens(readers))
    return int(conn.execute(found).scalar_one())


def with_slot(conn: Connection, case_ids: Sequence[bytes], key: bytes) -> int:
    """How many of these cases have a slot for `key`: the recovery key's."""
    found = select(func.count()).select_from(slots).where(slots.c.key_id == key, slots.c.case_id.in_(case_ids))
    return int(conn.execute(found).scalar_one())


def _opens(readers: Sequence[Pair]) -> ColumnElement[bool]:
    pair = tuple_(case_teams.c.team, slots.c.key_id).in_(list(readers))
    return exists().where(case_teams.c.case_id == cases.c.id, slots.c.case_id == cases.c.id, pair)

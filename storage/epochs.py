"""Cases that an officer's old keys open and the new one does not yet, and the end of the old ones (D5, S13)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select, update

from bot.core.errors import Conflict
from storage.schema import case_teams, cases, match_keys, rosters, slots


def waiting(conn: Connection, old: Sequence[bytes], new: bytes, teams: Sequence[str], limit: int) -> list[bytes]:
    """Cases of these teams with a slot for one of `old` and none for `new`, in no order that tells anything."""
    return list(conn.execute(_waiting(old, new, teams).order_by(slots.c.case_id).limit(limit)).scalars())


def count_waiting(conn: Connection, old: Sequence[bytes], new: bytes, teams: Sequence[str]) -> int:
    inner = _waiting(old, new, teams).subquery()
    return int(conn.execute(select(func.count()).select_from(inner)).scalar_one())


def any_waiting(conn: Connection, old: Sequence[bytes], new: bytes, teams: Sequence[str]) -> bool:
    """Whether there is one; the first that is found is enough."""
    mine, given = slots.alias(), slots.alias()
    sealed = select(given.c.case_id).where(given.c.case_id == mine.c.case_id, given.c.key_id == new)
    seen = select(case_teams.c.case_id).where(case_teams.c.case_id == mine.c.case_id, case_teams.c.team.in_(teams))
    found = select(mine.c.case_id).where(mine.c.key_id.in_(old), ~sealed.exists(), seen.exists()).limit(1)
    return conn.execute(found).first() is not None


def _waiting(old: Sequence[bytes], new: bytes, teams: Sequence[str]) -> Select[Any]:
    sealed = select(slots.c.case_id).where(slots.c.key_id == new)
    seen = select(case_teams.c.case_id).where(case_teams.c.team.in_(teams))
    return (
        select(slots.c.case_id)
        .distinct()
        .join(cases, cases.c.id == slots.c.case_id)
        .where(slots.c.key_id.in_(old), slots.c.case_id.not_in(sealed), slots.c.case_id.in_(seen))
    )


def drop_keys(conn: Connection, keys: Sequence[bytes]) -> int:
    """Every slot of these reader keys goes; how many there were."""
    conn.execute(delete(match_keys).where(match_keys.c.key_id.in_(keys)))
    return conn.execute(delete(slots).where(slots.c.key_id.in_(keys))).rowcount


def announce(conn: Connection, version: int, before: bytes, after: bytes) -> None:
    """The same roster with one more key that its officer signed.  Raises `Conflict` when it changed meanwhile."""
    found = update(rosters).where(rosters.c.version == version, rosters.c.document == before).values(document=after)
    if conn.execute(found).rowcount != 1:
        raise Conflict("the roster changed meanwhile")


def held_by(conn: Connection, officer: str) -> list[bytes]:
    """Cases that are this officer's to do."""
    return list(conn.execute(select(cases.c.id).where(cases.c.officer == officer)).scalars())


def opened_by_none(conn: Connection, living: Sequence[bytes], recovery: bytes) -> list[bytes]:
    """Cases with a slot for the recovery key and none for any of the `living`."""
    readable = select(slots.c.case_id).where(slots.c.key_id.in_(living))
    found = select(slots.c.case_id).join(cases, cases.c.id == slots.c.case_id)
    wanted = found.where(slots.c.key_id == recovery, slots.c.case_id.not_in(readable)).order_by(slots.c.case_id)
    return list(conn.execute(wanted).scalars())

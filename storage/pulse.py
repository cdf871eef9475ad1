"""What a process asks once a second, so that open pages learn of changes whichever replica made them.

It costs what teams and officers at work cost: the counters' rows, and the few cases that are open on a screen.
"""

from collections.abc import Collection

from sqlalchemy import Connection, func, select

from storage.schema import case_counts, case_heads, cases


def changes(conn: Connection, teams: Collection[str]) -> dict[str, int]:
    """Team → how often a case came into one of its lists or left one; it only rises, and with every change."""
    total = func.sum(case_counts.c.changes)
    statement = select(case_counts.c.team, total).where(case_counts.c.team.in_(teams)).group_by(case_counts.c.team)
    return {team: int(count) for team, count in conn.execute(statement)}


def standings(conn: Connection, of: Collection[bytes]) -> dict[bytes, tuple[int, int]]:
    """Case → its version, and how many records it has; notes add a record and change nothing else."""
    if not of:
        return {}
    statement = select(cases.c.id, cases.c.version, case_heads.c.seq).join(
        case_heads, case_heads.c.case_id == cases.c.id
    )
    return {id: (version, count) for id, version, count in conn.execute(statement.where(cases.c.id.in_(of)))}

"""When somebody has to look at a case again; why stands in its sealed plan."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from storage.schema import case_reminders, case_teams


def put(conn: Connection, case: bytes, due: int | None) -> None:
    """`due`: epoch hour; none takes the reminder away."""
    conn.execute(delete(case_reminders).where(case_reminders.c.case_id == case))
    if due is not None:
        conn.execute(insert(case_reminders).values(case_id=case, due=due))


def due_for(conn: Connection, teams: Sequence[str], hour: int, limit: int) -> list[bytes]:
    """Cases of these teams that are due by `hour`, the longest due first."""
    theirs = select(case_teams.c.case_id).where(case_teams.c.team.in_(teams), case_teams.c.status != "closed")
    wanted = (case_reminders.c.due <= hour, case_reminders.c.case_id.in_(theirs))
    rows = conn.execute(select(case_reminders.c.case_id).where(*wanted).order_by(case_reminders.c.due).limit(limit))
    return list(rows.scalars())

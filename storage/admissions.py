"""Who asks that a colleague may read the older cases of a team."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from storage.schema import admissions
from storage.statements import Insertion, run

ASK = Insertion(admissions, lambda statement: statement.on_conflict_do_nothing())


@dataclass(frozen=True, slots=True)
class Admission:
    """`account`: who shall read; `asked`: who asks."""

    account: str
    team: str
    asked: str


def ask(conn: Connection, account: str, team: str, asked: str, day: int) -> None:
    """Whoever asked first stays the one who asked."""
    run(conn, ASK, {"account": account, "team": team, "asked": asked, "day": day})


def of_teams(conn: Connection, teams: Sequence[str]) -> list[Admission]:
    found = select(admissions).where(admissions.c.team.in_(teams)).order_by(admissions.c.account, admissions.c.team)
    return [Admission(r.account, r.team, r.asked) for r in conn.execute(found)]


def end(conn: Connection, account: str, team: str) -> None:
    conn.execute(delete(admissions).where(admissions.c.account == account, admissions.c.team == team))

"""Single numbers the service remembers."""

from sqlalchemy import Connection, select

from storage.schema import marks
from storage.statements import Insertion, run

_HOUR_S = 3_600

PUT = Insertion(
    marks,
    lambda statement: statement.on_conflict_do_update(
        index_elements=[marks.c.name],
        set_={"number": statement.excluded.number, "hour": statement.excluded.hour},
    ),
)


def find(conn: Connection, name: str) -> int | None:
    return conn.execute(select(marks.c.number).where(marks.c.name == name)).scalar_one_or_none()


def put(conn: Connection, name: str, number: int, now: int) -> None:
    run(conn, PUT, {"name": name, "number": number, "hour": now // _HOUR_S})

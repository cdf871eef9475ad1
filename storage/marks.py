"""Single numbers the service remembers, by name."""

from sqlalchemy import Connection, select

from storage.schema import marks
from storage.statements import Insertion, Upsert, run


def _newer(statement: Upsert) -> Upsert:
    new = statement.excluded
    return statement.on_conflict_do_update(index_elements=["name"], set_={"number": new.number, "hour": new.hour})


MARK = Insertion(marks, _newer)


def get(conn: Connection, name: str) -> tuple[int, int] | None:
    """The number and the hour it was written."""
    row = conn.execute(select(marks.c.number, marks.c.hour).where(marks.c.name == name)).one_or_none()
    return None if row is None else (row.number, row.hour)


def put(conn: Connection, name: str, number: int, hour: int) -> None:
    run(conn, MARK, {"name": name, "number": number, "hour": hour})

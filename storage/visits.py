"""Who has which text open at the translators' desk; seen by every replica."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select

from storage.schema import desk_visits
from storage.statements import Insertion, Upsert, run


def _newer(statement: Upsert) -> Upsert:
    at = {"opened": statement.excluded.opened}
    return statement.on_conflict_do_update(index_elements=["lang", "item", "account"], set_=at)


OPEN = Insertion(desk_visits, _newer)


def join(conn: Connection, lang: str, text: str, account: str, now: int, lasts_s: int) -> Sequence[str]:
    """Note that `account` opened a text; the others who did so less than `lasts_s` seconds ago, the first first."""
    conn.execute(delete(desk_visits).where(desk_visits.c.opened <= now - lasts_s))
    run(conn, OPEN, {"lang": lang, "item": text, "account": account, "opened": now})
    here = (desk_visits.c.lang == lang, desk_visits.c.item == text, desk_visits.c.account != account)
    found = select(desk_visits.c.account).where(*here).order_by(desk_visits.c.opened, desk_visits.c.account)
    return conn.execute(found).scalars().all()


def leave(conn: Connection, lang: str, text: str, account: str) -> None:
    """It was saved, or left."""
    here = (desk_visits.c.lang == lang, desk_visits.c.item == text, desk_visits.c.account == account)
    conn.execute(delete(desk_visits).where(*here))

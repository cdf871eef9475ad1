"""Who sees a case: whoever is of one of its teams and holds a slot of it (S23, S40).  One rule for every use case."""

from bot.services.officers.ports import Case, Cases, Conn
from bot.services.officers.sign_in import Signed


def find_visible(cases: Cases, conn: Conn, who: Signed, case: bytes) -> Case | None:
    """The case, if it is there for this officer; not there and not theirs are one answer."""
    found = cases.find(conn, case)
    if found is None or not who.keys or not set(found.teams) & set(who.teams):
        return None
    return found if cases.slots_of(conn, case, who.keys) else None

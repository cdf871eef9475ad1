"""What has had its time goes (reliability §10); doing it twice or dying in it harms nothing (R22)."""

from sqlalchemy import Connection, delete, select

from bot.core.failpoints import reach
from storage import marks
from storage.schema import challenges, conversations, deeds, drafts, records, sent, sessions, slots, updates

HOUR_S = 3_600
IDLE_HOURS = 24
UPDATE_HOURS = 72
SENT_HOURS = 48
DEED_HOURS = 72
AHEAD_S = 48 * HOUR_S
"""A clock further ahead of the last purge is believed to be wrong, not the calendar (R14)."""

_CLOCK = "clock"


def purge(conn: Connection, now: int) -> bool:
    """Remove what has lapsed; false, and nothing removed, when the clock jumped ahead."""
    highest = marks.find(conn, _CLOCK)
    if highest is not None and now > highest + AHEAD_S:
        return False
    hour = now // HOUR_S
    lapsed = select(drafts.c.case_id).where(drafts.c.expires <= hour)
    for table in (records, slots):
        conn.execute(delete(table).where(table.c.case_id.in_(lapsed)))
    reach("F16")
    conn.execute(delete(drafts).where(drafts.c.expires <= hour))
    conn.execute(delete(conversations).where(conversations.c.hour < hour - IDLE_HOURS))
    conn.execute(delete(updates).where(updates.c.hour < hour - UPDATE_HOURS))
    conn.execute(delete(sent).where(sent.c.hour < hour - SENT_HOURS))
    conn.execute(delete(deeds).where(deeds.c.hour < hour - DEED_HOURS))
    conn.execute(delete(sessions).where(sessions.c.ends <= now))
    conn.execute(delete(challenges).where(challenges.c.ends <= now))
    marks.put(conn, _CLOCK, max(now, highest or 0), now)
    return True

"""Which messages a chat shows, for 48 hours, so that what should not stay there can be deleted (S41).

Numbers only, never content; the chat itself only inside a sealed ticket, and only where something of it is to vanish.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, tuple_, update

from storage.schema import sent
from storage.statements import Insertion, run_each

REMEMBER = Insertion(sent, lambda statement: statement.on_conflict_do_nothing())


@dataclass(frozen=True, slots=True)
class Shown:
    """`message`: the channel's number; `vanish_at`: epoch seconds from which it is to be deleted, with `ticket`, the sealed
    chat; both none: it stays.
    """

    conversation: bytes
    message: int
    hour: int
    ticket: bytes | None = None
    vanish_at: int | None = None


def remember(conn: Connection, shown: Sequence[Shown]) -> None:
    rows = [
        {
            "conversation": one.conversation,
            "message": one.message,
            "kind": "",
            "ticket": one.ticket,
            "hour": one.hour,
            "vanish_at": one.vanish_at,
        }
        for one in shown
    ]
    run_each(conn, REMEMBER, rows)


def of(conn: Connection, conversations: Sequence[bytes], *, fading: bool = False) -> list[Shown]:
    """Newest first.  `conversations`: the chat's pseudonyms of today and yesterday; `fading`: only what is to vanish."""
    statement = select(sent).where(sent.c.conversation.in_(conversations)).order_by(sent.c.message.desc())
    if fading:
        statement = statement.where(sent.c.vanish_at.is_not(None))
    return [Shown(r.conversation, r.message, r.hour, r.ticket, r.vanish_at) for r in conn.execute(statement)]


def claim(conn: Connection, limit: int, now: int, lease_s: int) -> list[Shown]:
    """Up to `limit` messages whose time is over; whoever asks within `lease_s` seconds gets others.

    Deleting twice does no harm, so a late worker is not fenced off.
    """
    due = (
        select(sent)
        .where(sent.c.vanish_at <= now)
        .order_by(sent.c.vanish_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = [Shown(r.conversation, r.message, r.hour, r.ticket, r.vanish_at) for r in conn.execute(due)]
    if taken:
        which = tuple_(sent.c.conversation, sent.c.message).in_([(one.conversation, one.message) for one in taken])
        conn.execute(update(sent).where(which).values(vanish_at=now + lease_s))
    return taken


def forget(conn: Connection, conversations: Sequence[bytes], messages: Sequence[int]) -> None:
    """These are deleted, or can no longer be."""
    conn.execute(delete(sent).where(sent.c.conversation.in_(conversations), sent.c.message.in_(messages)))

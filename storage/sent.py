"""Which messages a chat shows, for 48 hours, so that what should not stay there can be deleted (S41).

Numbers only, never content; the chat itself only inside a sealed ticket.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from storage.schema import sent
from storage.statements import Insertion, run_each

REMEMBER = Insertion(sent, lambda statement: statement.on_conflict_do_nothing())


@dataclass(frozen=True, slots=True)
class Shown:
    """`message`: the channel's number; `kind`: message class, or "theirs" for what the reporter wrote."""

    conversation: bytes
    message: int
    kind: str
    hour: int
    ticket: bytes | None = None


def remember(conn: Connection, shown: Sequence[Shown]) -> None:
    rows = [
        {
            "conversation": one.conversation,
            "message": one.message,
            "kind": one.kind,
            "ticket": one.ticket,
            "hour": one.hour,
        }
        for one in shown
    ]
    run_each(conn, REMEMBER, rows)


def of(conn: Connection, conversations: Sequence[bytes]) -> list[Shown]:
    """Newest first.  `conversations`: the chat's pseudonyms of today and yesterday."""
    statement = select(sent).where(sent.c.conversation.in_(conversations)).order_by(sent.c.message.desc())
    return [Shown(r.conversation, r.message, r.kind, r.hour, r.ticket) for r in conn.execute(statement)]


def forget(conn: Connection, conversations: Sequence[bytes], messages: Sequence[int]) -> None:
    """These are deleted, or can no longer be."""
    conn.execute(delete(sent).where(sent.c.conversation.in_(conversations), sent.c.message.in_(messages)))

"""Who wants to be told of answers, and of which they were told (D10); at most once each, so the note comes before the word."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, or_, select, tuple_, update

from bot.core.case import Status
from storage.schema import cases, emptied_mailboxes, mailbox_messages, mailboxes, notice_ends, notices


@dataclass(frozen=True, slots=True)
class Notice:
    """`chat`: sealed to the notifier and bound to `mailbox`."""

    mailbox: bytes
    chat: bytes


def wanted(conn: Connection, mailbox: bytes) -> bool:
    return conn.execute(select(exists().where(notices.c.mailbox_id == mailbox))).scalar_one()


def anything_to_do(conn: Connection, now: int) -> bool:
    """Read before anything is written: mostly there is nothing."""
    wanted = or_(_over(now), _fresh())
    return conn.execute(select(exists().where(wanted))).scalar_one()


def schedule(conn: Connection, now: int, due: Callable[[], int]) -> None:
    """End what is over; draw a time for everybody whose mailbox holds more answers than they know of."""
    conn.execute(delete(notices).where(_over(now)))
    fresh = select(notices.c.mailbox_id).where(_fresh()).with_for_update(skip_locked=True)
    for mailbox in conn.execute(fresh).scalars().all():
        conn.execute(update(notices).where(notices.c.mailbox_id == mailbox).values(due_at=due()))


def _over(now: int) -> ColumnElement[bool]:
    """After its time, or when the case was closed: nothing leads from a chat to it any more."""
    closed = select(mailboxes.c.id).join(cases, cases.c.id == mailboxes.c.case_id)
    closed = closed.where(cases.c.status == Status.CLOSED.value)
    return or_(notices.c.until_hour <= now // 3_600, notices.c.mailbox_id.in_(closed))


def _fresh() -> ColumnElement[bool]:
    newest = select(func.max(mailbox_messages.c.seq)).where(mailbox_messages.c.mailbox_id == notices.c.mailbox_id)
    return and_(notices.c.due_at.is_(None), newest.scalar_subquery() >= notices.c.told)


def is_due(conn: Connection, now: int) -> bool:
    return conn.execute(select(exists().where(notices.c.due_at <= now))).scalar_one()


def claim(conn: Connection, limit: int, now: int) -> list[Notice]:
    """Whose time has come.  They count as told from here on: a word that is lost is not said twice (reliability §5)."""
    due = select(notices.c.mailbox_id, notices.c.chat).where(notices.c.due_at <= now).order_by(notices.c.due_at)
    taken = [Notice(r.mailbox_id, r.chat) for r in conn.execute(due.limit(limit).with_for_update(skip_locked=True))]
    for one in taken:
        conn.execute(
            update(notices)
            .where(notices.c.mailbox_id == one.mailbox)
            .values(due_at=None, told=_count_of(conn, one.mailbox))
        )
    return taken


def _count_of(conn: Connection, mailbox: bytes) -> int:
    """How many answers were ever put into it, deleted ones included."""
    newest = conn.execute(
        select(func.max(mailbox_messages.c.seq)).where(mailbox_messages.c.mailbox_id == mailbox)
    ).scalar_one_or_none()
    if newest is not None:
        return int(newest) + 1
    emptied = emptied_mailboxes.c
    gone = conn.execute(select(emptied["count"]).where(emptied.mailbox_id == mailbox)).scalar_one_or_none()
    return int(gone or 0)


def everybody(conn: Connection, after: bytes, limit: int) -> list[Notice]:
    """The next of them, by mailbox."""
    rows = select(notices.c.mailbox_id, notices.c.chat).where(notices.c.mailbox_id > after)
    return [Notice(r.mailbox_id, r.chat) for r in conn.execute(rows.order_by(notices.c.mailbox_id).limit(limit))]


def reseal(conn: Connection, mailbox: bytes, old: bytes, new: bytes) -> None:
    """Unless there is a newer wish, or none any more."""
    same = and_(notices.c.mailbox_id == mailbox, notices.c.chat == old)
    conn.execute(update(notices).where(same).values(chat=new))


def ends(conn: Connection) -> list[tuple[bytes, bytes]]:
    """(id, sealed chat) of every chat that wants to hear nothing any more."""
    return [(r.id, r.chat) for r in conn.execute(select(notice_ends.c.id, notice_ends.c.chat))]


def finish(conn: Connection, done: Sequence[bytes], dropped: Sequence[tuple[bytes, bytes]]) -> None:
    """`done`: ends that were looked at; `dropped`: notices as they were read (mailbox, chat), a newer wish stays."""
    conn.execute(delete(notices).where(tuple_(notices.c.mailbox_id, notices.c.chat).in_(dropped)))
    conn.execute(delete(notice_ends).where(notice_ends.c.id.in_(done)))

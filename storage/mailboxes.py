"""Where answers wait for whoever holds the case code; unknown, deleted and unsent look alike (S19)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from bot.core.case import Status, Wish
from bot.core.errors import Conflict
from bot.core.writes import CaseHead, Write
from storage import hot
from storage.schema import case_heads, cases, emptied_mailboxes, locator_salts, mailbox_messages, mailboxes, wishes
from storage.statements import Insertion, run
from storage.turns import steps

MESSAGE = Insertion(mailbox_messages)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`auth`: SHA-256 of the proof.  `kem`: answers are sealed to it.  `status`, `closed_day`, `held`, `wish`: of its case.

    `emptied`: count, last hash and mark of the answers that the reporter deleted.  `head`: what adding to the case needs.
    `case_mark`: says that the key in it is the case's own; none in mailboxes that were made before there were marks.
    """

    id: bytes
    case: bytes
    locator: str
    cost: str
    auth: bytes
    kem: bytes
    status: Status
    closed_day: int | None = None
    held: bool = False
    wish: Wish = Wish.NONE
    emptied: tuple[int, bytes, bytes] | None = None
    head: CaseHead | None = None
    case_mark: bytes | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One sealed answer.  `roster`: version of the roster checked before sealing."""

    id: bytes
    seq: int
    roster: int
    envelope: bytes
    digest: bytes
    day: int


def find(conn: Connection, mailbox: bytes) -> Mailbox | None:
    """None also while its report was not sent."""
    emptied = emptied_mailboxes.c
    statement = (
        select(
            mailboxes, cases.c.status, cases.c.closed_day, cases.c.held, wishes.c.wish,
            emptied["count"].label("deleted"), emptied.last, emptied.mark,
            case_heads.c.public, case_heads.c.seq, case_heads.c.head,
        )
        .join(cases, cases.c.id == mailboxes.c.case_id)
        .join(case_heads, case_heads.c.case_id == mailboxes.c.case_id)
        .outerjoin(wishes, wishes.c.case_id == cases.c.id)
        .outerjoin(emptied_mailboxes, emptied.mailbox_id == mailboxes.c.id)
        .where(mailboxes.c.id == mailbox)
    )  # fmt: skip
    r = conn.execute(statement).one_or_none()
    if r is None:
        return None
    return Mailbox(
        r.id, r.case_id, r.locator, r.cost, r.auth, r.kem, Status(r.status), r.closed_day, bool(r.held),
        Wish(r.wish or 0), None if r.deleted is None else (r.deleted, r.last, r.mark),
        CaseHead(r.case_id, r.public, r.seq, r.head), r.case_mark,
    )  # fmt: skip


def head_of(conn: Connection, mailbox: bytes) -> tuple[int, bytes]:
    """How many answers were ever put into it, and the hash of the newest: what the next one follows."""
    newest = select(mailbox_messages.c.seq, mailbox_messages.c.digest).where(mailbox_messages.c.mailbox_id == mailbox)
    r = conn.execute(newest.order_by(mailbox_messages.c.seq.desc()).limit(1)).one_or_none()
    if r is not None:
        return r.seq + 1, r.digest
    emptied = emptied_mailboxes.c
    deleted = select(emptied["count"].label("deleted"), emptied.last).where(emptied.mailbox_id == mailbox)
    r = conn.execute(deleted).one_or_none()
    return (0, bytes(32)) if r is None else (r.deleted, r.last)


def of_case(conn: Connection, case: bytes) -> list[tuple[bytes, bytes]]:
    """Id and public half of every mailbox that hears from `case`."""
    rows = conn.execute(select(mailboxes.c.id, mailboxes.c.kem).where(mailboxes.c.case_id == case))
    return [(r.id, r.kem) for r in rows]


def messages(conn: Connection, mailbox: bytes) -> list[Message]:
    """Oldest first."""
    statement = select(mailbox_messages).where(mailbox_messages.c.mailbox_id == mailbox)
    rows = conn.execute(statement.order_by(mailbox_messages.c.seq))
    return [Message(r.id, r.seq, r.roster, r.envelope, r.digest, r.day) for r in rows]


def add_message(conn: Connection, mailbox: bytes, message: Message) -> None:
    """Raises `Conflict` when somebody else's answer took this number; then it is signed and sealed again.

    Also when the number was taken by an answer that the reporter has deleted.
    """
    emptied = emptied_mailboxes.c
    deleted = select(emptied["count"]).where(emptied.mailbox_id == mailbox)
    if message.seq < (conn.execute(deleted).scalar_one_or_none() or 0):
        raise Conflict("this number was taken by an answer that was deleted since")
    row = {
        "mailbox_id": mailbox, "seq": message.seq, "id": message.id, "roster": message.roster, "day": message.day,
        "digest": message.digest, "envelope": message.envelope,
    }  # fmt: skip
    try:
        run(conn, MESSAGE, row)
    except IntegrityError as error:
        raise Conflict("this number in the mailbox is taken, or the mailbox is gone") from error


def keep(conn: Connection, writes: Sequence[Write], now: int) -> None:
    """What a private page does with an open mailbox; the same statements as a turn's."""
    for step in steps(writes, now, None):
        for row in step.rows:
            run(conn, step.statement, row)


def costs_of(conn: Connection, locator: str) -> list[str]:
    """Every derivation used in this bucket: a code is tried with each, so that old codes still open (S16)."""
    found = select(mailboxes.c.cost).where(mailboxes.c.locator == locator).distinct().order_by(mailboxes.c.cost)
    return list(conn.execute(found).scalars())


def salt_of(conn: Connection, locator: str) -> bytes | None:
    """The bucket's salt; for an unknown bucket the caller answers with a stable false one (S19)."""
    return conn.execute(select(locator_salts.c.salt).where(locator_salts.c.locator == locator)).scalar_one_or_none()


def keep_salt(conn: Connection, locator: str, salt: bytes) -> bytes:
    """Return the salt that counts from now on: the one that was there first."""
    run(conn, hot.SALT, {"locator": locator, "salt": salt})
    kept = salt_of(conn, locator)
    assert kept is not None
    return kept

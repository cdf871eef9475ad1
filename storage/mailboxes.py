"""Where answers wait for whoever holds the case code; unknown, deleted and unsent look alike (S19)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select
from sqlalchemy.exc import IntegrityError

from bot.core.case import Status
from bot.core.errors import Conflict
from storage import hot
from storage.schema import cases, locator_salts, mailbox_messages, mailboxes
from storage.statements import Insertion, run

MESSAGE = Insertion(mailbox_messages)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`auth`: SHA-256 of the proof.  `kem`: answers are sealed to it.  `status`: of its case."""

    id: bytes
    case: bytes
    locator: str
    cost: str
    auth: bytes
    kem: bytes
    status: Status


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
    statement = select(mailboxes, cases.c.status).join(cases, cases.c.id == mailboxes.c.case_id)
    r = conn.execute(statement.where(mailboxes.c.id == mailbox)).one_or_none()
    return None if r is None else Mailbox(r.id, r.case_id, r.locator, r.cost, r.auth, r.kem, Status(r.status))


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
    """Raises `Conflict` when somebody else's answer took this number; then it is signed and sealed again."""
    row = {
        "mailbox_id": mailbox, "seq": message.seq, "id": message.id, "roster": message.roster, "day": message.day,
        "digest": message.digest, "envelope": message.envelope,
    }  # fmt: skip
    try:
        run(conn, MESSAGE, row)
    except IntegrityError as error:
        raise Conflict("this number in the mailbox is taken, or the mailbox is gone") from error


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


def empty(conn: Connection, mailbox: bytes, up_to: int) -> None:
    """The reporter deletes the answers read so far."""
    old = (mailbox_messages.c.mailbox_id == mailbox) & (mailbox_messages.c.seq <= up_to)
    conn.execute(delete(mailbox_messages).where(old))


def close(conn: Connection, ids: Sequence[bytes]) -> None:
    """The reporter gives mailboxes up: answers and mailbox are gone, the case stays."""
    conn.execute(delete(mailboxes).where(mailboxes.c.id.in_(ids)))

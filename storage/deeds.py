"""Answers already given to an officer's action, so that repeating it does it once (R26)."""

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from bot.core.errors import Conflict
from storage.schema import deeds
from storage.statements import Insertion, run

DEED = Insertion(deeds)


def done(conn: Connection, account: str, key: bytes) -> str | None:
    """The action that was done under this key."""
    statement = select(deeds.c.action).where(deeds.c.account == account, deeds.c.key == key)
    return conn.execute(statement).scalar_one_or_none()


def answer(conn: Connection, account: str, key: bytes) -> str | None:
    """The answer that was given then."""
    statement = select(deeds.c.answer).where(deeds.c.account == account, deeds.c.key == key)
    return conn.execute(statement).scalar_one_or_none()


def remember(conn: Connection, account: str, key: bytes, action: str, answer: str, hour: int) -> None:
    """Raises `Conflict` when the same action is being done at this moment; nothing of this one is kept."""
    row = {"account": account, "key": key, "action": action, "answer": answer, "hour": hour}
    try:
        run(conn, DEED, row)
    except IntegrityError as error:
        raise Conflict("this action is being done already") from error

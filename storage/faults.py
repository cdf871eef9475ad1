"""What PostgreSQL's refusals mean to us: try again, come back later, somebody was faster, or broken."""

from enum import Enum

from asyncpg import InterfaceError, InternalClientError, PostgresError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from bot.core.errors import Busy, Conflict, StorageError


class Fault(Enum):
    AGAIN = "again"
    """Nothing happened and the same may succeed at once: deadlock, serialization."""
    WAIT = "wait"
    """Nothing happened; somebody holds a lock, or the server is busy."""
    TAKEN = "taken"
    """A row like this exists already."""
    LOST = "lost"
    """The connection broke: before COMMIT nothing happened, during COMMIT nobody knows (reliability §3)."""
    OTHER = "other"


_DRIVER = PostgresError | InterfaceError | InternalClientError
_BY_STATE = {"40001": Fault.AGAIN, "40P01": Fault.AGAIN, "55P03": Fault.WAIT, "57014": Fault.WAIT, "53300": Fault.WAIT}
_BY_CLASS = {"23": Fault.TAKEN, "08": Fault.LOST, "57": Fault.LOST}


def of_database(error: BaseException) -> bool:
    """Whether `error` comes from the database, not from what a caller's function decided."""
    return isinstance(error, _DRIVER | DBAPIError | NoConnectionFree | OSError | TimeoutError)


def fault(error: BaseException) -> Fault:
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return Fault.LOST
    if isinstance(error, DBAPIError) and error.orig is not None:
        error = error.orig
    if isinstance(error, TimeoutError | NoConnectionFree):
        return Fault.WAIT
    state = str(getattr(error, "sqlstate", None) or "")
    if not state:
        return Fault.LOST if isinstance(error, InterfaceError | InternalClientError | OSError) else Fault.OTHER
    return _BY_STATE.get(state) or _BY_CLASS.get(state[:2], Fault.OTHER)


def constraint(error: BaseException) -> str:
    """Name of the rule that was broken, or nothing."""
    return str(getattr(error, "constraint_name", None) or "")


def as_ours(error: BaseException) -> StorageError:
    """`error` as one of ours.  Its own text may hold keys, so only its kind is kept in the message."""
    match fault(error):
        case Fault.AGAIN | Fault.WAIT:
            return Busy("the database is occupied")
        case Fault.TAKEN:
            return Conflict("the database holds something else in this place")
        case Fault.LOST:
            return StorageError("the connection to the database was lost; whether it was stored is unknown")
        case Fault.OTHER:
            return StorageError(f"the database refused ({type(error).__name__})")

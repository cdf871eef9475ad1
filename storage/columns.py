"""How a table and a column are declared here: with its purpose and with what kind of thing it holds.

The data dictionary is generated from these notes and a test refuses a column without them (S10).
"""

from enum import Enum
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)


class Holds(Enum):
    """What a reader of the bare database learns from a column."""

    RANDOM = "random id"
    SEALED = "sealed bytes"
    HASH = "hash"
    KEY = "public key"
    SALT = "salt"
    STATE = "queue state"
    CLEAR = "clear"
    """Readable and about a report: the list of D11 is complete."""
    STAFF = "staff, clear"
    PUBLIC = "public document"


RANDOM, SEALED, HASH, STATE = Holds.RANDOM, Holds.SEALED, Holds.HASH, Holds.STATE
CLEAR, STAFF, KEY, SALT, PUBLIC = Holds.CLEAR, Holds.STAFF, Holds.KEY, Holds.SALT, Holds.PUBLIC

BYTES: TypeEngine[bytes] = LargeBinary()
NUMBER: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")
TEXT: TypeEngine[str] = Text().with_variant(Text(collation="C"), "postgresql")
"""Compared byte by byte on both databases, so that lists have one order everywhere."""


def column(name: str, type_: TypeEngine[Any], holds: Holds, why: str, *rest: Any, **more: Any) -> Column[Any]:
    """A column that says why it is kept; never empty unless `nullable=True` is given."""
    more.setdefault("nullable", False)
    return Column(name, type_, *rest, info={"holds": holds, "why": why}, **more)


def table(name: str, why: str, keeps: str, *items: SchemaItem, **more: Any) -> Table:
    """`keeps`: how long a row lives and what ends it."""
    info = {"why": why, "keeps": keeps}
    return Table(name, metadata, *items, info=info, sqlite_with_rowid=False, sqlite_strict=True, **more)

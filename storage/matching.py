"""Keyed tokens of what is told in cases, and the officers' common key for them, sealed to each.  Equal bytes are all it sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from bot.core.errors import Conflict
from storage.schema import match_keys, match_tokens


@dataclass(frozen=True, slots=True)
class MatchKey:
    """`match`: id of the common key; `key`: the reader key it is sealed to; `signed`: an officer's word for `match`."""

    key: bytes
    match: bytes
    roster: int
    slot: bytes
    signed: bytes


def keys(conn: Connection) -> list[MatchKey]:
    """One for each officer that has it."""
    rows = conn.execute(select(match_keys).order_by(match_keys.c.key_id))
    return [MatchKey(r.key_id, r.match_key, r.roster, r.slot, r.signed) for r in rows]


def add_keys(conn: Connection, *, match: bytes, signed: bytes, roster: int, slots: Mapping[bytes, bytes]) -> None:
    """Raises `Conflict` when somebody gave one of them the key in the same moment."""
    rows = [
        {"key_id": key, "match_key": match, "roster": roster, "slot": slot, "signed": signed}
        for key, slot in sorted(slots.items())
    ]
    try:
        conn.execute(insert(match_keys), rows)
    except IntegrityError as error:
        raise Conflict("somebody was faster") from error


def put_tokens(conn: Connection, case: bytes, tokens: Sequence[bytes]) -> None:
    """These are the tokens of `case` now."""
    conn.execute(delete(match_tokens).where(match_tokens.c.case_id == case))
    if tokens:
        conn.execute(insert(match_tokens), [{"token": token, "case_id": case} for token in sorted(set(tokens))])


def same(conn: Connection, case: bytes, tokens: Sequence[bytes], limit: int = 200) -> list[tuple[bytes, bytes]]:
    """(case, token) of other cases that share a token."""
    wanted = (match_tokens.c.token.in_(tokens), match_tokens.c.case_id != case)
    rows = conn.execute(select(match_tokens.c.case_id, match_tokens.c.token).where(*wanted).limit(limit))
    return [(row.case_id, row.token) for row in rows]

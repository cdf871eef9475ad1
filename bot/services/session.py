"""An open conversation as it lies on disk: the state of the talk and the sealing of its draft, under a key of the day.

Nobody reads it there: not the coarse answers, not which draft or case it belongs to (D9, D11, S10).
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.core.errors import Damaged, Lapsed
from bot.core.state import Keeping, Reading, State, begin, dump, load
from bot.core.writes import Wanted
from bot.sealing.chain import Head
from bot.sealing.today import DailyKeys

_PURPOSE = "session"
_TO_JSON = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class DraftKeys:
    """What sealing another record of the draft needs.

    `wrapped`: the case key's private half under the queue key, empty once the readers are fixed (D11).
    `slot_list`, `teams`: who the readers are, then.
    """

    case: bytes
    public: bytes
    wrapped: bytes
    head: Head = field(default_factory=Head)
    teams: tuple[str, ...] = ()
    slot_list: bytes = b""


@dataclass(frozen=True, slots=True)
class NewMailbox:
    """The mailbox of a code that was shown and not yet used; nothing here leads back to the code.

    `mark_key`: makes the mark of the case's key once it is sent, and is forgotten then; none in a session of an older release.
    """

    id: bytes
    locator: str
    salt: bytes
    auth: bytes
    kem: bytes
    cost: str
    mark_key: bytes = b""


@dataclass(frozen=True, slots=True)
class OpenMailbox:
    """What acting on an open mailbox needs; nothing here opens an answer.

    `head`: up to where its answers were shown, `mark`: proves that (see `emptied_mark`).
    """

    case: bytes
    id: bytes
    head: Head
    mark: bytes


@dataclass(frozen=True, slots=True)
class Session:
    """`mailbox`: of the code that is being confirmed.  `reading`: the mailbox that is open."""

    state: State
    draft: DraftKeys | None = None
    mailbox: NewMailbox | None = None
    reading: OpenMailbox | None = None

    @property
    def wanted(self) -> Wanted | None:
        return Wanted(self.reading.case, self.reading.id) if self.reading else None

    def settled(self) -> "Session":
        """Without what its state no longer needs."""
        mailbox = self.mailbox if isinstance(self.state, Keeping) else None
        reading = self.reading if isinstance(self.state, Reading) else None
        return replace(self, mailbox=mailbox, reading=reading)


def seal_session(keys: DailyKeys, session: Session, key: bytes, now: int) -> bytes:
    """Bound to the conversation's key: a session moved to another conversation does not open."""
    plain = _TO_JSON(_dump(session)).encode()
    return keys.seal_for_today(_PURPOSE, plain, key, now=now)


def open_session(keys: DailyKeys, sealed: bytes | None, names: Sequence[bytes], now: int) -> Session:
    """The session stored under one of `names`, or a new one when its day has passed.

    Raises `Damaged` when it was changed or belongs to another conversation.
    """
    if sealed is None:
        return Session(begin())
    for name in names:
        try:
            return _load(json.loads(keys.open_today(_PURPOSE, sealed, name, now=now)))
        except Lapsed:
            break
        except Damaged:
            if name is names[-1]:
                raise
    return Session(begin())


def _dump(session: Session) -> dict[str, Any]:
    plain: dict[str, Any] = {"s": dump(session.state)}
    if session.draft:
        d = session.draft
        raw = (d.case, d.public, d.wrapped, d.head.last, d.slot_list)
        plain["d"] = [*map(_text, raw), d.head.count, list(d.teams)]
    if session.mailbox:
        m = session.mailbox
        plain["m"] = [*map(_text, (m.id, m.salt, m.auth, m.kem)), m.locator, m.cost]
        plain["k"] = _text(m.mark_key)  # apart, so that an older release still reads the rest
    if session.reading:
        r = session.reading
        plain["r"] = [*map(_text, (r.case, r.id, r.head.last, r.mark)), r.head.count]
    return plain


def _load(plain: dict[str, Any]) -> Session:
    draft = mailbox = None
    if "d" in plain:
        *raw, count, teams = plain["d"]
        case, public, wrapped, last, slot_list = map(b64decode, raw)
        draft = DraftKeys(case, public, wrapped, Head(count, last), tuple(teams), slot_list)
    if "m" in plain:
        *raw, locator, cost = plain["m"]
        id, salt, auth, kem = map(b64decode, raw)
        mailbox = NewMailbox(id, locator, salt, auth, kem, cost, b64decode(plain.get("k", "")))
    return Session(load(plain["s"]), draft, mailbox, _load_reading(plain.get("r")))


def _load_reading(plain: Any) -> OpenMailbox | None:
    """An older release kept the case only: then the code is asked for again."""
    if not isinstance(plain, list):
        return None
    *raw, count = plain
    case, id, last, mark = map(b64decode, raw)
    return OpenMailbox(case, id, Head(count, last), mark)


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()

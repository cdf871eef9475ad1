"""Values the storage tests keep: random ids, plausible sizes, one moment in time."""

import os
from collections.abc import Callable, Sequence

from bot.core.writes import (
    Decided,
    KeepDraft,
    KeepMailbox,
    KeepRecord,
    KeepSlot,
    Knock,
    Loaded,
    OpenCase,
    Post,
    Wanted,
    Write,
)
from storage.accounts import Account

NOW = 1_790_000_000
HOUR = NOW // 3600
DAY = NOW // 86400
TODAY, YESTERDAY = b"t" * 32, b"y" * 32
AMNA = Account("amna", "amna@duty", "Amna", frozenset({"officer", "supervisor"}), b"s" * 16, "cost", b"p" * 32)


def new_id() -> bytes:
    return os.urandom(16)


def knock(number: int | None = 1, *, keys: tuple[bytes, ...] = (TODAY, YESTERDAY), now: int = NOW) -> Knock:
    return Knock("telegram", number, keys, now)


def nobody(session: bytes) -> Wanted | None:
    """Wants no case."""
    return None


def keeping(session: bytes | None, *writes: Write) -> Callable[[Loaded], Decided]:
    return lambda loaded: Decided(session, writes)


def post(*, collapse: bytes | None = None, priority: int = 1, wait_s: int = 0, lease_s: int = 0) -> Post:
    return Post(new_id(), "prompt", priority, os.urandom(80), '["en",{}]', collapse, NOW + wait_s, NOW + lease_s)


def record(case: bytes, seq: int, kind: str = "words", size: int = 3200) -> KeepRecord:
    return KeepRecord(new_id(), case, seq, kind, os.urandom(size), os.urandom(32), 1, DAY)


def slot(case: bytes, key: bytes | None = None) -> KeepSlot:
    return KeepSlot(case, key or new_id(), os.urandom(1200), 1)


def draft(case: bytes, *, hours: int = 24) -> KeepDraft:
    return KeepDraft(case, HOUR + hours)


def mailbox(case: bytes, *, locator: str = "12345", salt: bytes = b"s" * 16) -> KeepMailbox:
    return KeepMailbox(os.urandom(32), case, locator, salt, os.urandom(32), os.urandom(1216), "argon2id$3$65536$1", DAY)


def opening(
    case: bytes,
    count: int,
    *,
    teams: tuple[str, ...] = ("sindh",),
    urgency: str = "U1",
    hour: int = HOUR,
    climb_at: int | None = None,
) -> OpenCase:
    return OpenCase(
        id=case,
        handle=new_id().hex()[:12],
        public=os.urandom(1216),
        seq=count,
        head=os.urandom(32),
        slot_list=os.urandom(64),
        teams=teams,
        language="ur",
        region="PK-SD",
        concern="labour",
        urgency=urgency,
        channel="telegram",
        day=DAY,
        hour=hour,
        climb_at=climb_at,
    )


def box_of(writes: Sequence[Write]) -> bytes:
    """Id of the mailbox that a report keeps."""
    return next(w.id for w in writes if isinstance(w, KeepMailbox))


def report(case: bytes, key: bytes | None = None, **how: object) -> tuple[Write, ...]:
    """Everything the last turn of a small report keeps: a record, its cover, a slot, the case and its mailbox."""
    return (
        record(case, 0),
        record(case, 1, "cover"),
        slot(case, key),
        opening(case, 2, **how),  # type: ignore[arg-type]  # passed on as given
        mailbox(case),
    )

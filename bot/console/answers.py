"""What the console answers, as plain data: bytes as base64, ids as hexadecimal; nothing sealed is looked into."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from bot.core.case import may, seen_by_child
from bot.core.voice import CONCERNS
from bot.core.writes import KeepRecord
from bot.sealing.context import NOTHING_BEFORE
from bot.sealing.keys import key_id
from bot.services.officers.casework import Mailbox, OpenedCase
from bot.services.officers.ports import Case, Place, QueueRow, Slot
from bot.services.officers.queue import After, Glance, Page, Row
from bot.services.officers.sign_in import HandOut, Signed
from bot.services.officers.trail import HOUR_S


def base64(value: bytes) -> str:
    return b64encode(value).decode("ascii")


def case_line(case: Case, who: Signed) -> dict[str, Any]:
    """A case as it stands, with what this officer may do next."""
    return {**_common(case, who), "key": key_id(case.public).hex(), "teams": list(case.teams)}


def opened(found: OpenedCase, who: Signed) -> dict[str, Any]:
    case = found.case
    return {
        **case_line(case, who),
        "public": base64(case.public),
        "seq": case.count,
        "head": case.head.hex(),
        "listed": base64(case.slot_list),
        "records": _chain(found.records),
        "slots": [slot(one) for one in found.slots],
        "mailbox": _mailbox(found.mailbox),
    }


def page(found: Page, who: Signed) -> dict[str, Any]:
    return {
        "rows": [_row(row, who) for row in found.rows],
        "next": _cursor(found.next),
        "counts": dict(found.counts),
        "within": dict(found.within),
    }


def glance(found: Glance, who: Signed) -> dict[str, Any]:
    return {
        "first": [id.hex() for id in found.first],
        "lines": [{**_common(line, who), "here": here} for line, here in found.lines],
        "counts": dict(found.counts),
    }


def hand_out(given: HandOut) -> dict[str, str]:
    return {
        "key": given.bundle.key.hex(),
        "shard": base64(given.shard),
        "wrapped": base64(given.bundle.wrapped),
    }


def after(cursor: object) -> After | None:
    """Read back what `_cursor` wrote; `ValueError` for anything else."""
    if cursor is None:
        return None
    match str(cursor).split("."):
        case [urgency, hour, case] if len(urgency) <= 4 and hour.isascii() and hour.isdigit() and len(hour) < 12:
            return After(urgency, int(hour), bytes.fromhex(case))
    raise ValueError("not a place in the queue")


def _cursor(place: Place | None) -> str | None:
    return None if place is None else f"{place.urgency}.{place.hour}.{place.case.hex()}"


def _common(case: Case | QueueRow, who: Signed) -> dict[str, Any]:
    return {
        "id": case.id.hex(),
        "handle": case.handle,
        "language": case.language,
        "region": case.region,
        "concern": case.concern,
        "urgency": case.urgency,
        "channel": case.channel,
        "hour": case.hour * HOUR_S,
        "waiting": case.waiting,
        "until": case.until,
        "since": case.since,
        **_standing(case, who, feedback=case.concern in CONCERNS),
    }


def _standing(case: Case | QueueRow, who: Signed, *, feedback: bool) -> Mapping[str, Any]:
    standing = case.standing
    offered = may(standing, by=who.account.id, feedback=feedback, urgency=case.urgency)
    return {
        "status": standing.status.value,
        "seen": seen_by_child(standing.status),
        "holder": standing.holder,
        "version": standing.version,
        "feedback": feedback,
        "wish": standing.wish.name.lower(),
        "quiet": standing.quiet,
        "stirred": case.stirred,
        "may": [deed.value for deed in offered],
    }


def _row(row: Row, who: Signed) -> dict[str, Any]:
    key, sealed, roster = row.cover.slots[0]
    return {
        **_common(row.case, who),
        "key": key_id(row.cover.public).hex(),
        "cover": _record(row.cover.record, row.cover.previous),
        "slot": {"key": key.hex(), "slot": base64(sealed), "roster": roster},
    }


def _chain(records: tuple[KeepRecord, ...]) -> list[dict[str, Any]]:
    """Each record with the hash of the one before it; the page checks that nothing is missing or moved."""
    before: tuple[bytes | None, ...] = (None, *(record.digest for record in records))
    return [_record(record, previous) for record, previous in zip(records, before, strict=False)]


def _record(record: KeepRecord, previous: bytes | None) -> dict[str, Any]:
    return {
        "id": record.id.hex(),
        "seq": record.seq,
        "kind": record.kind,
        "roster": record.roster,
        "day": record.day,
        "previous": (previous or NOTHING_BEFORE).hex(),
        "envelope": base64(record.envelope),
    }


def slot(one: Slot) -> dict[str, Any]:
    return {"key": one.key.hex(), "slot": base64(one.slot), "roster": one.roster}


def _mailbox(mailbox: Mailbox | None) -> dict[str, Any] | None:
    if mailbox is None:
        return None
    messages = [{"seq": one.seq, "digest": one.digest.hex()} for one in mailbox.messages]
    return {"public": base64(mailbox.public), "messages": messages}

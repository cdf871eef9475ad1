"""Logs: names of events with fields from a closed list, so that nothing of a reporter can slip in (S44, S50, R20)."""

import logging
import sys
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, Final

import structlog

FIELDS: Final = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "id",
        "kind",
        "count",
        "seconds",
        "status",
        "fault",
        "version",
        "address",
        "mode",
        "path",
    }
)
"""What may be logged: counts, durations, kinds of errors, random ids; never a chat, a name, a word or an address of a person."""

EVENTS: Final = frozenset(
    {
        "alert_for_nobody", "alert_not_sent", "alerts_failed", "aside_failed",
        "audit_head_failed", "audit_log_wrong", "backup_failed", "backup_made",
        "books_not_written", "cases_without_reader", "content_refused", "content_unread", "duty_roster_refused",
        "file_id_not_kept", "lease_not_renewed", "live_unread", "message_dropped", "message_unclear",
        "no_readers", "not_swept", "not_vanished", "notice_unreadable",
        "notices_not_done", "outbox_not_swept", "picture_not_sent", "post_failed",
        "post_unreadable", "recording_not_kept", "recording_refused",
        "recordings_unread", "reply_unverified", "seeking_failed", "sending_failed",
        "session_damaged", "token_rejected", "unforeseen", "update_failed",
        "update_not_taken", "upkeep_failed", "vanishing_not_done", "vanishing_unreadable",
        "voice_later", "voice_not_kept", "voice_not_sent", "voice_parked",
        "voice_unreadable", "voices_not_claimed", "webhook_behind", "webhook_not_seen",
        "webhook_not_set", "webhook_replaced", "wording_refused", "wording_unread",
    }
)  # fmt: skip
"""Every event that the program logs; a test finds them in the code.  Anything else is shown as "unlisted"."""

_LOUD = (
    "httpx",
    "httpcore",
    "telegram",
    "aiohttp",
    "uvicorn",
    "alembic",
    "asyncio",
    "aiosqlite",
    "sqlalchemy",
    "asyncpg",
)
"""Libraries that print addresses (a bot's holds its token) or statements below WARNING."""


def set_up(level: str) -> None:
    """Send everything to standard error as one JSON object a line."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _allowed,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    writer = logging.StreamHandler(sys.stderr)
    writer.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [writer]
    root.setLevel(level.upper())
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)


def _allowed(_: Any, __: str, entry: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Drop every field that is not on the list, tracebacks and foreign messages' arguments with them."""
    record = entry.get("_record")
    kept = {name: value for name, value in entry.items() if name in FIELDS or name.startswith("_")}
    if record is not None and record.name.partition(".")[0] not in ("bot", "storage"):
        kept["event"] = f"{record.name}: {record.levelname.lower()}"
        kept["fault"] = type(record.exc_info[1]).__name__ if record.exc_info and record.exc_info[1] else ""
    elif kept.get("event") not in EVENTS:
        kept["event"] = "unlisted"
    return kept


class Counting(logging.Handler):
    """Tells `seen` the name of each event that is logged."""

    def __init__(self, seen: Callable[[str], None]) -> None:
        super().__init__()
        self._seen = seen

    def emit(self, record: logging.LogRecord) -> None:
        said = record.msg
        self._seen(str(said.get("event", "") if isinstance(said, Mapping) else said))

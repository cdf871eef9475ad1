"""Puts the audit log's heads together, and signs one each hour while the service runs.  Part of the composition root."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import structlog

from bot.house import House
from bot.sealing.keys_folder import KeysFolder
from bot.services.auditing import Auditing, What
from storage import Database, audit, heads

LOOK_S = 60.0
HOUR_S = 3_600
_LOG_KEY = "audit-log"
_PART = ".part"

log = structlog.get_logger()


def open_auditing(database: Database, keys: Path, deployment: bytes) -> Auditing:
    """The log is called after the deployment; its signing key lies in the keys folder, not in the database."""
    seed = KeysFolder(keys).find_or_make(_LOG_KEY)
    return Auditing(database, log=audit, heads=heads, seed=seed, origin=f"hamrah/{deployment.hex()}")


def auditing_of(house: House) -> Auditing:
    return open_auditing(house.database, house.settings.keys, house.roster.last().deployment)


async def witness(auditing: Auditing, file: Path, *, now: int) -> tuple[What, ...]:
    """Write the newest head to `file`, unless the log no longer goes on from the head that is there; returns why not."""
    kept = (file.read_text("utf-8"),) if file.exists() else ()
    note = await auditing.head(now=now)
    if kept:
        verdict = await auditing.verify(now=now, notes=kept)
        if verdict.faults:
            return tuple(fault.what for fault in verdict.faults)
    part = file.with_name(file.name + _PART)
    part.write_text(note, "utf-8")
    part.replace(file)
    return ()


async def keep_heads(auditing: Auditing, file: Path | None, now: Callable[[], int]) -> None:
    """A head each hour, until cancelled; what fails is logged and tried again within the minute."""
    hour = -1
    while True:
        if now() // HOUR_S != hour:
            try:
                why = await witness(auditing, file, now=now()) if file else await _plain(auditing, now())
                if why:
                    log.error("audit_log_wrong", kind=", ".join(sorted({what.value for what in why})))
                hour = now() // HOUR_S
            except Exception as fault:  # whatever it is, the next minute tries again
                log.error("audit_head_failed", fault=type(fault).__name__)
        await asyncio.sleep(LOOK_S)


async def _plain(auditing: Auditing, now: int) -> tuple[What, ...]:
    await auditing.head(now=now)
    return ()

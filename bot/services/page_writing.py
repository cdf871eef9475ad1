"""Writing to the helpers from the private page: words and recordings that its device sealed to the case's own key.

The server reads nothing of it.  Whatever comes of it, the answer has one status, one size and comes on the beat of a look-up,
so that a wrong code is not known from outside (S19).  A message counts once, however often it is sent, and opens again a case
that was closed, as words from the chat do.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

from bot.core.errors import CaseMoved, Conflict, Damaged, PartsMissing, Unknown
from bot.core.note import MOST_NOTES
from bot.core.writes import AddToCase, CaseHead, KeepRecord, KeepVoice, Write
from bot.sealing.chain import Head
from bot.sealing.message import Message, read_message, unpack_message
from bot.sealing.record import record_hash
from bot.services.errands import StoredMailbox
from bot.services.page_mailbox import PageMailbox
from bot.services.report import DAY_S, HOUR_S, LivingRoster

SIZE: Final = 256
"""Bytes of every answer: the numbers of all parts fit in."""


class Uploads(Protocol):
    """Storage of parts."""

    async def add(self, message: Message, head: CaseHead, become: Callable[[bytes], Sequence[Write]], now: int) -> None:
        """Add the parts to the case, once.  Raises `PartsMissing`, `CaseMoved` or `Conflict`."""


class PageWriting:
    """`door`: the mailbox's own; its look-ups and these are slowed as one."""

    def __init__(self, door: PageMailbox, uploads: Uploads, roster: LivingRoster) -> None:
        self._door, self._uploads, self._roster = door, uploads, roster

    async def write(self, body: bytes, now: int) -> bytes:
        """Keep a message; what came of it as JSON of one size.

        `{"kept": true}`, or why not: "gone" (this code opens nothing, now), "moved" (somebody wrote meanwhile, or the list of
        officers changed: look again and seal anew), "parts" with the numbers that are `missing`, "other" (not as a page does).
        Raises `Damaged` for what no page sends, and whatever is wrong with the list of officers, before anything is looked up.
        """
        message, version = read_message(body), self._roster.current(now=now).version
        began, stored = await self._door.look(message.asking, now)
        answer = await self._keep(message, stored, version, now)
        await self._door.end(began)
        return json.dumps(answer, separators=(",", ":")).encode().ljust(SIZE)

    async def _keep(self, message: Message, stored: StoredMailbox | None, version: int, now: int) -> dict[str, Any]:
        if stored is None or stored.head is None:
            return {"why": "gone"}
        head, notes = stored.head, stored.notes

        def become(upload: bytes) -> list[Write]:
            """Asked only if this message was not kept before."""
            if message.seq != head.seq or message.roster != version:
                raise CaseMoved("the page has seen an older state")
            if notes + len(message.sounds) > MOST_NOTES:
                raise Damaged("more recordings than a report holds")
            return _added(message, head, upload, now)

        try:
            await self._uploads.add(message, head, become, now)
        except PartsMissing as fault:
            return {"why": "parts", "missing": list(fault.numbers)}
        except CaseMoved:
            return {"why": "moved"}
        except (Conflict, Damaged, Unknown):
            return {"why": "other"}
        return {"kept": True}


def _added(message: Message, head: CaseHead, upload: bytes, now: int) -> list[Write]:
    records, sounds = unpack_message(message, upload)
    at, kept = Head(head.seq, head.head), []
    for piece, envelope in zip(message.records, records, strict=True):
        digest = record_hash(envelope)
        kept.append(
            KeepRecord(piece.id, head.case, at.count, piece.kind, envelope, digest, message.roster, now // DAY_S)
        )
        at = at.after(envelope)
    named = zip(message.sounds, sounds, strict=True)
    voices = [KeepVoice(head.case, sound.record, envelope) for sound, envelope in named]
    return [*kept, *voices, AddToCase(head.case, at.count, at.last, now // HOUR_S, message.wish)]

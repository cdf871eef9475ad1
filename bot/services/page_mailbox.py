"""A mailbox that the private page opens: the code stays there, what comes here proves that its holder asks (D1, S17).

The page itself opens the answers and checks who signed them.  Whatever is behind the code, the answer has one size and
comes on a beat, so that an unknown, a deleted and an empty mailbox look the same from outside (S9, S19).
"""

import asyncio
import json
from base64 import b64encode
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, Final, Protocol

from bot.core.errors import Damaged
from bot.core.hours import Hours
from bot.core.writes import ForgetAnswers, ForgetMailbox, ReadNotice, Write
from bot.sealing.case_code import LOCATE_DIGITS
from bot.sealing.mailbox import auth_matches
from bot.sealing.message import ASKING_BYTES
from bot.sealing.record import record_hash
from bot.services.errands import EVEN_S, StoredMailbox
from bot.services.slowing import Slowing

ID_BYTES = PROOF_BYTES = 32

EMPTY, CLOSE = b"e", b"c"
DEED_BYTES: Final = ASKING_BYTES + 1 + 8 + 32 + 32
"""The same, then the deed, and up to where the page has shown: count, hash of the last answer, mark that the code makes."""

SIZE: Final = 40_960
"""Bytes of an answer, or a multiple: three sealed answers fit in."""


class Mailboxes(Protocol):
    async def find(self, mailbox: bytes) -> StoredMailbox | None: ...

    async def keep(self, writes: Sequence[Write], now: int) -> None:
        """All of it, or nothing."""


class PageMailbox:
    """`wait`: how a look-up is slowed; `beat`: how one that was quick waits for the next beat.

    `erased`: called after a commit in which a reporter deleted something, so that no trace of it stays (S45).
    """

    def __init__(
        self,
        mailboxes: Mailboxes,
        hours: Callable[[], Hours],
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
        beat: Callable[[float], Awaitable[None]] = asyncio.sleep,
        erased: Callable[[], None] = lambda: None,
    ) -> None:
        self._mailboxes, self._hours = mailboxes, hours
        self._wait, self._beat, self._erased = wait, beat, erased
        self._slowing = Slowing()

    async def read(self, body: bytes, now: int) -> bytes:
        """What the page shows, as JSON of one size; "{}" where this code opens nothing.

        Counted apart from the chat's look-ups: whoever floods this door, which costs nothing, slows nobody there (S47).
        A code opens only with its own locator, else whoever guesses could name another each time and would not be slowed.
        """
        began, stored = await self.look(body, now)
        if stored is not None and stored.noticed and stored.messages:
            # A chat waits to be told of an answer: what is shown here is not told there any more (D10).
            await self._mailboxes.keep([ReadNotice(_parts(body)[1], stored.messages[-1][1] + 1)], now)
        answer = _sized({} if stored is None else _shown(stored, self._hours()))
        await self.end(began)
        return answer

    async def do(self, body: bytes, now: int) -> None:
        """Empty or close it, once, however often the page asks; a code that opens nothing is told nothing else (S19).

        Only answers that the page has shown are emptied: one that came since stays.
        """
        if len(body) != DEED_BYTES or body[ASKING_BYTES : ASKING_BYTES + 1] not in (EMPTY, CLOSE):
            raise Damaged("not a deed of a page")
        began, stored = await self.look(body[:ASKING_BYTES], now)
        if stored is not None and (write := _deed(body, stored)) is not None:
            await self._mailboxes.keep([write], now)
            self._erased()
        await self.end(began)

    async def look(self, body: bytes, now: int) -> tuple[float, StoredMailbox | None]:
        """When the look-up began, and what it found; wrong codes are slowed.  `body`: locator, id and proof."""
        locator, mailbox, proof = _parts(body)
        delay_s = self._slowing.delay_s(mailbox, locator, now)
        self._slowing.missed(mailbox, locator, now)
        await self._wait(delay_s)
        began = asyncio.get_running_loop().time()
        stored = await self._mailboxes.find(mailbox)
        if stored is None or not auth_matches(stored.auth, proof) or stored.locator != locator:
            return began, None
        self._slowing.forget(mailbox)
        self._slowing.forgive(locator, now)
        return began, stored

    async def end(self, began: float) -> None:
        """Wait for the next beat since `began`."""
        await self._beat(EVEN_S - (asyncio.get_running_loop().time() - began) % EVEN_S)


def _parts(body: bytes) -> tuple[str, bytes, bytes]:
    locator = body[:LOCATE_DIGITS]
    if len(body) != ASKING_BYTES or not locator.isdigit():
        raise Damaged("not what a page asks")
    return locator.decode(), body[LOCATE_DIGITS:-PROOF_BYTES], body[-PROOF_BYTES:]


def _deed(body: bytes, stored: StoredMailbox) -> ForgetAnswers | ForgetMailbox | None:
    """None where there is nothing to empty, or it is emptied already."""
    mailbox = body[LOCATE_DIGITS : LOCATE_DIGITS + ID_BYTES]
    deed, told = body[ASKING_BYTES : ASKING_BYTES + 1], body[ASKING_BYTES + 1 :]
    if deed == CLOSE:
        return ForgetMailbox(mailbox)
    count, last, mark = int.from_bytes(told[:8], "big"), told[8:40], told[40:]
    held = any(seq == count - 1 and record_hash(envelope) == last for _, seq, _, envelope in stored.messages)
    return ForgetAnswers(mailbox, count, last, mark) if held else None


def _shown(stored: StoredMailbox, hours: Hours) -> dict[str, Any]:
    """`until`: the last whole day.  `emptied`: where the answers that are left begin, and what proves it.

    `write`: what adding to the case needs, where its key is proved by the code.
    """
    shown: dict[str, Any] = {
        "case": _text(stored.case),
        "status": stored.status,
        "wish": stored.wish.name.lower(),
        "answers": [
            {"id": _text(id), "seq": seq, "roster": roster, "envelope": _text(envelope)}
            for id, seq, roster, envelope in stored.messages
        ],
    }
    if stored.until is not None:
        shown["until"] = (hours.local_day(stored.until) - timedelta(days=1)).isoformat()
    if stored.emptied is not None:
        count, last, mark = stored.emptied
        shown["emptied"] = {"count": count, "last": _text(last), "mark": _text(mark)}
    if stored.head is not None and stored.case_mark is not None:
        head = stored.head
        place = {"seq": head.seq, "head": _text(head.head), "notes": stored.notes}
        shown["write"] = {"public": _text(head.public), "mark": _text(stored.case_mark), **place}
    return shown


def _sized(shown: dict[str, Any]) -> bytes:
    plain = json.dumps(shown, separators=(",", ":")).encode()
    return plain.ljust(-(-len(plain) // SIZE) * SIZE)


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()

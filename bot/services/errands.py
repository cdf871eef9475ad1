"""Errands of a turn: drawing a case code and opening a mailbox.

Both stretch a key for about a fifth of a second, so they run in threads of their own, two at a time, fifty waiting (S48),
outside every transaction.  Wrong codes are slowed, never locked out (S47).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from bot.core.case import Wish
from bot.core.errors import Busy
from bot.core.events import CodeMade, CodeMistyped, Event, MailboxMissing, MailboxOpened
from bot.core.private import Private
from bot.core.roster import Roster
from bot.core.writes import CaseHead
from bot.sealing.case_code import CaseCode, Mistyped, new_code, parse
from bot.sealing.chain import Head
from bot.sealing.context import Context
from bot.sealing.keys import key_id
from bot.sealing.mailbox import (
    Mailbox,
    auth_hash,
    auth_matches,
    case_mark_key,
    derive,
    emptied_mark,
    locator_salt,
    read_up_to,
)
from bot.sealing.reply import Reply, open_reply
from bot.sealing.stretch import Cost
from bot.services.session import NewMailbox, OpenMailbox
from bot.services.slowing import Slowing

AT_ONCE = 2
WAITING = 50

EVEN_S = 0.02
"""A look-up that finds nothing is answered on a beat of this length, counted from when it began: whether its bucket holds a
mailbox, held one or never did costs some microseconds more or less, and nobody outside may measure them (S19)."""


@dataclass(frozen=True, slots=True)
class MakeMailbox:
    """Draw a code."""


@dataclass(frozen=True, slots=True)
class LookBehind:
    """Look behind the code that was typed."""

    typed: Private


Errand = MakeMailbox | LookBehind
Found = NewMailbox | OpenMailbox
"""What the following turn keeps: a mailbox not yet used, or one that is open."""


@dataclass(frozen=True, slots=True)
class StoredMailbox:
    """`case`: id; `status`: as the child sees it; `messages`: (id, seq, roster version, envelope) oldest first.

    `emptied`: count, last hash and mark of the answers that the reporter deleted.  `until`: epoch second at which it goes.
    `notes`: how many voice notes the case holds.  `noticed`: a chat is told when there is an answer.
    `locator`: of its code.  `head`: what adding to the case needs; `case_mark`: says that the key in it is the case's own.
    """

    case: bytes
    auth: bytes
    status: str
    messages: tuple[tuple[bytes, int, int, bytes], ...]
    emptied: tuple[int, bytes, bytes] | None = None
    until: int | None = None
    wish: Wish = Wish.NONE
    notes: int = 0
    noticed: bool = False
    locator: str = ""
    head: CaseHead | None = None
    case_mark: bytes | None = None


class Mailboxes(Protocol):
    async def salt_of(self, locator: str) -> bytes | None: ...

    async def costs_of(self, locator: str) -> Sequence[str]:
        """Derivations ever used in this bucket."""

    async def find(self, mailbox: bytes) -> StoredMailbox | None: ...


class Errands:
    """`roster`: the verified roster of now, or none; `alarm`: told of replies that do not verify (S52)."""

    def __init__(
        self,
        mailboxes: Mailboxes,
        service_secret: bytes,
        cost: Cost,
        roster: Callable[[], Roster],
        alarm: Callable[[str], None],
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._mailboxes = mailboxes
        self._secret = service_secret
        self._cost = cost
        self._roster = roster
        self._alarm = alarm
        self._wait = wait
        self._slowing = Slowing()
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="derive")
        self._waiting = 0

    async def run(self, errand: Errand, conversation: bytes, now: int) -> tuple[Event, Found | None]:
        """Return the event it becomes and what the next turn must keep.  Raises `Busy` when too many wait."""
        match errand:
            case MakeMailbox():
                return await self._make(now)
            case LookBehind(typed):
                code = parse(typed.reveal())
                if isinstance(code, Mistyped):
                    return CodeMistyped(now), None
                return await self._open(code, conversation, now)

    async def _make(self, now: int) -> tuple[Event, Found | None]:
        code = new_code()
        salt = await self.salt_of(code.locator)
        mailbox = await self._derive(code, salt, self._cost)
        new = NewMailbox(
            mailbox.id,
            code.locator,
            salt,
            auth_hash(mailbox.auth),
            mailbox.kem_public,
            self._cost.as_text(),
            case_mark_key(mailbox.kem_private),
        )
        return CodeMade(now, Private(code.display())), new

    async def _open(self, code: CaseCode, conversation: bytes, now: int) -> tuple[Event, Found | None]:
        delay_s = self._slowing.delay_s(conversation, code.locator, now)
        self._slowing.missed(conversation, code.locator, now)
        await self._wait(delay_s)
        loop = asyncio.get_running_loop()
        began = loop.time()
        for cost in await self._costs(code.locator):
            mailbox = await self._derive(code, await self.salt_of(code.locator), cost)
            stored = await self._mailboxes.find(mailbox.id)
            if stored is not None and auth_matches(stored.auth, mailbox.auth):
                self._slowing.forget(conversation)
                self._slowing.forgive(code.locator, now)
                head, shown = self._read(mailbox, stored)
                opened = OpenMailbox(stored.case, mailbox.id, head, emptied_mark(mailbox, head))
                emptied = stored.emptied is not None
                found = MailboxOpened(
                    now, stored.status, shown, stored.until, stored.wish, emptied, stored.notes, stored.noticed
                )
                return found, opened
        took = loop.time() - began
        await asyncio.sleep(EVEN_S - took % EVEN_S)
        return MailboxMissing(now), None

    async def _costs(self, locator: str) -> list[Cost]:
        """Today's derivation first, then older ones of the bucket, so that old codes still open (S16)."""
        older = [
            Cost.from_text(text, tests_allowed=not self._cost.for_production())
            for text in await self._mailboxes.costs_of(locator)
        ]
        return [self._cost, *(cost for cost in older if cost != self._cost)]

    def _read(self, mailbox: Mailbox, stored: StoredMailbox) -> tuple[Head, tuple[Private, ...]]:
        """Only verified answers in an unbroken chain are shown (S52); anything else is shown as nothing and alarmed.

        Where answers were deleted by the reporter, the chain goes on after them, and only if the code itself proves it.
        """
        roster = self._roster()
        head = read_up_to(mailbox, *stored.emptied) if stored.emptied else Head()
        if head is None:
            self._alarm("reply_unverified")
            return Head(), ()
        shown = []
        for id, seq, version, envelope in stored.messages:
            context = Context(
                deployment=roster.deployment,
                roster_version=version,
                case_id=stored.case,
                record_id=id,
                kind="reply",
                seq=seq,
                recipient=key_id(mailbox.kem_public),
                previous=head.last,
            )
            reply = open_reply(mailbox.kem_private, context, envelope, roster)
            if not isinstance(reply, Reply) or not head.context_follows(context):
                self._alarm("reply_unverified")
                break
            head = head.after(envelope)
            shown.append(reply.text)
        return head, tuple(shown)

    async def salt_of(self, locator: str) -> bytes:
        """The salt of a bucket, whether a mailbox is in it or not (S19)."""
        return await self._mailboxes.salt_of(locator) or locator_salt(self._secret, locator)

    async def _derive(self, code: CaseCode, salt: bytes, cost: Cost) -> Mailbox:
        if self._waiting >= WAITING:
            raise Busy("too many case codes are being worked on")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, derive, code, salt, cost)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

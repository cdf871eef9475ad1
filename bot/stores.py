"""Storage as the services want to see it: each small class satisfies one port, and none decides anything."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from bot.core.case import seen_by_child
from bot.core.writes import CaseHead, Write
from bot.sealing.message import Message
from bot.sealing.submission import Closing, Part
from bot.services import hearing
from bot.services.books import Page, Seen
from bot.services.errands import StoredMailbox
from bot.services.sweeper import Claim
from bot.services.vanishing import Gone
from bot.services.voice_turn import Target
from storage import Database, clips, mailboxes, notices, outbox, sent, uploads, voices
from storage.purge import KEEP_CASES_DAYS

_OURS = 0
"""Fence of a message still with the process that wrote it."""
_HOUR_S, _DAY_S = 3_600, 86_400


class MailboxStore:
    """Port `errands.Mailboxes`.  `keep_days`: how long a closed case stays."""

    def __init__(self, database: Database, keep_days: Callable[[], int] = lambda: KEEP_CASES_DAYS) -> None:
        self._database = database
        self._keep_days = keep_days

    async def salt_of(self, locator: str) -> bytes | None:
        return await self._database.read(lambda c: mailboxes.salt_of(c, locator))

    async def costs_of(self, locator: str) -> Sequence[str]:
        return await self._database.read(lambda c: mailboxes.costs_of(c, locator))

    async def find(self, mailbox: bytes) -> StoredMailbox | None:
        def look(c: Connection) -> StoredMailbox | None:
            found = mailboxes.find(c, mailbox)
            if found is None:
                return None
            messages = tuple((m.id, m.seq, m.roster, m.envelope) for m in mailboxes.messages(c, mailbox))
            status, until = seen_by_child(found.status), self._until(found)
            notes, noticed = voices.count_of(c, found.case), notices.wanted(c, mailbox)
            return StoredMailbox(
                found.case,
                found.auth,
                status,
                messages,
                found.emptied,
                until,
                found.wish,
                notes,
                noticed,
                found.locator,
                found.head,
                found.case_mark,
            )

        return await self._database.read(look)

    async def keep(self, writes: Sequence[Write], now: int) -> None:
        await self._database.write(lambda c: mailboxes.keep(c, writes, now))

    def _until(self, found: mailboxes.Mailbox) -> int | None:
        """When the purge takes it; under legal hold nobody knows."""
        if found.closed_day is None or found.held:
            return None
        return (found.closed_day + self._keep_days() + 1) * _DAY_S


class UploadStore:
    """Port `submitting.Uploads`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, part: Part, now: int) -> None:
        p, hour = part, now // _HOUR_S
        await self._database.write(
            lambda c: uploads.put(c, p.submission, p.revision, p.number, digest=p.digest, content=p.content, hour=hour)
        )

    async def close(self, closing: Closing, become: Callable[[bytes], Sequence[Write]], now: int) -> None:
        done, revision, digest, parts = closing.submission, closing.revision, closing.digest, closing.parts
        await self._database.write(
            lambda c: uploads.close(c, done, revision=revision, digest=digest, parts=parts, now=now, become=become)
        )

    async def add(self, message: Message, head: CaseHead, become: Callable[[bytes], Sequence[Write]], now: int) -> None:
        """Port `page_writing.Uploads`."""
        done, revision, digest, parts = message.submission, message.revision, message.digest, message.parts
        await self._database.write(
            lambda c: uploads.close(
                c, done, revision=revision, digest=digest, parts=parts, now=now, become=become, head=head
            )
        )


class BookShelf:
    """Port `books.Shelf`."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        self._database = database
        self._now = now

    async def write(self, page: Page) -> None:
        now = self._now()
        shown = [_shown(seen, now // _HOUR_S) for seen in page.seen]

        def note(c: Connection) -> None:
            outbox.done(c, [(post, _OURS) for post in page.done])
            outbox.retry(c, {(post, _OURS): wait_s for post, wait_s in page.waits.items()}, now)
            sent.remember(c, shown)

        await self._database.write(note)

    async def messages_of(self, conversations: Sequence[bytes], *, fading: bool) -> tuple[int, ...]:
        shown = await self._database.read(lambda c: sent.of(c, conversations, fading=fading))
        return tuple(one.message for one in shown)

    async def forget(self, conversations: Sequence[bytes], messages: Sequence[int]) -> None:
        await self._database.write(lambda c: sent.forget(c, conversations, messages))


def _shown(seen: Seen, hour: int) -> sent.Shown:
    at, ticket = (seen.fading.at, seen.fading.ticket) if seen.fading else (None, None)
    return sent.Shown(seen.conversation, seen.message, hour, ticket, at)


class VanishingShelf:
    """Port `vanishing.Shelf`."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        self._database = database
        self._now = now

    async def claim(self, limit: int, lease_s: int) -> Sequence[Gone]:
        shown = await self._database.write(lambda c: sent.claim(c, limit, self._now(), lease_s))
        return [Gone(one.conversation, one.message, one.ticket) for one in shown if one.ticket is not None]

    async def forget(self, conversations: Sequence[bytes], messages: Sequence[int]) -> None:
        await self._database.write(lambda c: sent.forget(c, conversations, messages))


class ClipShelf:
    """Port `uploads.FileIds`: recordings and pictures.  `bot`: as in update keys."""

    def __init__(self, database: Database, bot: str) -> None:
        self._database = database
        self._bot = bot

    async def find(self, clip: bytes) -> str | None:
        return await self._database.read(lambda c: clips.find(c, self._bot, clip))

    async def keep(self, clip: bytes, file_id: str) -> None:
        await self._database.write(lambda c: clips.keep(c, self._bot, clip, file_id))

    async def drop(self, clip: bytes) -> None:
        await self._database.write(lambda c: clips.drop(c, self._bot, clip))


class VoiceShelf:
    """Port `hearing.Jobs`."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        self._database = database
        self._now = now

    async def claim(self, limit: int, now: int, lease_s: int) -> Sequence[hearing.Claim]:
        rows = await self._database.write(lambda c: voices.claim(c, limit, now, lease_s))
        return [hearing.Claim(r.id, r.fence, r.job, r.attempts) for r in rows]

    async def put_back(self, claim: hearing.Claim, wait_s: int) -> bool:
        now = self._now()
        return await self._database.write(lambda c: voices.put_back(c, claim.id, claim.fence, wait_s, now))

    async def drop(self, claim: hearing.Claim) -> bool:
        return await self._database.write(lambda c: voices.drop(c, claim.id, claim.fence))

    async def target_of(self, case: bytes) -> Target | None:
        def look(c: Connection) -> Target | None:
            head = voices.head_of(c, case)
            return Target(head) if head is not None or voices.is_draft(c, case) else None

        return await self._database.read(look)


class NoticeShelf:
    """Port `notice_book.Shelf`."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        self._database = database
        self._now = now

    async def ends(self) -> Sequence[tuple[bytes, bytes]]:
        return await self._database.read(notices.ends)

    async def everybody(self, after: bytes, limit: int) -> Sequence[notices.Notice]:
        return await self._database.read(lambda c: notices.everybody(c, after, limit))

    async def reseal(self, mailbox: bytes, old: bytes, new: bytes) -> None:
        await self._database.write(lambda c: notices.reseal(c, mailbox, old, new))

    async def finish(self, done: Sequence[bytes], dropped: Sequence[tuple[bytes, bytes]]) -> None:
        await self._database.write(lambda c: notices.finish(c, done, dropped))

    async def schedule(self, due: Callable[[], int]) -> None:
        now = self._now()
        if await self._database.read(lambda c: notices.anything_to_do(c, now)):
            await self._database.write(lambda c: notices.schedule(c, now, due))

    async def claim(self, limit: int) -> Sequence[notices.Notice]:
        now = self._now()
        if not await self._database.read(lambda c: notices.is_due(c, now)):
            return ()
        return await self._database.write(lambda c: notices.claim(c, limit, now))


class OutboxNet:
    """Port `sweeper.Net`."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        self._database = database
        self._now = now

    async def claim(self, limit: int, now: int, lease_s: int) -> Sequence[Claim]:
        rows = await self._database.write(lambda c: outbox.claim(c, limit, now, lease_s))
        return [Claim(r.id, r.fence, r.ticket, r.message, r.since) for r in rows]

    async def settle(self, claim: Claim, wait_s: int | None, *, uncounted: bool = False) -> None:
        mine = (claim.id, claim.fence)

        def settled(c: Connection) -> int:
            if wait_s is None:
                return outbox.done(c, [mine])
            return outbox.retry(c, {mine: wait_s}, self._now(), uncounted=uncounted)

        await self._database.write(settled)

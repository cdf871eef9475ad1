"""Long polling, ours: the offset moves past an update only after its commit (R25).

Not the library's Updater: that one confirms what is still in memory.
Telegram shows at most 100 unconfirmed updates, so one that fails for long narrows the view; a webhook has no
such limit.  https://core.telegram.org/bots/api#getupdates
"""

import asyncio
import json
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from bot.channels.telegram.answers import PollingConflict, TokenRejected, result_of
from bot.channels.telegram.inbound import Answer, Deliver, Keep, Update
from bot.channels.telegram.lanes import Lanes, succeeds
from bot.channels.telegram.request import Unreached
from bot.core.errors import ChannelError, RetryAfter, Unclear

OFFSET_LIFE_S = 6 * 24 * 3600
"""After a week without updates Telegram may start again at any number, which an older offset could skip (R6)."""
BATCH = 100
LOOK_AGAIN_S = 0.05
LOOK_AGAIN_AFTER_FAILURE_S = 0.25
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 60.0
_LIMIT = 10**18
_ID = re.compile(rb'"update_id"\s*:\s*(\d{1,18})\b')


class Source(Protocol):
    async def get_updates(self, offset: int | None, *, wait_s: int, limit: int) -> tuple[int, bytes]: ...

    async def respond(self, answer: Answer) -> None: ...


@dataclass(frozen=True, slots=True)
class Offset:
    """The first update not yet confirmed, and when that number last moved (epoch seconds)."""

    next_id: int
    moved_at: int

    def is_fresh(self, now: int) -> bool:
        return 0 <= now - self.moved_at < OFFSET_LIFE_S


class Poller:
    """`await Poller(...).run()`: ends by cancelling, `PollingConflict` or `TokenRejected`; retries all else.

    `offset`: a remembered one, or none: Telegram then gives whatever it still keeps.
    """

    def __init__(
        self,
        source: Source,
        deliver: Deliver,
        keep: Keep,
        clock: Callable[[], int],
        *,
        offset: Offset | None = None,
        wait_s: int = 25,
        rest: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._source = source
        self._keep = keep
        self._clock = clock
        self._wait_s = wait_s
        self._rest = rest
        self._lanes = Lanes(deliver, source.respond)
        self._limit = BATCH
        self._singles = 0
        self._troubles = 0
        self.offset = offset

    async def run(self) -> None:
        try:
            while True:
                try:
                    await self.look()
                    self._troubles = 0
                except (PollingConflict, TokenRejected):
                    raise
                except ChannelError as trouble:
                    await self._pause(trouble)
        finally:
            await self._lanes.settle(10)  # what is being committed ends; nothing more is confirmed (R15)

    async def look(self) -> None:
        """Ask once, take in what came, and move the offset past what is committed."""
        self._drop_old_offset()
        next_id = self.offset.next_id if self.offset else None
        wait_s = 0 if self._lanes.open_ids else self._wait_s
        status, body = await self._source.get_updates(next_id, wait_s=wait_s, limit=self._limit)
        updates = _read(body) if status == 200 else result_of(status, body)
        if updates is None:
            await self._look_closer(body)
        else:
            self._take(updates)
        await self._lanes.settle(LOOK_AGAIN_S)
        self._move_offset()
        if self._lanes.open_ids and not self._lanes.is_busy():
            await asyncio.sleep(LOOK_AGAIN_AFTER_FAILURE_S)

    def _drop_old_offset(self) -> None:
        if self.offset and not self.offset.is_fresh(self._clock()) and not self._lanes.is_busy():
            self.offset = None
            self._lanes.forget_all()

    def _take(self, updates: list[tuple[int, Update]]) -> None:
        first = min((update_id for update_id, _ in updates), default=None)
        self._lanes.forget_open(below=first)  # expired at Telegram while they failed here
        for update_id, update in updates:
            self._lanes.put(update_id, update)
        self._singles -= len(updates)
        if self._limit == 1 and self._singles <= 0:
            self._limit = BATCH

    async def _look_closer(self, body: bytes) -> None:
        """Something in the answer cannot be read: ask one by one, keep the bad one sealed, go on (R5)."""
        if self._limit > 1:
            self._limit, self._singles = 1, BATCH
            return
        found = _ID.search(body)
        if found is None:
            raise Unclear("unreadable update without a number")
        alone = body[body.find(b"[") + 1 : body.rfind(b"]")]  # as the webhook would have brought it
        if not await succeeds(self._keep(alone)):
            raise Unclear("unreadable update, not kept yet")
        self._lanes.mark_done(int(found[1]))
        self._limit = BATCH

    def _move_offset(self) -> None:
        next_id = self._lanes.next_id()
        if next_id is not None and (self.offset is None or next_id != self.offset.next_id):
            self.offset = Offset(next_id, self._clock())
            self._lanes.forget_done(below=next_id)

    async def _pause(self, trouble: ChannelError) -> None:
        """As long as asked; else twice as long each time, up to a minute, less a random part."""
        if isinstance(trouble, RetryAfter) and not isinstance(trouble, Unreached):
            await self._rest(trouble.seconds)
            return
        longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(self._troubles, 10))
        self._troubles += 1
        await self._rest(longest * (0.5 + secrets.randbelow(501) / 1000))


def _read(body: bytes) -> list[tuple[int, Update]] | None:
    """Updates with their ids; None when anything of the answer cannot be read."""
    try:
        answer = json.loads(body.decode())
    except (ValueError, RecursionError):
        return None
    updates = answer.get("result") if isinstance(answer, dict) else None
    if not isinstance(updates, list):
        return None
    numbered = [(_number(update), update) for update in updates]
    return None if any(number is None for number, _ in numbered) else [(n, u) for n, u in numbered if n is not None]


def _number(update: object) -> int | None:
    number = update.get("update_id") if isinstance(update, dict) else None
    sane = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < _LIMIT
    return number if sane else None  # an offset beyond every number would skip what waits

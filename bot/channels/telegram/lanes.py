"""Polled updates at work: one chat's in order, different chats side by side (R4), and which ids are done."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.channels.telegram.inbound import Answer, Deliver, Update, chat_of
from bot.core.errors import ChannelError

REST_S = 0.1
LONGEST_REST_S = 2.0

Respond = Callable[[Answer], Awaitable[None]]

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Lane:
    waiting: deque[tuple[int, Update]] = field(default_factory=deque)
    work: asyncio.Task[None] | None = None
    failures: int = 0
    rests_until: float = 0.0


class Lanes:
    """`open_ids`: taken, not yet committed; `done_ids`: committed, above the offset."""

    def __init__(self, deliver: Deliver, respond: Respond) -> None:
        self._deliver = deliver
        self._respond = respond
        self._lanes: dict[object, _Lane] = {}
        self.open_ids: set[int] = set()
        self.done_ids: set[int] = set()
        self._at_work: set[int] = set()
        self._responding: set[asyncio.Task[None]] = set()

    def put(self, update_id: int, update: Update) -> None:
        """Take an update in, unless it is at work or done, or its chat rests after a failure."""
        if update_id in self.done_ids or update_id in self._at_work:
            return
        self.open_ids.add(update_id)
        chat = chat_of(update)
        lane = self._lanes.setdefault(chat, _Lane())
        if lane.rests_until > asyncio.get_running_loop().time():
            return
        self._at_work.add(update_id)
        lane.waiting.append((update_id, update))
        if lane.work is None:
            lane.work = asyncio.create_task(self._drive(chat, lane))

    def mark_done(self, update_id: int) -> None:
        self.open_ids.discard(update_id)
        self.done_ids.add(update_id)

    def next_id(self) -> int | None:
        """The lowest id that must not be confirmed yet; None when nothing came so far."""
        if self.open_ids:
            return min(self.open_ids)
        return max(self.done_ids) + 1 if self.done_ids else None

    def is_busy(self) -> bool:
        return bool(self._at_work)

    def forget_done(self, *, below: int) -> None:
        """Confirmed: these will not come again."""
        self.done_ids = {one for one in self.done_ids if one >= below}

    def forget_open(self, *, below: int | None) -> None:
        """No longer kept at Telegram (None: it keeps nothing), unless still at work here."""
        self.open_ids = {one for one in self.open_ids if one in self._at_work or (below is not None and one >= below)}

    def forget_all(self) -> None:
        self.done_ids, self.open_ids = set(), set(self._at_work)

    async def settle(self, timeout_s: float) -> None:
        """Wait until everything taken has ended, or the time is over; cancels nothing."""
        working = [lane.work for lane in self._lanes.values() if lane.work is not None]
        if working:
            await asyncio.wait(working, timeout=timeout_s)

    async def _drive(self, chat: object, lane: _Lane) -> None:
        while lane.waiting:
            update_id, update = lane.waiting[0]
            if not await succeeds(self._take(update)):
                self._rest(lane)
                return
            lane.waiting.popleft()
            lane.failures = 0
            self._at_work.discard(update_id)
            self.mark_done(update_id)
        del self._lanes[chat]

    async def _take(self, update: Update) -> None:
        answer = await self._deliver(update)
        if answer is not None:
            responding = asyncio.create_task(self._try_to_respond(answer))
            self._responding.add(responding)
            responding.add_done_callback(self._responding.discard)

    async def _try_to_respond(self, answer: Answer) -> None:
        """As on a webhook's acknowledgement: nobody learns how it went."""
        with contextlib.suppress(ChannelError):
            await self._respond(answer)

    def _rest(self, lane: _Lane) -> None:
        """Give the chat's updates back, all at once so that their order stays; they will come again."""
        self._at_work.difference_update(update_id for update_id, _ in lane.waiting)
        lane.waiting.clear()
        lane.work = None
        lane.failures += 1
        pause_s = min(LONGEST_REST_S, REST_S * 2.0 ** min(lane.failures, 10))
        lane.rests_until = asyncio.get_running_loop().time() + pause_s


async def succeeds(work: Awaitable[None]) -> bool:
    try:
        await work
    except Exception as failure:  # whatever went wrong, nothing was committed and the update comes again
        log.error("update_not_taken", extra={"fault": type(failure).__name__})
        return False
    return True

"""Sending: concurrently across chats, in order within one, with the guarantees of each message class (reliability §5, R7).

A message was written to the outbox in the same transaction as the turn; it is sent from memory at once, and the outbox is
the net under it.  What holds something private is never queued and is sent only here.
"""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from bot.channels.speech import OFFER_BUTTON, Spoken, Wording, speak
from bot.channels.telegram.api import Api
from bot.channels.telegram.keyboards import App, Keyboard, Press, inline
from bot.channels.telegram.measures import LONGEST, units
from bot.channels.telegram.picturing import Picturing
from bot.core.effects import Class, Say, Text
from bot.core.errors import ChannelError, Gone, Refused, RetryAfter
from bot.core.failpoints import reach
from bot.services.books import Fading

BURST = 5
EVERY_S = 1.0
UNCLEAR_S = 10.0
"""When no answer came the message may have arrived; it is sent again after this."""
_WAITS_HERE_S = 9.0
"""A longer wait goes back to the outbox: the lease of a message ends after thirty seconds."""
_CHATS_AT_MOST = 100_000

log = structlog.get_logger()


class Books(Protocol):
    """What is noted after sending, in batches."""

    def sent(self, post: bytes | None, conversation: bytes, message: int, fading: Fading | None = None) -> None:
        """Delivered: the outbox row goes, the message's id is kept for 48 hours, or until it is to vanish."""

    def dropped(self, post: bytes | None) -> None:
        """Never to be sent again."""

    def later(self, post: bytes | None, seconds: float) -> None:
        """The outbox sends it again."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message on its way."""

    chat: int
    conversation: bytes
    say: Say
    lang: str
    post: bytes | None


class Sender:
    """`pictures`: sends those of pages for the youngest; none: words alone.  `private_page`: its https address, "" for none.

    `fading`: (chat, seconds) → when a message that stays so long is to be deleted.

    `burst`, `every_s`: how many messages one chat gets at once, and one each so many seconds after that.
    """

    def __init__(
        self,
        api: Api,
        wording: Callable[[], Wording],
        books: Books,
        fading: Callable[[int, int], Fading],
        *,
        pictures: Picturing | None = None,
        private_page: str = "",
        burst: int = BURST,
        every_s: float = EVERY_S,
    ) -> None:
        self._api = api
        self._wording = wording
        self._books = books
        self._fading = fading
        self._pictures = pictures
        self._private_page = private_page
        self._pace = _Pace(burst, every_s)
        self._lanes: dict[int, deque[Callable[[], Awaitable[None]]]] = {}
        self._prompts: dict[int, Parcel] = {}
        self._working: set[asyncio.Task[None]] = set()
        self._failed_last = False
        self.silent = False
        """Two calls in a row brought nothing, whichever chats they were for: it is the channel, not a message (R7)."""

    def send(self, parcels: Sequence[Parcel]) -> None:
        """Queue messages of one chat, in order; returns at once."""
        for parcel in parcels:
            if parcel.say.kind is Class.PROMPT:
                self._prompts[parcel.chat] = parcel
            self.after(parcel.chat, lambda parcel=parcel: self.deliver(parcel))  # type: ignore[misc]

    def after(self, chat: int, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` when everything queued for `chat` before it is done."""
        lane = self._lanes.get(chat)
        if lane is not None:
            lane.append(work)
            return
        self._lanes[chat] = deque((work,))
        task = asyncio.create_task(self._drive(chat))
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def pace(self, chat: int) -> None:
        """Wait for the chat's next turn to be sent something that is no message of ours here."""
        await self._pace.turn(chat)

    async def finish(self, grace_s: float) -> None:
        if self._working:
            await asyncio.wait(set(self._working), timeout=grace_s)

    async def deliver(self, parcel: Parcel) -> None:
        """Send one message and note the outcome; a short wait is waited here, a longer one in the outbox."""
        wait_s = await self._try(parcel)
        if wait_s is not None and wait_s <= _WAITS_HERE_S:
            await asyncio.sleep(wait_s)
            wait_s = await self._try(parcel)
        if wait_s is not None:
            self._books.later(parcel.post, wait_s)

    async def send_late(self, parcel: Parcel) -> int | None:
        """Send a message of the outbox; return none when it is done, or the seconds to wait."""
        wait_s = await self._try(parcel)
        return None if wait_s is None else int(wait_s) + 1

    async def _try(self, parcel: Parcel) -> float | None:
        """Send once; return none when nothing is left to do, or the seconds to wait; never raises for the channel."""
        if not self._stale(parcel):
            await self._pace.turn(parcel.chat)
            if self._stale(parcel):
                self._pace.spare(parcel.chat)
        if self._stale(parcel):
            self._books.dropped(parcel.post)
            return None
        try:
            await self._send(parcel)
        except RetryAfter as asked:
            self._note_failure()
            return asked.seconds
        except (Gone, Refused) as refusal:
            log.info("message_dropped", kind=parcel.say.kind.value, fault=type(refusal).__name__)
            self._books.dropped(parcel.post)
        except ChannelError as unclear:
            log.info("message_unclear", kind=parcel.say.kind.value, fault=type(unclear).__name__)
            self._note_failure()
            return UNCLEAR_S
        self._failed_last = self.silent = False
        return None

    def _note_failure(self) -> None:
        self.silent, self._failed_last = self._failed_last, True

    def _stale(self, parcel: Parcel) -> bool:
        """A prompt with a newer one behind it: only the newest is sent (reliability §5)."""
        newest = self._prompts.get(parcel.chat)
        return parcel.say.kind is Class.PROMPT and newest is not None and newest is not parcel

    async def _send(self, parcel: Parcel) -> None:
        spoken = speak(self._wording(), parcel.say, parcel.lang)
        text, first = spoken.text, self._offered(parcel)
        if first is not None:
            text = f"{text}\n\n{self._wording().say(parcel.lang, Text(parcel.say.private))}"
        keyboard = keyboard_of(spoken, parcel.say.turn, first)
        message = await self._with_picture(parcel, text, keyboard)
        if message is None:
            message = await self._in_words(parcel, text, keyboard)
        self._books.sent(parcel.post, parcel.conversation, message, self._fades(parcel))
        reach("F13")

    def _fades(self, parcel: Parcel) -> Fading | None:
        return self._fading(parcel.chat, parcel.say.vanish) if parcel.say.vanish else None

    def _offered(self, parcel: Parcel) -> App | None:
        """The way to the private page, where it is offered and can be reached."""
        if not parcel.say.private or not self._private_page:
            return None
        return App(self._wording().label(parcel.lang, OFFER_BUTTON), f"{self._private_page}?lang={parcel.lang}")

    async def _with_picture(self, parcel: Parcel, text: str, keyboard: Keyboard | None) -> int | None:
        if self._pictures is None or not parcel.say.picture:
            return None
        reach("F11")
        message = await self._pictures.send(parcel.chat, parcel.say.picture, text, keyboard)
        if message is not None:
            reach("F12")
        return message

    async def _in_words(self, parcel: Parcel, text: str, keyboard: Keyboard | None) -> int:
        """The buttons stand below the last part of a long text."""
        *before, last = split(text)
        private = parcel.say.kind is Class.CODE
        for part in before:
            message = await self._api.send(parcel.chat, part, quiet=True, protected=private)
            self._books.sent(None, parcel.conversation, message, self._fades(parcel))
        reach("F11")
        message = await self._api.send(parcel.chat, last, keyboard, quiet=True, protected=private)
        reach("F12")
        return message

    async def _drive(self, chat: int) -> None:
        lane = self._lanes[chat]
        while lane:
            try:
                await lane[0]()
            except Exception as fault:  # one chat's trouble must not stop its lane for ever
                log.error("sending_failed", fault=type(fault).__name__)
            lane.popleft()
        del self._lanes[chat]
        self._prompts.pop(chat, None)


class _Pace:
    """A token bucket for each chat; chats not heard of for long are forgotten."""

    def __init__(self, burst: int, every_s: float) -> None:
        self._burst = burst
        self._every_s = every_s
        self._full_at: OrderedDict[int, float] = OrderedDict()

    async def turn(self, chat: int) -> None:
        if self._every_s <= 0:
            return
        now = time.monotonic()
        full_at = max(self._full_at.get(chat, now), now) + self._every_s
        self._full_at[chat] = full_at
        self._full_at.move_to_end(chat)
        if len(self._full_at) > _CHATS_AT_MOST:
            self._full_at.popitem(last=False)
        wait_s = full_at - now - self._burst * self._every_s
        if wait_s > 0:
            await asyncio.sleep(wait_s)

    def spare(self, chat: int) -> None:
        """A turn that was waited for and is not used: the next message has it."""
        if chat in self._full_at:
            self._full_at[chat] -= self._every_s


def keyboard_of(spoken: Spoken, turn: int, first: App | None = None) -> Keyboard | None:
    """Buttons carry the turn they belong to, so that old ones are recognised; `first` stands above them."""
    if not spoken.rows:
        return None
    return inline(
        [
            *([] if first is None else [[first]]),
            *(
                [Press(label, f"{turn}:{key}", "danger" if danger else "") for key, label, danger in row]
                for row in spoken.rows
            ),
        ]
    )


def split(text: str, longest: int = LONGEST) -> list[str]:
    """Cut a long text at the end of a paragraph, else of a sentence or word; UTF-16 units count, as Telegram counts."""
    parts = []
    while units(text) > longest:
        head = text[:longest]
        while units(head) > longest:
            head = head[: -max(1, units(head) - longest)]
        cut = max(head.rfind("\n\n"), 0) or max(
            (head.rfind(end) + 1 for end in ("۔", ". ", "। ", "\n", " ")), default=0
        )
        cut = cut if cut > longest // 4 else len(head)
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*parts, text]

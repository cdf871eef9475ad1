"""An update of Telegram from arrival to answer: translate, one durable turn, then sending; acknowledged after commit only."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Any, Protocol

import structlog

from bot.channels.speech import Wording
from bot.channels.telegram.address import address_of_chat
from bot.channels.telegram.api import Api
from bot.channels.telegram.inbound import Answer as Riding
from bot.channels.telegram.listening import Listening
from bot.channels.telegram.sender import Parcel, Sender
from bot.channels.telegram.translate import Blocked, Group, Heard, translate
from bot.core.effects import Say, Text
from bot.core.errors import ChannelError, Gone, NotText, Refused, SealingError, StorageError, TooLong
from bot.core.events import Event, Left, Sent
from bot.core.failpoints import reach
from bot.services.books import Fading
from bot.services.outgoing import Contact
from bot.services.receive import Answer

TRIES = 3
"""An update on which our own code fails this often is sealed whole to the duty team instead (R5)."""

SWEEPS_AGAIN_S = (1.0, 5.0, 30.0, 120.0, *[600.0] * 281)
"""Until Telegram lets nobody delete any more: 47 hours (reliability §5).  What was noted before the turn is also due by
itself, in whatever process (`vanishing`); this takes the last few with it.
"""

COMMANDS = ("start", "help", "mail", "language", "leave")
_REMEMBERED = 10_000

log = structlog.get_logger()


class Conversation(Protocol):
    async def answer(self, contact: Contact, event: Event, *, source: str, number: int | None) -> Answer | None: ...

    def follow(self, contact: Contact, answer: Answer, now: int) -> AsyncIterator[Answer]: ...


class Notes(Protocol):
    """Ids of messages, kept for 48 hours so that they can be swept away."""

    def heard(self, conversation: bytes, message: int, fading: Fading | None = None) -> None: ...

    async def messages_of(self, conversations: tuple[bytes, ...], *, fading: bool = False) -> tuple[int, ...]: ...

    async def forget(self, conversations: tuple[bytes, ...], messages: Sequence[int]) -> None: ...


class Unparsed(Protocol):
    """Seals whole, to the duty team, what our code cannot take in."""

    async def keep(self, raw: bytes, *, source: str, number: int | None, now: int) -> None: ...


class TelegramTalk:
    """`fading`: (chat, seconds) → when a message that stays so long is to be deleted; `source`: names this bot in update
    keys; `now`: epoch seconds.
    """

    def __init__(
        self,
        conversation: Conversation,
        sender: Sender,
        api: Api,
        notes: Notes,
        unparsed: Unparsed,
        wording: Callable[[], Wording],
        sorry: Callable[[], Say],
        listening: Listening,
        fading: Callable[[int, int], Fading],
        *,
        source: str,
        now: Callable[[], int],
    ) -> None:
        self._conversation = conversation
        self._sender = sender
        self._api = api
        self._notes = notes
        self._unparsed = unparsed
        self._wording = wording
        self._sorry = sorry
        self._listening = listening
        self._fading = fading
        self._source = source
        self._now = now
        self._failures: OrderedDict[int, int] = OrderedDict()
        self._albums: OrderedDict[str, None] = OrderedDict()
        self._langs: OrderedDict[int, str] = OrderedDict()
        self._asides: set[asyncio.Task[None]] = set()

    async def deliver(self, update: Mapping[str, Any]) -> Riding | None:
        """Return after commit, with what ends the waiting of a pressed button; raise when nothing happened."""
        number = update.get("update_id")
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 2**63:
            await self._keep_odd(update, None)
            return None
        try:
            reach("F2")
            return await self._take(update, number)
        except StorageError:
            raise
        except (TooLong, NotText) as fault:  # it will never fit, however often it comes
            await self._failed(update, number, fault)
            return None
        except SealingError:
            self._apologise(update, number)
            raise
        except Exception as fault:
            await self._failed(update, number, fault)
            return None

    async def keep_unread(self, body: bytes) -> None:
        """A body that is no update at all; one that comes again is known by its hash."""
        number = int.from_bytes(sha256(body).digest()[:8]) >> 1
        await self._unparsed.keep(body, source=f"{self._source}:raw", number=number, now=self._now())

    async def _take(self, update: Mapping[str, Any], number: int) -> Riding | None:
        match translate(update, self._now()):
            case Heard() as heard:
                if heard.odd:
                    await self._keep(_content(update), number, ":odd")
                await self._answer(heard, number)
                return None if heard.press is None else self._api.press_answer(heard.press)
            case Group(chat):
                self._aside(self._decline(chat))
            case Blocked(chat):
                await self._end(chat, number)
            case None:
                await self._keep_odd(update, number)
        return None

    async def _answer(self, heard: Heard, number: int) -> None:
        event = heard.event
        if event is None or (heard.album in self._albums and _says_nothing(event)):
            return
        contact = _contact(heard.chat)
        answer = await self._conversation.answer(contact, event, source=self._source, number=number)
        if heard.album is not None:
            _remember(self._albums, heard.album, None)
        if answer is None:
            return
        if heard.message is not None:
            fading = self._fading(heard.chat, answer.vanish) if answer.vanish else None
            self._notes.heard(answer.keys[0], heard.message, fading)
        self._send(heard.chat, answer)
        if answer.errand is not None:  # the turn is committed; its errand goes on beside the chat's next updates
            self._aside(self._go_on(contact, heard.chat, answer, event.at))

    async def _go_on(self, contact: Contact, chat: int, answer: Answer, now: int) -> None:
        async for later in self._conversation.follow(contact, answer, now):
            self._send(chat, later)

    def tell(self, chat: int, answer: Answer) -> None:
        """Send what a turn says that no update began: a voice note was kept, or could not be."""
        self._send(chat, answer)

    def _send(self, chat: int, answer: Answer) -> None:
        if answer.sweep or answer.tidy or answer.fade:
            only_fading = not (answer.sweep or answer.tidy)
            self._sender.after(chat, lambda: self._sweep(chat, answer.keys, only_fading))
        self._sender.send([Parcel(chat, answer.keys[0], m.say, m.lang, m.post) for m in answer.messages])
        if answer.speak is not None:
            self._listening.speak(chat, answer.keys[0], answer.speak, answer.lang)
        lang = answer.messages[-1].lang if answer.messages else ""
        if lang and self._langs.get(chat) != lang:
            _remember(self._langs, chat, lang)
            self._aside(self._set_commands(chat, lang))

    async def _sweep(self, chat: int, keys: tuple[bytes, ...], only_fading: bool) -> None:
        """Delete what the chat shows; the turn left a note, so what cannot be deleted now is tried again (reliability §5)."""
        messages = await self._notes.messages_of(keys, fading=only_fading)
        if not await self._swept(chat, keys, messages):
            self._aside(self._sweep_again(chat, keys, messages))

    async def _sweep_again(self, chat: int, keys: tuple[bytes, ...], messages: Sequence[int]) -> None:
        for wait_s in SWEEPS_AGAIN_S:
            await asyncio.sleep(wait_s)
            if await self._swept(chat, keys, messages):
                return

    async def _swept(self, chat: int, keys: tuple[bytes, ...], messages: Sequence[int]) -> bool:
        try:
            done = await self.delete(chat, messages)
        except ChannelError as fault:
            log.info("not_swept", fault=type(fault).__name__)
            return False
        await self._notes.forget(keys, messages)
        return done

    async def delete(self, chat: int, messages: Sequence[int]) -> bool:
        """Whether it is done: deleted, too old to delete, or the chat is gone.  Raises `ChannelError` to try again later."""
        with suppress(Gone, Refused):
            await self._api.delete(chat, messages)
        return True

    async def _decline(self, chat: int) -> None:
        """A group is no place to tell: say so once and go."""
        wording = self._wording()
        await self._api.send(chat, wording.say("", Text("say.group")), quiet=True)
        await self._api.leave(chat)

    async def _end(self, chat: int, number: int) -> None:
        """Blocked: nothing is sent any more, the talk is left, the ids are forgotten; a case is untouched."""
        contact = Contact(CHANNEL, address_of_chat(chat))
        answer = await self._conversation.answer(contact, Left(self._now()), source=self._source, number=number)
        if answer is not None:
            await self._notes.forget(answer.keys, await self._notes.messages_of(answer.keys))

    async def _set_commands(self, chat: int, lang: str) -> None:
        wording = self._wording()
        await self._api.set_commands({name: wording.say(lang, Text(f"command.{name}")) for name in COMMANDS}, chat)

    def _apologise(self, update: Mapping[str, Any], number: int) -> None:
        """Nothing could be sealed, so nothing is acknowledged (S6); but the child hears it, once, with the numbers."""
        heard = translate(update, self._now())
        if isinstance(heard, Heard) and number not in self._failures:
            _remember(self._failures, number, 0)
            say, lang = self._sorry(), self._langs.get(heard.chat, "")
            self._sender.send([Parcel(heard.chat, b"", say, lang, None)])

    async def _keep_odd(self, update: Mapping[str, Any], number: int | None) -> None:
        """A message without a chat or a number: nobody to answer, but its content is not thrown away (R5)."""
        content = _content(update)
        if not content:
            return
        if number is None:
            await self.keep_unread(repr(content).encode("utf-8", "replace"))
        else:
            await self._keep(content, number)

    async def _keep(self, content: Any, number: int, aside: str = "") -> None:
        raw = repr(content).encode("utf-8", "replace")
        await self._unparsed.keep(raw, source=self._source + aside, number=number, now=self._now())

    async def _failed(self, update: Mapping[str, Any], number: int, fault: Exception) -> None:
        """We are wrong: let Telegram repeat it twice, then keep it sealed for a person."""
        tries = self._failures.get(number, 0) + 1
        _remember(self._failures, number, tries)
        log.error("update_failed", fault=type(fault).__name__, count=tries)
        if tries < TRIES:
            raise fault
        await self._keep(_content(update), number)
        self._failures.pop(number, None)

    def _aside(self, work: Any) -> None:
        task = asyncio.create_task(_calmly(work))
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def finish(self, grace_s: float) -> None:
        if self._asides:
            await asyncio.wait(set(self._asides), timeout=grace_s)
        await self._sender.finish(grace_s)


CHANNEL = "telegram"


def _contact(chat: int) -> Contact:
    who = address_of_chat(chat)
    return Contact(CHANNEL, who, who)


def _says_nothing(event: Event) -> bool:
    """One more picture of an album that was answered already."""
    return isinstance(event, Sent) and event.words is None and event.voice is None


def _content(update: Mapping[str, Any]) -> Any:
    """What was said, without who said it."""
    message = update.get("message") or update.get("edited_message") or {}
    if not isinstance(message, dict):
        return message
    return {k: v for k, v in message.items() if k not in ("from", "chat", "sender_chat", "forward_origin", "contact")}


async def _calmly(work: Any) -> None:
    try:
        await work
    except ChannelError as fault:
        log.info("aside_failed", fault=type(fault).__name__)
    except Exception as fault:
        log.error("aside_failed", fault=type(fault).__name__)


def _remember(book: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    book[key] = value
    book.move_to_end(key)
    if len(book) > _REMEMBERED:
        book.popitem(last=False)

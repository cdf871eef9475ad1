"""Telegram's end of the house: how updates come in, how answers go out, what is fetched."""

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

import structlog

from bot.channels.telegram import conversation as telegram_talk
from bot.channels.telegram.address import address_of_chat, chat_of_address
from bot.channels.telegram.alerts import SCHEME, TelegramAlerts
from bot.channels.telegram.api import Api
from bot.channels.telegram.hook_watch import HookWatch
from bot.channels.telegram.listening import Listening
from bot.channels.telegram.picturing import Picturing
from bot.channels.telegram.poller import Poller
from bot.channels.telegram.request import PooledRequest
from bot.channels.telegram.sender import Parcel, Sender
from bot.channels.telegram.webhook import WebhookDoor, webhook_path
from bot.core.effects import Class, Say, Text
from bot.core.helplines import number_lines
from bot.house import STOP_WITHIN_S, House
from bot.notifier_door import NotifierDoor
from bot.recontent import LiveMapping
from bot.sealing.keys_folder import KeysFolder
from bot.sealing.notice import Chat, NotifierKeys, PublishedKey
from bot.services.books import Fading
from bot.services.hearing import Hearing
from bot.services.notice_book import NoticeBook
from bot.services.notifier import NEWS, Notifier
from bot.services.outgoing import Contact
from bot.services.receive import Answer
from bot.services.report import Sealer
from bot.services.sweeper import Send, Sweeper
from bot.services.unparsed import Unparsed
from bot.services.vanishing import Vanishing
from bot.services.voice_turn import VoiceTurns
from bot.stores import ClipShelf, NoticeShelf, OutboxNet, VanishingShelf, VoiceShelf

log = structlog.get_logger()


def with_telegram(house: House) -> WebhookDoor | None:
    """Return where Telegram knocks, unless we poll."""
    settings = house.settings
    request = PooledRequest(settings.telegram_token.get_secret_value(), api_url=settings.telegram_api_url)
    api = Api(request)
    house.alert_channels[SCHEME] = TelegramAlerts(api)
    source = "tg:" + settings.telegram_token.get_secret_value().partition(":")[0]

    def fading(chat: int, lives_s: int) -> Fading:
        now, address = house.now(), address_of_chat(chat)
        return Fading(now + lives_s, house.keys.seal_for_today("ticket", address, now=now))

    file_ids = ClipShelf(house.database, source)
    pictures = Picturing(api, house.content.pictures, file_ids)
    sender = Sender(
        api,
        lambda: house.wording,
        house.books,
        fading,
        pictures=pictures,
        private_page=f"{settings.public_url}/report" if settings.public_url.startswith("https://") else "",
        every_s=house.chat_pace_s,
    )
    sealer = Sealer(house.keys, house.roster, LiveMapping(lambda: house.content.routing.climb_after_s))
    talk = telegram_talk.TelegramTalk(
        house.talk,
        sender,
        api,
        house.books,
        Unparsed(house.database, house.keys, sealer),
        lambda: house.wording,
        lambda: Say((Text("say.failed"), *number_lines(house.flow, "")), kind=Class.CODE),
        Listening(api, sender, house.books, house.voices, file_ids, lambda: house.wording),
        fading,
        source=source,
        now=house.now,
    )

    _work_behind(house, api, sender, sealer, talk)
    house.stops.append(lambda: talk.finish(STOP_WITHIN_S))
    house.stops.append(request.shutdown)
    if settings.telegram_mode == "webhook":
        door = WebhookDoor(settings.webhook_secrets, talk.deliver, talk.keep_unread)
        house.stops.insert(0, lambda: door.finish(STOP_WITHIN_S))
        secret = settings.webhook_secrets[0]
        watch = HookWatch(api, settings.public_url + webhook_path(secret), secret, house.now)
        house.works.append(partial(_watch_hook, request, watch))
        return door
    poller = Poller(api, talk.deliver, talk.keep_unread, house.now)
    house.works.append(partial(_poll, request, poller))
    return None


def _work_behind(house: House, api: Api, sender: Sender, sealer: Sealer, talk: telegram_talk.TelegramTalk) -> None:
    """What goes on without anybody pressing anything: late messages, voices, notices, deletions."""

    async def send_late(address: bytes, say: Say, lang: str) -> int | None:
        conversation = house.keys.conversation_keys(telegram_talk.CHANNEL, address, now=house.now())[0]
        return await sender.send_late(Parcel(chat_of_address(address), conversation, say, lang, None))

    def tell(contact: Contact, answer: Answer) -> None:
        talk.tell(chat_of_address(contact.who), answer)

    voices = VoiceTurns(house.database, house.keys, sealer)
    hearing = Hearing(VoiceShelf(house.database, house.now), voices, house.keys, api.fetch, tell, house.now)
    house.works.append(hearing.keep)
    sweeper = Sweeper(OutboxNet(house.database, house.now), house.keys, send_late, house.now, lambda: sender.silent)
    house.works.append(sweeper.keep)
    house.works.append(_notices(house, send_late))

    async def delete(address: bytes, messages: Sequence[int]) -> bool:
        return await talk.delete(chat_of_address(address), messages)

    house.works.append(Vanishing(VanishingShelf(house.database, house.now), house.keys, delete, house.now).keep)


def _notices(house: House, send_late: Send) -> Callable[[], Coroutine[Any, Any, None]]:
    """The notifier's work, or the door for one that is a process of its own."""
    settings = house.settings
    book = NoticeBook(NoticeShelf(house.database, house.now), settings.quiet, house.now)
    if settings.notifier_socket is None:
        return Notifier(book, NotifierKeys(KeysFolder(settings.keys)), _Within(send_late), house.now).keep

    def words() -> dict[str, str]:
        return {tag: house.wording.say(tag, NEWS.lines[0]) for tag in house.wording.registry.languages}

    key = PublishedKey(settings.keys)
    return NotifierDoor(book, key, words, house.refresh, house.now, settings.notifier_socket).keep


class _Within:
    """Port `notifier.Voice` in this process: what is said is noted and swept away like everything else."""

    def __init__(self, send_late: Send) -> None:
        self._send_late = send_late

    async def tell(self, chat: Chat) -> int:
        await self._send_late(chat.address, NEWS, chat.lang)
        return 0

    async def unsay(self, chat: Chat) -> None:
        """Never asked for: nothing said here is for the notifier to take back."""


async def _watch_hook(request: PooledRequest, watch: HookWatch) -> None:
    await request.initialize()
    await watch.keep()


async def _poll(request: PooledRequest, poller: Poller) -> None:
    await request.initialize()
    await poller.run()

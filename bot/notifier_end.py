"""The notifier as a process of its own: it has its keys, the line to the service, and the bot; nothing else (D10).

Without it notices wait, and come once when it is there again; the service goes on meanwhile.
"""

import asyncio
import json
import signal
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import structlog

from bot.channels.telegram.address import chat_of_address
from bot.channels.telegram.api import Api
from bot.channels.telegram.request import PooledRequest
from bot.core.errors import ChannelError, ConfigError, HelplineError
from bot.notifier_door import pairs, unpaired
from bot.sealing.keys_folder import KeysFolder
from bot.sealing.notice import Chat, NotifierKeys
from bot.services.notifier import Notifier
from bot.settings import Settings

BEGINS_EVERY_S = 60
ANSWER_S = 30.0

log = structlog.get_logger()


class AwayError(HelplineError):
    """The service does not answer; it is asked again."""


@dataclass(frozen=True, slots=True)
class Row:
    mailbox: bytes
    chat: bytes


class RemoteBook:
    """Port `notifier.Book`, over the socket.  Everything raises `AwayError` while the service is not there."""

    def __init__(self, socket: Path, keys: NotifierKeys, now: Callable[[], int]) -> None:
        self._socket = socket
        self._keys = keys
        self._now = now
        self._begun = 0
        self.words: dict[str, str] = {}

    async def ends(self) -> Sequence[tuple[bytes, bytes]]:
        if not self.words or self._now() - self._begun >= BEGINS_EVERY_S:
            await self._begin()
        return unpaired(await self._ask("ends"))

    async def everybody(self, after: bytes) -> Sequence[Row]:
        return [Row(*one) for one in unpaired(await self._ask("everybody", after=_text(after)))]

    async def finish(self, done: Sequence[bytes], dropped: Sequence[tuple[bytes, bytes]]) -> None:
        await self._ask("finish", done=[_text(id) for id in done], dropped=pairs(dropped))

    async def reseal(self, mailbox: bytes, old: bytes, new: bytes) -> None:
        await self._ask("reseal", mailbox=_text(mailbox), old=_text(old), new=_text(new))

    async def due(self) -> Sequence[Row]:
        return [Row(*one) for one in unpaired(await self._ask("due"))]

    async def _begin(self) -> None:
        period, public = self._keys.public(self._now())
        self.words = await self._ask("begin", period=period, public=_text(public))
        self._begun = self._now()

    async def _ask(self, what: str, **more: Any) -> Any:
        """A connection for each: there are few, and a service that was started anew is found at once."""
        limit = aiohttp.ClientTimeout(total=ANSWER_S)
        try:
            async with (
                aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(self._socket)), timeout=limit) as line,
                line.post("http://service/", data=json.dumps({"ask": what, **more})) as answer,
            ):
                answer.raise_for_status()
                return await answer.json()
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            raise AwayError from fault


class Spoken:
    """Port `notifier.Voice`: by the bot, quietly, in the words the service gave."""

    def __init__(self, api: Api, book: RemoteBook) -> None:
        self._api = api
        self._book = book

    async def tell(self, chat: Chat) -> int:
        words = self._book.words.get(chat.lang) or self._book.words["en"]
        try:
            return await self._api.send(chat_of_address(chat.address), words, quiet=True, protected=True)
        except ChannelError as fault:  # what is lost is not said twice
            log.info("message_unclear", fault=type(fault).__name__)
            return 0

    async def unsay(self, chat: Chat) -> None:
        with suppress(ChannelError):
            await self._api.delete(chat_of_address(chat.address), [chat.said])


def keys_of(settings: Settings) -> NotifierKeys:
    """Raises `ConfigError` for a folder that is not the notifier's alone (S59)."""
    if not settings.notifier_keys_dir:
        raise ConfigError(
            "HAMRAH_NOTIFIER_KEYS_DIR is missing: a folder for the notifier's keys, which nobody else may read"
        )
    folder = KeysFolder(settings.notifier_keys_dir)
    folder.prepare()
    if folder.find("deployment") is not None:
        raise ConfigError("HAMRAH_NOTIFIER_KEYS_DIR: this is the service's folder; the notifier needs one of its own")
    return NotifierKeys(folder)


async def notify(settings: Settings, now: Callable[[], int]) -> None:
    """Until it is told to stop.  Raises `ConfigError` for settings that do not fit."""
    token = settings.telegram_token.get_secret_value()
    if not token:
        raise ConfigError("HAMRAH_TELEGRAM_TOKEN is not set: there is no bot")
    if settings.notifier_socket is None:
        raise ConfigError("HAMRAH_NOTIFIER_SOCKET is missing: where the service listens for the notifier")
    keys = keys_of(settings)
    book = RemoteBook(settings.notifier_socket, keys, now)
    async with Api(PooledRequest(token, api_url=settings.telegram_api_url)) as api:
        work = asyncio.create_task(Notifier(book, keys, Spoken(api, book), now).keep())
        for sign in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sign, work.cancel)
        with suppress(asyncio.CancelledError):
            await work


def _text(content: bytes) -> str:
    return b64encode(content).decode()

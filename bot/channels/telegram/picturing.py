"""Pictures on Telegram: the prompt goes as a photo, with its words as caption and the same buttons.

A picture may fail, the words never: whatever goes wrong with it, they go alone, and words too long for a caption always do.
Nothing here is ever edited: a prompt is passed over before it is sent, not changed after, so no photo has to turn into a text.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256

import resvg_py
import structlog

from bot.channels.telegram.api import Api, SentFile
from bot.channels.telegram.keyboards import Keyboard
from bot.channels.telegram.measures import CAPTION, units
from bot.channels.telegram.uploads import FileIds, Uploads
from bot.core.errors import ChannelError, Gone, Refused, RetryAfter, StorageError

WIDTH = 800
"""Pixels: sharp on every phone, and some 25 KB."""

REST_S = 60.0
"""For so long a chat gets no pictures after one that had to wait or was unclear: what is tried again is the words."""

_CHATS_AT_MOST = 10_000

log = structlog.get_logger()


class Picturing:
    """`pictures`: id → SVG, inspected."""

    def __init__(self, api: Api, pictures: Mapping[str, bytes], file_ids: FileIds) -> None:
        self._api = api
        self._pictures = pictures
        self._uploads = Uploads(file_ids)
        self._resting: OrderedDict[int, float] = OrderedDict()

    async def send(self, chat: int, picture: str, words: str, keyboard: Keyboard | None) -> int | None:
        """Send `words` below a picture and return the id of the message, or none: then the words are still to be sent.

        Raises `Gone`, and `RetryAfter` when Telegram wants nothing at all for now.
        An answer that never came may hide a photo that did arrive: then the words come twice, which is better than not at all.
        """
        svg = self._pictures.get(picture)
        if svg is None or units(words) > CAPTION or self._rests(chat):
            return None

        async def post(photo: bytes | str) -> SentFile:
            return await self._api.send_photo(chat, photo, words, keyboard)

        try:
            sent = await self._uploads.send(_digest_of(svg), lambda: asyncio.to_thread(drawn, svg), post)
        except Gone:
            raise
        except RetryAfter as asked:
            self._rest(chat, asked.seconds + REST_S)
            raise
        except (ChannelError, StorageError, ValueError) as fault:  # `ValueError`: not to be drawn
            log.info("picture_not_sent", fault=type(fault).__name__)
            if not isinstance(fault, Refused):
                self._rest(chat, REST_S)
            return None
        return sent.message

    def _rests(self, chat: int) -> bool:
        return self._resting.get(chat, 0.0) > time.monotonic()

    def _rest(self, chat: int, seconds: float) -> None:
        self._resting[chat] = time.monotonic() + seconds
        self._resting.move_to_end(chat)
        if len(self._resting) > _CHATS_AT_MOST:
            self._resting.popitem(last=False)


@lru_cache(maxsize=64)
def drawn(svg: bytes) -> bytes:
    """The picture as PNG, drawn once a process.  Raises `ValueError` for what is no SVG."""
    return resvg_py.svg_to_bytes(svg_string=svg.decode(), width=WIDTH, skip_system_fonts=True)


def _digest_of(svg: bytes) -> bytes:
    """Of what is uploaded, without drawing it: the same shapes at another size are another file."""
    return sha256(b"%d:%s" % (WIDTH, svg)).digest()

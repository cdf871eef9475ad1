"""Recordings as voice messages: sent when asked for, never queued; one that fails is said to fail (reliability §5).

A clip is uploaded once for each bot; after that its file id sends it.  Lines only, and not what the buttons say: a dozen
voice messages would push the buttons themselves out of sight.
"""

import asyncio
from collections.abc import Callable

import structlog

from bot.channels.speech import Wording
from bot.channels.telegram.api import Api, SentFile
from bot.channels.telegram.measures import CAPTION
from bot.channels.telegram.sender import Books, Sender
from bot.channels.telegram.uploads import FileIds, Uploads
from bot.core.effects import Speak, Text
from bot.core.errors import ChannelError, Gone, RetryAfter, StorageError
from bot.wording.voices import Clip, Voices, digest_of

PATIENCE_S = 9.0
"""A longer wait is not waited: whoever pressed has gone on reading, and can press again."""

log = structlog.get_logger()


class Listening:
    """`speak` returns at once; what it sends keeps its place among the chat's other messages."""

    def __init__(
        self,
        api: Api,
        sender: Sender,
        books: Books,
        voices: Voices,
        file_ids: FileIds,
        wording: Callable[[], Wording],
    ) -> None:
        self._api = api
        self._sender = sender
        self._books = books
        self._voices = voices
        self._uploads = Uploads(file_ids)
        self._wording = wording

    def speak(self, chat: int, conversation: bytes, speak: Speak, lang: str) -> None:
        self._sender.after(chat, lambda: self._speak(chat, conversation, speak, lang))

    async def _speak(self, chat: int, conversation: bytes, speak: Speak, lang: str) -> None:
        clips = [clip for id in speak.lines if (clip := self._voices.find(lang, id)) is not None]
        try:
            for clip in clips:
                await self._sender.pace(chat)
                sent = await self._patiently(chat, clip, self._caption(clip, lang))
                self._books.sent(None, conversation, sent.message)
        except Gone:
            return
        except (ChannelError, StorageError, OSError) as fault:
            log.info("voice_not_sent", fault=type(fault).__name__)
            await self._say_so(chat, conversation, lang)

    def _caption(self, clip: Clip, lang: str) -> str:
        """A computer's voice is never taken for a person's."""
        return self._wording().say(lang, Text("voice.computer"))[:CAPTION] if clip.trial else ""

    async def _patiently(self, chat: int, clip: Clip, caption: str) -> SentFile:
        try:
            return await self._send(chat, clip, caption)
        except RetryAfter as asked:
            if asked.seconds > PATIENCE_S:
                raise
            await asyncio.sleep(asked.seconds)
            return await self._send(chat, clip, caption)

    async def _send(self, chat: int, clip: Clip, caption: str) -> SentFile:
        async def content() -> bytes:
            return clip.content()

        async def post(voice: bytes | str) -> SentFile:
            return await self._api.send_voice(chat, voice, caption)

        return await self._uploads.send(digest_of(clip.file), content, post)

    async def _say_so(self, chat: int, conversation: bytes, lang: str) -> None:
        """Once; when even that does not arrive, the words still stand on the screen."""
        try:
            message = await self._api.send(chat, self._wording().say(lang, Text("say.unheard")), quiet=True)
        except ChannelError as fault:
            log.info("message_dropped", kind="unheard", fault=type(fault).__name__)
            return
        self._books.sent(None, conversation, message)

"""Files of our own, uploaded once for each bot; after that Telegram's name for a file sends it again without its bytes."""

from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from bot.channels.telegram.api import SentFile
from bot.core.errors import Refused, StorageError

log = structlog.get_logger()


class FileIds(Protocol):
    """Telegram's names for files this bot has uploaded.  `clip`: SHA-256 of the content of a recording or picture."""

    async def find(self, clip: bytes) -> str | None: ...

    async def keep(self, clip: bytes, file_id: str) -> None: ...

    async def drop(self, clip: bytes) -> None: ...


class Uploads:
    def __init__(self, file_ids: FileIds) -> None:
        self._file_ids = file_ids

    async def send(
        self,
        digest: bytes,
        content: Callable[[], Awaitable[bytes]],
        post: Callable[[bytes | str], Awaitable[SentFile]],
    ) -> SentFile:
        """Send a file with `post`, by name where it is known, else with its bytes.  `digest`: SHA-256 that it is known by.

        Raises what `post` and `content` raise, and `StorageError` before anything was sent.
        """
        known = await self._file_ids.find(digest)
        if known is not None:
            try:
                return await post(known)
            except Refused:  # of another Bot API server, or forgotten there: upload it anew
                await self._file_ids.drop(digest)
        sent = await post(await content())
        if sent.file_id:
            await self._keep(digest, sent.file_id)
        return sent

    async def _keep(self, digest: bytes, file_id: str) -> None:
        """It has arrived: not knowing its name costs one more upload, and is no reason to send anything again."""
        try:
            await self._file_ids.keep(digest, file_id)
        except StorageError as fault:
            log.info("file_id_not_kept", fault=type(fault).__name__)

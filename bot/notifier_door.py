"""The service's end of the line to the notifier, where that is a process of its own: a socket on this machine (D10).

What goes over it: sealed rows and their ids, the neutral words in every language, and the notifier's public half.  The
service never asks who a row is, and the notifier gets no database, no other key and no word of a report.
"""

import asyncio
import json
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.core.errors import ConfigError, Damaged
from bot.sealing.notice import PublishedKey
from bot.services.notice_book import NoticeBook, Sealed

MOST_BYTES = 16 * 1024 * 1024
LOOK_S = 15.0
MODE = 0o660
"""The service and its group; the folder says who that is."""


class NotifierDoor:
    """`words`: the language → what is said; `renewed`: called when another public half counts; `now`: epoch seconds."""

    def __init__(
        self,
        book: NoticeBook,
        key: PublishedKey,
        words: Callable[[], Mapping[str, str]],
        renewed: Callable[[], None],
        now: Callable[[], int],
        socket: Path,
    ) -> None:
        self._book = book
        self._key = key
        self._words = words
        self._renewed = renewed
        self._now = now
        self._socket = socket
        self._seen = key.find()

    async def keep(self) -> None:
        """Answer, until cancelled.  Raises `ConfigError` where the socket cannot be made."""
        site = web.Application(client_max_size=MOST_BYTES)
        site.router.add_post("/", self._asked)
        runner = web.AppRunner(site, access_log=None)
        await runner.setup()
        try:
            self._socket.unlink(missing_ok=True)  # of a process that died
            await web.UnixSite(runner, self._socket).start()
            self._socket.chmod(MODE)
            while True:
                self._look()
                await asyncio.sleep(LOOK_S)
        except OSError as error:
            raise ConfigError(f"HAMRAH_NOTIFIER_SOCKET: {self._socket} cannot be made ({error.strerror})") from error
        finally:
            await runner.cleanup()

    async def _asked(self, request: web.Request) -> web.Response:
        try:
            said = json.loads(await request.read())
            answer = await self._answers[said["ask"]](self, said)
        except (LookupError, TypeError, ValueError, Damaged):
            return web.json_response({}, status=400)
        return web.json_response(answer)

    async def _begin(self, said: Mapping[str, Any]) -> Any:
        """The notifier is there; it hears what to say."""
        self._key.keep(int(said["period"]), b64decode(said["public"], validate=True), self._now())
        self._look()
        return dict(self._words())

    def _look(self) -> None:
        """Another replica may have heard it first: whether children can be asked follows the file, not this line."""
        found = self._key.find()
        if found != self._seen:
            self._seen = found
            self._renewed()

    async def _ends(self, _: Mapping[str, Any]) -> Any:
        return pairs(await self._book.ends())

    async def _everybody(self, said: Mapping[str, Any]) -> Any:
        return _rows(await self._book.everybody(b64decode(said["after"], validate=True)))

    async def _finish(self, said: Mapping[str, Any]) -> Any:
        done = [b64decode(one, validate=True) for one in said["done"]]
        await self._book.finish(done, unpaired(said["dropped"]))
        return {}

    async def _reseal(self, said: Mapping[str, Any]) -> Any:
        mailbox, old, new = (b64decode(said[name], validate=True) for name in ("mailbox", "old", "new"))
        await self._book.reseal(mailbox, old, new)
        return {}

    async def _due(self, _: Mapping[str, Any]) -> Any:
        return _rows(await self._book.due())

    _answers: Mapping[str, Callable[["NotifierDoor", Mapping[str, Any]], Awaitable[Any]]] = {
        "begin": _begin,
        "ends": _ends,
        "everybody": _everybody,
        "finish": _finish,
        "reseal": _reseal,
        "due": _due,
    }


def pairs(rows: Sequence[tuple[bytes, bytes]]) -> list[list[str]]:
    return [[b64encode(id).decode(), b64encode(chat).decode()] for id, chat in rows]


def unpaired(rows: Sequence[Sequence[str]]) -> list[tuple[bytes, bytes]]:
    return [(b64decode(id, validate=True), b64decode(chat, validate=True)) for id, chat in rows]


def _rows(rows: Sequence[Sealed]) -> list[list[str]]:
    return pairs([(one.mailbox, one.chat) for one in rows])

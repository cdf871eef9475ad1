"""Doors of what an open page learns by itself: one stream of events without content, and who else has a case open."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from bot.console.doors import Door, Knock, Refused, missing
from bot.console.endpoints import Desk, case_of
from bot.services.officers.stream import CaseAt, Company, Lists, News, Over, Stream

PATIENCE_S: Final = 20.0
"""A page that takes nothing for so long is gone, or as good as gone."""
_NOTHING: Final = b":\n\n"
"""A comment: nothing happened, and the line is open."""


def live_doors(desk: Desk) -> tuple[Door, ...]:
    """Listed with the others, so that nothing opens that is not listed (S23)."""
    live = LiveDoors(desk)
    return (
        Door("/live", "GET", live.stream, quiet=True),
        Door("/case/{case}/company/join", "POST", live.join, case=True, quiet=True),
        Door("/case/{case}/company/leave", "POST", live.leave, case=True, quiet=True),
    )


class LiveDoors:
    """None of them keeps a session alive: the page knocks by itself."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def stream(self, knock: Knock) -> Response:
        opened = self._desk.watch.open(knock.whoever)
        if opened is None:
            raise Refused(503, "slow")
        return EventStream(opened, self._desk.watch.leave)

    async def join(self, knock: Knock) -> Mapping[str, Any]:
        typing = knock.body.get("typing") is True
        company, now = self._desk.work.company, self._desk.now()
        if not await company.join(knock.whoever, case_of(knock), typing=typing, now=now):
            raise missing()
        return {}

    async def leave(self, knock: Knock) -> Mapping[str, Any]:
        await self._desk.work.company.leave(knock.whoever, case_of(knock))
        return {}


class EventStream(Response):
    """Server-sent events, sent as fast as the page takes them and no faster.  `left`: called when it is over."""

    media_type = "text/event-stream"

    def __init__(self, stream: Stream, left: Callable[[Stream], None]) -> None:
        self._stream = stream
        self._left = left
        self.status_code = 200
        self.background = None
        self.init_headers({"x-accel-buffering": "no"})  # nginx would hold events back

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        listening = asyncio.create_task(_until_gone(receive))
        listening.add_done_callback(lambda _: self._stream.end(Over.GONE))
        try:
            await _sent(send, {"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await _sent(send, _piece(_NOTHING))
            while not await self._pass_on(send):
                pass
        except TimeoutError:
            return
        finally:
            listening.cancel()
            self._left(self._stream)

    async def _pass_on(self, send: Send) -> bool:
        """Whether that was all."""
        news = await self._stream.next()
        over = any(isinstance(one, Over) for one in news)
        if Over.GONE not in news:
            await _sent(send, _piece(b"".join(map(_event, news)) or _NOTHING, more=not over))
        return over


def _event(news: News) -> bytes:
    match news:
        case Lists():
            name, told = "lists", {}
        case CaseAt(case, version, count):
            name, told = "case", {"id": case.hex(), "version": version, "seq": count}
        case Company(case, viewing, typing):
            name, told = "company", {"id": case.hex(), "viewing": viewing, "typing": typing}
        case Over():
            name, told = "over", {"why": news.value}
    return f"event: {name}\ndata: {json.dumps(told)}\n\n".encode()


def _piece(body: bytes, *, more: bool = True) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}


async def _sent(send: Send, message: Message) -> None:
    async with asyncio.timeout(PATIENCE_S):
        await send(message)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass

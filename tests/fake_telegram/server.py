"""The fake Bot API on a loopback socket: `async with FakeTelegram() as telegram:`.

Serves `/bot<token>/<method>` and `/file/bot<token>/<path>`, refuses what the real server refuses, meets each call with
the trouble that was scripted for it, and records everything.
"""

import asyncio
import contextlib
import json
import socket
import struct
from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.fake_telegram.methods import Methods, encoded
from tests.fake_telegram.multipart import parts
from tests.fake_telegram.push import Pusher
from tests.fake_telegram.serving import CONNECTION, loopback_socket, serving
from tests.fake_telegram.table import Refusal
from tests.fake_telegram.trouble import (
    AcceptThenDrop,
    Flood,
    HalfAnswer,
    Late,
    Redirect,
    Reset,
    Script,
    Status,
    Trouble,
)
from tests.fake_telegram.world import TOKEN, Call, Clock, World

FILE = "(file)"
"""Stands for a download where calls are noted and troubles scripted by method."""


class FakeTelegram:
    def __init__(self, *, token: str = TOKEN, clock: Clock | None = None) -> None:
        self.token = token
        self.world = World(clock)
        self.script = Script()
        self._methods = Methods(self.world)
        self.pusher = Pusher(self.world, self._methods)
        self._socket = loopback_socket()
        self.api_url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.base_url = self.api_url + "/bot"
        self.cut_files_after: int | None = None
        self._open = contextlib.AsyncExitStack()

    @property
    def clock(self) -> Clock:
        return self.world.clock

    async def __aenter__(self) -> Self:
        await self._open.enter_async_context(serving(self.app(), self._socket))
        pushing = asyncio.create_task(self.pusher.run())
        self._open.push_async_callback(_end, pushing)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
                Route("/file/bot{token}/{path:path}", self._file),
            ]
        )

    async def _call(self, request: Request) -> Response:
        """Read, meet trouble, work, note down, answer."""
        began = asyncio.get_running_loop().time()
        name, params = request.path_params["method"], {}
        try:
            self._refuse_strangers(request)
            name = self.world.table.method_named(name)
            params = await _params(request)
        except Refusal as refusal:
            return self._note(began, name, params, _refused(refusal))
        troubles = self.script.take(name)
        answer = await self._before(troubles)
        if answer is None:
            answer = await self._work(name, params)
        return self._note(began, name, params, _spoilt(answer, troubles))

    async def _work(self, name: str, params: Mapping[str, Any]) -> Response:
        try:
            return _json(encoded(await self._methods.run(name, params)))
        except Refusal as refusal:
            return _refused(refusal)

    async def _before(self, troubles: tuple[Trouble, ...]) -> Response | None:
        for trouble in troubles:
            match trouble:
                case Late(seconds):
                    await asyncio.sleep(seconds)
                case Flood(wait):
                    return _refused(Refusal(429, f"Too Many Requests: retry after {wait}", retry_after=wait))
                case Redirect(to):
                    return RedirectResponse(to)
                case Status(code, _) if code >= 500:
                    return Response("<html><body>Bad Gateway</body></html>", code, media_type="text/html")
                case Status(code, description):
                    return _refused(Refusal(code, description))
                case Reset():
                    return _Cut(b"", part=0)
                case AcceptThenDrop() | HalfAnswer():
                    continue
        return None

    def _note(self, began: float, name: str, params: Mapping[str, Any], answer: Response) -> Response:
        status = 0 if isinstance(answer, _Cut) else answer.status_code
        self.world.calls.append(Call(began, name, dict(params), status))
        return answer

    def _refuse_strangers(self, request: Request) -> None:
        if request.path_params["token"] != self.token:
            raise Refusal(401, "Unauthorized")

    async def _file(self, request: Request) -> Response:
        """Only under a link that was given out within the hour; troubles for `FILE` meet it too."""
        began, path = asyncio.get_running_loop().time(), request.path_params["path"]
        try:
            self._refuse_strangers(request)
        except Refusal as refusal:
            return _refused(refusal)
        troubles = self.script.take(FILE)
        answer = await self._before(troubles)
        return self._note(began, FILE, {"path": path}, answer or _spoilt(self._content(path), troubles))

    def _content(self, path: str) -> Response:
        content = self.world.linked(path)
        if content is None:
            return _refused(Refusal(404, "Not Found"))
        if self.cut_files_after is not None:
            return _Cut(content, part=self.cut_files_after)
        return Response(content, media_type="application/octet-stream")


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait((task,))


class _Cut(Response):
    """Promises the whole body, sends `part` bytes of it and tears the connection down."""

    def __init__(self, content: bytes, *, part: int) -> None:
        super().__init__(content, media_type="application/json")
        self._part = part

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = scope[CONNECTION]
        if self._part:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": bytes(self.body[: self._part]), "more_body": True})
            transport.close()
            return
        held = transport.get_extra_info("socket")
        held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()


def _spoilt(answer: Response, troubles: tuple[Trouble, ...]) -> Response:
    """The work is done; what becomes of the answer?"""
    for trouble in troubles:
        match trouble:
            case AcceptThenDrop():
                return _Cut(b"", part=0)
            case HalfAnswer():
                return _Cut(bytes(answer.body), part=len(answer.body) // 2)
            case _:
                continue
    return answer


async def _params(request: Request) -> dict[str, Any]:
    """From the query, a form, multipart or JSON, as the real server takes them."""
    params: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind == "application/json":
        try:
            given = json.loads(await request.body() or b"{}")
        except ValueError:
            given = None
        if not isinstance(given, dict):
            raise Refusal(400, "Bad Request: can't parse JSON object")
        params |= given
    elif kind == "application/x-www-form-urlencoded":
        params |= parse_qsl((await request.body()).decode())
    elif kind == "multipart/form-data":
        try:
            params |= parts(request.headers["content-type"], await request.body())
        except ValueError:
            raise Refusal(400, "Bad Request: can't parse the form") from None
    return params


def _refused(refusal: Refusal) -> Response:
    answer: dict[str, Any] = {"ok": False, "error_code": refusal.status, "description": refusal.description}
    if refusal.parameters:
        answer["parameters"] = refusal.parameters
    return _json(json.dumps(answer).encode(), refusal.status)


def _json(body: bytes, status: int = 200) -> Response:
    return Response(body, status, media_type="application/json")

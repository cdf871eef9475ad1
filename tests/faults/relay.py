"""What stands before several replicas: brings each request to one of them, or to all, and never twice for the asking."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

import aiohttp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.fake_telegram.serving import loopback_socket, serving

_HEADERS = ("content-type", "x-telegram-bot-api-secret-token")


class Relay:
    """`to`: addresses of the replicas; `everywhere`: each request goes to all of them at once.

    `patience_s`: a replica that has not answered by then counts as failed, though it may still be at work.
    `taken`: how many requests were answered with 200.
    """

    def __init__(self, chance: Random) -> None:
        self.to: list[str] = []
        self.everywhere = False
        self.patience_s = 60.0
        self.taken = 0
        self.address = ""
        self._chance = chance
        self._http: aiohttp.ClientSession | None = None

    async def bring(self, request: Request) -> Response:
        body, chosen = await request.body(), self._chance.sample(self.to, len(self.to) if self.everywhere else 1)
        answers = await asyncio.gather(*(self._to(address, request, body) for address in chosen))
        status, told = min(answers, key=lambda answer: answer[0])
        self.taken += status == 200
        return Response(told, status, media_type="application/json")

    async def _to(self, address: str, request: Request, body: bytes) -> tuple[int, bytes]:
        assert self._http is not None
        headers = {name: request.headers[name] for name in _HEADERS if name in request.headers}
        try:
            patience = aiohttp.ClientTimeout(total=self.patience_s)
            where = address + request.url.path
            async with self._http.post(where, data=body, headers=headers, timeout=patience) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientError, TimeoutError):
            return 502, b""


@asynccontextmanager
async def relay(chance: Random) -> AsyncIterator[Relay]:
    made, listener = Relay(chance), loopback_socket()
    app = Starlette(routes=[Route("/{path:path}", made.bring, methods=["POST"])])
    async with serving(app, listener) as address, aiohttp.ClientSession() as http:
        made.address, made._http = address, http
        yield made

"""A service that stops waits for answers under way, and for none that has no end of its own (R15)."""

import asyncio

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from bot.serving import _Server
from tests.fake_telegram.serving import loopback_socket

WITHIN_S = 3.0


@pytest.mark.promise("R15")
async def test_a_stream_is_told_to_end_before_answers_are_waited_for() -> None:
    told = asyncio.Event()

    async def streams(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b":", "more_body": True})
        await told.wait()
        await send({"type": "http.response.body", "body": b"over"})

    config = uvicorn.Config(streams, lifespan="off", log_config=None, timeout_graceful_shutdown=30)
    server, listener = _Server(config, [told.set]), loopback_socket()
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    reader, writer = await asyncio.open_connection(*listener.getsockname())
    writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
    await reader.readuntil(b":\r\n")
    server.should_exit = True
    async with asyncio.timeout(WITHIN_S):
        rest = await reader.read()
        await serving
    writer.close()

    assert b"over" in rest

"""An ASGI application on a loopback socket in the test's own event loop: up and down at once."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

CONNECTION = "tests.connection"
"""Key of the request's scope under which the application finds the connection, to cut it."""


class _OpenProtocol(HttpToolsProtocol):
    def on_message_begin(self) -> None:
        super().on_message_begin()
        cast(dict[str, Any], self.scope)[CONNECTION] = self.transport


def loopback_socket() -> socket.socket:
    """With its protocol named: asyncio turns Nagle's delay off (40 ms an answer) only for sockets that say TCP."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, on: socket.socket | None = None) -> AsyncIterator[str]:
    """Serve `app` and give its address, such as `http://127.0.0.1:40123`; open connections are cut at the end."""
    listener = on or loopback_socket()
    config = uvicorn.Config(app, ws="none", lifespan="off", log_config=None, log_level=100, access_log=False)
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: _OpenProtocol(config=config, server_state=state, app_state={}), sock=listener
    )
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.close()
        for connection in list(state.connections):
            connection.transport.abort()
        for task in list(state.tasks):
            task.cancel()
        await asyncio.gather(*state.tasks, return_exceptions=True)

"""Serving an open house over HTTP, until told to stop."""

import asyncio
import gc
import os
import signal
import socket
from collections.abc import Callable, Sequence
from types import FrameType

import uvicorn

from bot.core import failpoints
from bot.core.errors import ConfigError
from bot.house import STOP_WITHIN_S, House
from bot.private_memory import keep_memory_private

_YOUNG = 20_000
"""New objects before the collector looks for cycles: a turn makes a few hundred and hardly any cycle, so that the usual 700
cost 15 % of all processor time (measured) to find nothing."""


async def serve_house(house: House) -> None:
    """Listen only now, when everything else is open (reliability §10); returns after an orderly stop.

    Raises what made the house unfit to go on: a second poller, a revoked token, a broken disk.
    """
    failpoints.arm(os.environ)
    keep_memory_private()
    settings = house.settings
    assert house.site is not None, "a house is furnished before it is served"
    config = uvicorn.Config(
        house.site,
        loop="none",
        http="httptools",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=int(STOP_WITHIN_S),
    )
    gc.collect()
    gc.freeze()  # content and catalogs live as long as the process: no need to look at them again
    gc.set_threshold(_YOUNG, 20, 20)
    server = _Server(config, house.partings)
    watching = asyncio.create_task(_stop_when_troubled(house, server))
    await server.serve(sockets=[_listening(settings.host, settings.port)])
    watching.cancel()
    if house.trouble is not None:
        raise house.trouble


class _Server(uvicorn.Server):
    """Stops in order and returns, where uvicorn would then die of the signal it was stopped with (R15: status 0).

    `partings`: done first, so that no answer without an end is waited for.
    """

    def __init__(self, config: uvicorn.Config, partings: Sequence[Callable[[], None]]) -> None:
        super().__init__(config)
        self._partings = partings

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for part in self._partings:
            part()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True  # the second Ctrl-C is in earnest
        self.should_exit = True


async def _stop_when_troubled(house: House, server: uvicorn.Server) -> None:
    await house.troubled.wait()
    server.should_exit = True


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, or answers wait for Nagle
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise ConfigError(
            f"{host}:{port} cannot be listened on: another program may hold it ({error.strerror})"
        ) from error
    listening.set_inheritable(True)
    return listening

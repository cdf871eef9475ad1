"""A page that listens to the console's stream, without a browser; it can be slow on purpose."""

import asyncio
import json
from collections.abc import Callable
from types import TracebackType
from typing import Any

from starlette.types import Message, Scope

from tests.console.officer import Officer

WAIT_S = 5.0


class Listener:
    """Use as a context manager.  `heard`: events as they came, (name, data); `headers` and `status` of the answer."""

    def __init__(self, officer: Officer) -> None:
        self.officer = officer
        self._gone = asyncio.Event()
        self.taking = asyncio.Event()
        self.taking.set()
        self.heard: list[tuple[str, Any]] = []
        self.status = 0
        self.headers: dict[str, str] = {}
        self.ended = False
        self._came = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Listener":
        self._task = asyncio.create_task(self._listen())
        await self._until(lambda: self.status > 0)
        return self

    async def __aexit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._gone.set()
        self.taking.set()
        assert self._task is not None
        async with asyncio.timeout(WAIT_S):
            await self._task

    async def hears(self, name: str) -> Any:
        """Data of the next event of this name; those before it are taken too."""
        found: list[Any] = []

        def came() -> bool:
            while self.heard and not found:
                event, told = self.heard.pop(0)
                if event == name:
                    found.append(told)
            return bool(found)

        await self._until(came)
        return found[0]

    async def news(self) -> list[str]:
        """Names of everything that comes of one look."""
        await self.officer.world.desk.watch.look()
        for _ in range(5):
            await asyncio.sleep(0)
        names = [name for name, _ in self.heard]
        self.heard.clear()
        return names

    async def _until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(WAIT_S):
            while not holds():
                self._came.clear()
                await self._came.wait()

    async def _listen(self) -> None:
        await self.officer.world.site(self._scope(), self._receive, self._send)

    async def _receive(self) -> Message:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            self.status = message["status"]
            self._came.set()
            return
        await self.taking.wait()
        for block in message["body"].decode().split("\n\n"):
            if block.startswith("event: "):
                name, _, data = block.removeprefix("event: ").partition("\ndata: ")
                self.heard.append((name, json.loads(data)))
        self.ended = not message["more_body"]
        self._came.set()

    def _scope(self) -> Scope:
        cookies = "; ".join(f"{name}={value}" for name, value in self.officer.http.cookies.items())
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "https",
            "path": "/console/live",
            "raw_path": b"/console/live",
            "root_path": "",
            "query_string": b"",
            "headers": [(b"host", b"console.example"), (b"cookie", cookies.encode())],
            "server": ("console.example", 443),
            "client": ("127.0.0.1", 1),
        }

"""Somebody in a talk in the terminal, over the web chat's own address, as `hamrah chat` talks to a server."""

from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.channels.terminal import Terminal
from tests.browser.served import Served


class Reporter:
    """Somebody in a talk, over the web chat's own address."""

    def __init__(self, post: Any) -> None:
        self.seen: list[str] = []
        self.terminal = Terminal(self, self.seen.append)
        self._post = post

    async def post(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = await self._post(body)
        return answer

    async def plays(self, *lines: str) -> str:
        self.seen.clear()
        async for _ in self.terminal.play(lines):
            pass
        return "\n".join(self.seen)


def over(http: aiohttp.ClientSession, replica: Served) -> Reporter:
    async def post(body: Mapping[str, Any]) -> Any:
        async with http.post(f"{replica.address}/chat/turn", json=body) as answer:
            assert 200 == answer.status
            return await answer.json()

    return Reporter(post)

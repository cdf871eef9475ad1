"""Two ways from the terminal to the chat: the server that holds the database, or the house opened here."""

import json
from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.channels.terminal import Line
from bot.channels.web.chat import Chat
from bot.core.errors import ChannelError

ANSWER_S = 90


class ServerLine(Line):
    """Talks through the running server, whose web chat is the same engine."""

    def __init__(self, http: aiohttp.ClientSession, address: str) -> None:
        self._http = http
        self._address = address

    async def post(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            async with self._http.post(f"{self._address}/chat/turn", json=body) as response:
                if response.status not in (200, 503):
                    raise ChannelError(f"the server answered with status {response.status}")
                answer: Mapping[str, Any] = await response.json()
                return answer
        except (aiohttp.ClientError, TimeoutError) as fault:
            raise ChannelError(f"the server at {self._address} does not answer") from fault


class HouseLine(Line):
    """Talks to the engine in this process."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    async def post(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        answered = await self._chat.answer(json.dumps(body).encode())
        if answered is None:
            raise ChannelError("the chat did not understand what was typed")
        return answered.body


async def serves(http: aiohttp.ClientSession, address: str) -> bool:
    """Whether a server of ours answers at `address`."""
    try:
        async with http.get(f"{address}/health/live", timeout=aiohttp.ClientTimeout(total=2)) as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False

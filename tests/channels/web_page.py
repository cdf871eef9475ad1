"""What `chat.ts` does, without a browser; and a house that serves it."""

import base64
import json
import secrets
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.core.effects import Text
from bot.house import House
from tests.faults.oracle import Found
from tests.plugins.service import copied
from tests.service import Service, reads, serving_here
from tests.talking import NOON

Served = tuple[Service, House, str]


class Page:
    """One visitor's page."""

    def __init__(self, http: aiohttp.ClientSession, house: House) -> None:
        self.http = http
        self.house = house
        self.session = base64.b64encode(secrets.token_bytes(32)).decode()
        self.messages: list[dict[str, Any]] = []
        self.sizes: list[int] = []

    async def posts(self, event: dict[str, Any], number: int | None = None) -> list[dict[str, Any]]:
        body = {
            "session": self.session,
            "number": secrets.randbelow(2**53) if number is None else number,
            "event": event,
        }
        async with self.http.post("/chat/turn", json=body) as response:
            raw = await response.read()
            assert response.status in (200, 503), response.status
        self.sizes.append(len(raw))
        said: list[dict[str, Any]] = json.loads(raw)["messages"]
        self.messages += said
        return said

    async def opens(self, lang: str = "en") -> None:
        await self.posts({"kind": "started", "hint": lang})
        await self.presses(f"lang:{lang}", "c:skip")

    async def presses(self, *keys: str) -> None:
        for key in keys:
            prompt = self.prompt()
            assert key in self.offered(), f"{key} is not among {self.offered()}"
            await self.posts({"kind": "chose", "key": key, "turn": prompt["turn"]})

    async def writes(self, words: str) -> list[dict[str, Any]]:
        return await self.posts({"kind": "wrote", "words": words})

    async def tells(self, words: str) -> str:
        """A report with these words; returns the code."""
        await self.presses("c:tell", "a:yes", "skip", "a:ok")
        wrote = False
        while "send" not in self.offered():
            if not wrote and "💬" not in self.prompt()["text"] and self.asks_words():
                wrote = True
                await self.writes(words)
            else:
                await self.presses("skip")
        await self.presses("send")
        code = "".join(c for c in self.prompt()["text"] if c.isdecimal())
        await self.presses("code-saved")
        return code

    async def enters(self, code: str) -> list[dict[str, Any]]:
        await self.posts({"kind": "chose", "key": "!mail", "turn": 0})
        return await self.writes(code)

    def asks_words(self) -> bool:
        return self.house.wording.say("en", Text("ask.write")) in self.prompt()["text"]

    def prompt(self) -> dict[str, Any]:
        return next(message for message in reversed(self.messages) if message["rows"])

    def offered(self) -> list[str]:
        return [button["key"] for row in self.prompt()["rows"] for button in row]

    def text(self) -> str:
        return "\n".join(str(message["text"]) for message in self.messages)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(
    founded: Service, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Service, House, str]]:
    service = copied(founded, tmp_path_factory.mktemp("web") / "service")
    async with serving_here(service, now=lambda: NOON) as (house, address):
        yield service, house, address


@pytest_asyncio.fixture(loop_scope="module")
async def http(served: tuple[Service, House, str]) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(served[2]) as session:
        yield session


@pytest.fixture
def page(http: aiohttp.ClientSession, served: tuple[Service, House, str]) -> Page:
    return Page(http, served[1])


async def found(served: Served) -> Found:
    everything = await reads(served[1], served[0])
    assert () == everything.faults
    return everything

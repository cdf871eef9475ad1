"""A flood before the door: many updates a second whether they are answered or not, connections that say nothing, slow bodies.

What is refused is brought again after the burst, as Telegram does, until all of it is acknowledged.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from bot.channels.telegram.webhook import webhook_path
from tests.fake_telegram import shapes
from tests.service import SECRET

FIRST = 900_000_000
ONE_CHAT = 557_000_000
"""Writes half of everything."""
PATIENCE_S = 10.0
_HEADERS = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": SECRET}


@dataclass(slots=True)
class Flood:
    """`answers`: how often each status came in the burst, 0 for none; `slowest_s`: the longest wait for one."""

    address: str
    answers: Counter[int] = field(default_factory=Counter)
    slowest_s: float = 0.0
    sent: int = 0
    _missing: set[int] = field(default_factory=set)

    async def pours(self, each_s: int, for_s: float) -> None:
        """`each_s` updates a second, open loop: the next one does not wait for the one before."""
        async with _session() as http:
            began, trying = time.monotonic(), set[asyncio.Task[None]]()
            while (now := time.monotonic() - began) < for_s:
                for _ in range(int(now * each_s) + 1 - self.sent):
                    self._missing.add(FIRST + self.sent)
                    task = asyncio.create_task(self._burst(http, FIRST + self.sent))
                    trying.add(task)
                    task.add_done_callback(trying.discard)
                    self.sent += 1
                await asyncio.sleep(0.01)
            if trying:
                await asyncio.wait(trying)

    async def drains(self, within_s: float) -> None:
        """What was not acknowledged comes again, some at a time, until nothing is left."""
        async with _session() as http, asyncio.timeout(within_s):
            while self._missing:
                for number in sorted(self._missing)[:50]:
                    if 200 == await self._bring(http, number):
                        self._missing.discard(number)

    async def _burst(self, http: aiohttp.ClientSession, number: int) -> None:
        began = time.monotonic()
        status = await self._bring(http, number)
        self.slowest_s = max(self.slowest_s, time.monotonic() - began)
        self.answers[status] += 1
        if status == 200:
            self._missing.discard(number)

    async def _bring(self, http: aiohttp.ClientSession, number: int) -> int:
        try:
            async with http.post(self.address + webhook_path(SECRET), data=update(number), headers=_HEADERS) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return 0


def update(number: int) -> bytes:
    """A text of the one flooding chat, or of one of a hundred others."""
    chat = ONE_CHAT if number % 2 else ONE_CHAT + 1 + number % 100
    person = shapes.user(chat, "Flood")
    content = shapes.message(number, person, shapes.private_chat(person), int(time.time()), text=f"flood {number}")
    return json.dumps({"update_id": number, "message": content}).encode()


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=PATIENCE_S), trust_env=False
    )


@asynccontextmanager
async def crowded(port: int, *, idle: int, slow: int) -> AsyncIterator[None]:
    """So many connections that say nothing, and so many that send their body one byte a second."""
    writers = [(await asyncio.open_connection("127.0.0.1", port))[1] for _ in range(idle + slow)]
    for writer in writers[idle:]:
        head = "".join(f"{name}: {value}\r\n" for name, value in _HEADERS.items())
        writer.write(f"POST {webhook_path(SECRET)} HTTP/1.1\r\nHost: x\r\n{head}Content-Length: 900\r\n\r\n".encode())
    dripping = asyncio.create_task(_drip(writers[idle:]))
    try:
        yield
    finally:
        dripping.cancel()
        for writer in writers:
            writer.close()


async def _drip(writers: list[asyncio.StreamWriter]) -> None:
    while True:
        for writer in writers:
            if not writer.is_closing():
                writer.write(b"{")
        await asyncio.sleep(1.0)

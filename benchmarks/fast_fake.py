"""A Bot API server that only answers, and a crowd of chats that only taps: what every peer is measured against.

One process of its own, no checks, raw asyncio: it must cost less than whoever is measured.  Each chat has one update
on its way at a time (closed loop): the next comes when the reply to the last was seen.

    python -m benchmarks.fast_fake --updates 20000 --poll
    python -m benchmarks.fast_fake --updates 20000 --webhook http://127.0.0.1:8080/telegram/x --secret S --kind press

Prints its address first, one line; when the updates are through, one line of JSON.  A peer may also answer in the
webhook's response.  A line on standard input starts the crowd.  The bot's own processor time is read by whoever started it.
"""

import argparse
import asyncio
import contextlib
import json
import re
import sys
import time
from collections import deque
from typing import Any
from urllib.parse import urlsplit

import uvloop

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
_TRUE = b'{"ok":true,"result":true}'
_ME = b'{"ok":true,"result":{"id":1234567,"is_bot":true,"first_name":"Fast","username":"fast_fake_bot"}}'
_REPLIES = ("sendmessage", "editmessagetext")
_DATA = re.compile(rb'callback_data\\*"\s*:\s*\\*"([^"\\]+)')
CONNECTIONS = 64


class Crowd:
    """`kind`: "text" for messages, "press" for one button with `data`, "walk" for a real conversation: /start, then
    whichever button the latest reply offers, each in turn, or some words where it offers none.
    """

    def __init__(self, *, chats: int, updates: int, kind: str, data: str, first_id: int = 1) -> None:
        self.left = updates
        self.kind = kind
        self.data = data
        self.ready: deque[bytes] = deque()
        self.sent_at: dict[int, float] = {}
        self.took: list[float] = []
        self.began = 0.0
        self.chats = [70_000_000 + number for number in range(chats)]
        self.over = asyncio.Event()
        self.came = asyncio.Event()
        self._next_id = first_id
        self._wanted = updates
        self._offered: dict[int, list[bytes]] = {}

    def start(self) -> None:
        self.began = time.perf_counter()
        for chat_id in self.chats:
            self.next_of(chat_id)

    def next_of(self, chat_id: int) -> None:
        if not self.left:
            return
        self.left -= 1
        self.sent_at[chat_id] = time.perf_counter()
        self.ready.append(self._update(chat_id))
        self.came.set()

    def replied(self, chat_id: int, body: bytes) -> None:
        """A reply was seen in this chat; only the first after an update counts."""
        if self.kind == "walk":
            self._offered[chat_id] = _DATA.findall(body)
        begun = self.sent_at.pop(chat_id, None)
        if begun is None:
            return
        self.took.append(time.perf_counter() - begun)
        if len(self.took) == self._wanted:
            self.over.set()
        self.next_of(chat_id)

    def result(self) -> dict[str, Any]:
        took, wall = sorted(self.took), time.perf_counter() - self.began
        return {
            "updates": len(took),
            "per_second": round(len(took) / wall, 1),
            "p50_ms": round(took[len(took) // 2] * 1000, 3),
            "p99_ms": round(took[len(took) * 99 // 100] * 1000, 3),
        }

    def _update(self, chat_id: int) -> bytes:
        number, self._next_id = self._next_id, self._next_id + 1
        person = {"id": chat_id, "is_bot": False, "first_name": "A", "language_code": "en"}
        chat = {"id": chat_id, "first_name": "A", "type": "private"}
        note = {"message_id": number, "from": person, "chat": chat, "date": 1_760_000_000, "text": f"hello {number}"}
        data = self.data if self.kind == "press" else self._walks(chat_id, number, note)
        if not data:
            return json.dumps({"update_id": number, "message": note}).encode()
        press = {"id": str(number), "from": person, "message": note, "chat_instance": "1", "data": data}
        return json.dumps({"update_id": number, "callback_query": press}).encode()

    def _walks(self, chat_id: int, number: int, note: dict[str, Any]) -> str:
        """The button to press next, or nothing when words are due."""
        if self.kind == "walk" and chat_id not in self._offered:
            note["text"], note["entities"] = "/start", [{"type": "bot_command", "offset": 0, "length": 6}]
        offered = self._offered.get(chat_id, ())
        return offered[number % len(offered)].decode() if offered else ""


class Door(asyncio.Protocol):
    """Answers calls in the order they come on a connection."""

    def __init__(self, crowd: Crowd, delay_s: float) -> None:
        self._crowd = crowd
        self._delay_s = delay_s
        self._buffer = b""
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (found := _whole(self._buffer)) is not None:
            path, body, self._buffer = found
            method = path.rpartition("/")[2].partition("?")[0].lower()
            if method == "getupdates":
                asyncio.get_running_loop().create_task(self._give_updates())
            elif self._delay_s:
                asyncio.get_running_loop().call_later(self._delay_s, self._answer, method, body)
            else:
                self._answer(method, body)

    async def _give_updates(self) -> None:
        crowd = self._crowd
        if not crowd.ready:
            crowd.came.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(crowd.came.wait(), 1)
        batch = [crowd.ready.popleft() for _ in range(min(100, len(crowd.ready)))]
        self._write(b'{"ok":true,"result":[' + b",".join(batch) + b"]}")

    def _answer(self, method: str, body: bytes) -> None:
        if method not in _REPLIES:
            self._write(_ME if method == "getme" else _TRUE)
            return
        chat_id = chat_in(body)
        self._write(
            b'{"ok":true,"result":{"message_id":5,"from":{"id":1234567,"is_bot":true,"first_name":"Fast"},'
            b'"date":1760000000,"chat":{"id":%d,"type":"private","first_name":"A"},"text":"hello"}}' % chat_id
        )
        self._crowd.replied(chat_id, body)

    def _write(self, body: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(_HEAD % len(body) + body)


class Carrier(asyncio.Protocol):
    """One connection to the webhook, one update on it at a time."""

    def __init__(self, crowd: Crowd, head: bytes) -> None:
        self._crowd = crowd
        self._head = head
        self._buffer = b""
        self._transport: Any = None
        self.free = asyncio.Event()
        self.refused = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self.free.set()

    def post(self, update: bytes) -> None:
        self.free.clear()
        self._transport.write(self._head % len(update) + update)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        found = _whole(self._buffer)
        if found is None:
            return
        status, body, self._buffer = found
        if status != "200":
            self.refused += 1
        if b'"sendMessage"' in body:
            self._crowd.replied(chat_in(body), body)
        self.free.set()


def _whole(buffer: bytes) -> tuple[str, bytes, bytes] | None:
    """Second word of the first line, body and rest, once all of a request or answer has come."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = buffer[:end].lower()
    at = head.find(b"content-length:")
    size = 0
    if at >= 0:
        line_end = head.find(b"\r\n", at)
        size = int(head[at + 15 : line_end if line_end > 0 else None])
    stop = end + 4 + size
    if len(buffer) < stop:
        return None
    return buffer[:end].split(b" ", 2)[1].decode(), buffer[end + 4 : stop], buffer[stop:]


def chat_in(body: bytes) -> int:
    """The chat id in a JSON or form body."""
    at = body.find(b"chat_id")
    digits = body[at + 7 : at + 32].lstrip(b'":= ')
    return int(digits[: next(n for n, byte in enumerate(digits + b"x") if not 48 <= byte <= 57)])


async def carry(crowd: Crowd, url: str, secret: str) -> list[Carrier]:
    """Connect to the webhook and bring updates as connections become free."""
    parts = urlsplit(url)
    head = (
        f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: %d\r\n\r\n"
    ).encode()
    loop = asyncio.get_running_loop()
    carriers = [
        (await loop.create_connection(lambda: Carrier(crowd, head), parts.hostname or "", parts.port or 80))[1]
        for _ in range(min(CONNECTIONS, len(crowd.chats)))
    ]
    for carrier in carriers:
        task = loop.create_task(_keep_bringing(crowd, carrier))
        _RUNNING.add(task)
    return carriers


_RUNNING: set[asyncio.Task[None]] = set()


async def _keep_bringing(crowd: Crowd, carrier: Carrier) -> None:
    while True:
        await carrier.free.wait()
        while not crowd.ready:
            crowd.came.clear()
            await crowd.came.wait()
        carrier.post(crowd.ready.popleft())


async def run(options: argparse.Namespace) -> None:
    crowd = Crowd(chats=options.chats, updates=options.updates, kind=options.kind, data=options.data)
    delay_s = options.delay_ms / 1000
    server = await asyncio.get_running_loop().create_server(lambda: Door(crowd, delay_s), "127.0.0.1", options.port)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await asyncio.to_thread(sys.stdin.readline)  # whoever measures says when the bot is ready
    carriers = await carry(crowd, options.webhook, options.secret) if options.webhook else []
    crowd.start()
    await crowd.over.wait()
    print(json.dumps(crowd.result() | {"refused": sum(one.refused for one in carriers)}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--chats", type=int, default=100)
    parser.add_argument("--updates", type=int, default=10_000)
    parser.add_argument("--kind", choices=("text", "press", "walk"), default="text")
    parser.add_argument("--data", default="a:1", help="what pressed buttons carry")
    parser.add_argument("--delay-ms", type=float, default=0.0, help="wait before each answer")
    parser.add_argument("--webhook", default="", help="bring updates to this address")
    parser.add_argument("--poll", action="store_true", help="let the bot fetch updates")
    parser.add_argument("--secret", default="s" * 43)
    uvloop.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()

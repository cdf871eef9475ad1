"""A Bot API server and a hundred children in one process, fast enough to keep any bot busy.

It checks nothing (the strict one is in tests/): it answers each call at once or after a delay, and each chat sends its
next update as soon as it has its reply and the last update was acknowledged.  As a program it waits until the bot listens,
warms up, measures for a while and prints one line of JSON.
"""

import argparse
import asyncio
import json
import os
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httptools
import uvloop

from benchmarks.scripts import SCRIPTS, Script

BOT_ID = 123456
TOKEN = f"{BOT_ID}:{'t' * 35}"
SECRET = "s" * 43
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
Hook = tuple[str, int, str]
"""Host, port and path."""
BEGIN_TOGETHER = 10
"""Chats that open their talk at a time: a hundred first turns at once would be no steady state."""
_METHOD = re.compile(rb"/bot[^/]+/(\w+)")
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: keep-alive\r\nContent-Length: %d\r\n\r\n"
_ME = {"id": BOT_ID, "is_bot": True, "first_name": "B", "username": "b_bot"}


@dataclass(slots=True)
class Chat:
    """`keyboard`: callback data of the newest message, by key; `step`: how far its script has come.

    It waits for two things, a reply and the acknowledgement of its update.
    """

    id: int
    hook: "HookProtocol"
    keyboard: dict[str, str] = field(default_factory=dict)
    step: int = 0
    sent_at: float = 0.0
    replied: bool = True
    acknowledged: bool = True


class World:
    """`delay_s`: how long a call takes; `took`: seconds from update to reply; `refused`: updates not answered 200."""

    def __init__(self, script: Script, hooks: Sequence[Hook], chats: int, delay_s: float) -> None:
        self.script, self.hooks, self.delay_s, self.wanted = script, hooks, delay_s, chats
        self.chats: dict[int, Chat] = {}
        self.took: list[float] = []
        self.warm = asyncio.Event()
        self.refused = 0
        self._message = 1000
        self._update = 5000
        self._going = True

    async def begin(self) -> None:
        """Every chat has a connection of its own to the webhook; Telegram opens up to a hundred."""
        loop = asyncio.get_running_loop()
        for id in range(100_000, 100_000 + self.wanted):
            where = self.hooks[id % len(self.hooks)]
            _, hook = await loop.create_connection(lambda where=where: HookProtocol(self, where), *where[:2])  # type: ignore[misc]
            chat = hook.chat = self.chats[id] = Chat(id, hook)
            self.next(chat)
            if id % BEGIN_TOGETHER == 0:
                await asyncio.sleep(0.02)

    def end(self) -> None:
        self._going = False

    def next(self, chat: Chat) -> None:
        if not self._going:
            return
        update = {"update_id": self._update, **self.script(chat.id, chat.step, chat.keyboard)}
        self._update += 1
        chat.step += 1
        chat.replied = chat.acknowledged = False
        chat.sent_at = time.perf_counter()
        chat.hook.post(json.dumps(update).encode())

    def settle(self, chat: Chat) -> None:
        if chat.replied and chat.acknowledged:
            self.next(chat)

    def called(self, method: bytes, body: bytes) -> tuple[Any, Chat | None]:
        """Return the result of a call, and the chat that sees it as a reply when it is answered."""
        if method == b"sendMessage":
            return self._message_sent(_params(body))
        return (_ME if method == b"getMe" else True), None

    def _message_sent(self, params: Mapping[str, Any]) -> tuple[Any, Chat]:
        chat = self.chats[int(params["chat_id"])]
        self._message += 1
        shown: dict[str, Any] = {
            "message_id": self._message,
            "from": _ME,
            "chat": {"id": chat.id, "first_name": "N", "type": "private"},
            "date": 1_790_000_000,
            "text": params["text"],
        }
        if isinstance(keyboard := params.get("reply_markup"), dict):
            shown["reply_markup"] = keyboard
            chat.keyboard = _by_key(keyboard)
        return shown, chat

    def replied(self, chat: Chat) -> None:
        if chat.replied:
            return
        chat.replied = True
        self.took.append(time.perf_counter() - chat.sent_at)
        if len(self.took) == self.wanted:
            self.warm.set()
        self.settle(chat)


class ApiProtocol(asyncio.Protocol):
    """One connection of the bot."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._parser = httptools.HttpRequestParser(self)
        self._body: list[bytes] = []
        self._url = b""
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._url = url
        self._body = []

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        found = _METHOD.match(self._url)
        result, chat = self._world.called(found[1] if found else b"", b"".join(self._body))
        body = json.dumps({"ok": True, "result": result}, separators=(",", ":")).encode()
        if self._world.delay_s:
            asyncio.get_running_loop().call_later(self._world.delay_s, self._answer, body, chat)
        else:
            self._answer(body, chat)

    def _answer(self, body: bytes, chat: Chat | None) -> None:
        self._transport.write(_HEAD % len(body) + body)
        if chat is not None:
            self._world.replied(chat)


class HookProtocol(asyncio.Protocol):
    """One connection to the bot's webhook."""

    chat: Chat

    def __init__(self, world: World, hook: Hook) -> None:
        self._world = world
        self._parser = httptools.HttpResponseParser(self)
        host, port, path = hook
        self._head = (
            f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
            f"{SECRET_HEADER}: {SECRET}\r\nContent-Length: "
        ).encode()
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def post(self, body: bytes) -> None:
        self._transport.write(b"%s%d\r\n\r\n%s" % (self._head, len(body), body))

    def on_message_complete(self) -> None:
        if self._parser.get_status_code() != 200:
            self._world.refused += 1
        self.chat.acknowledged = True
        self._world.settle(self.chat)


def _params(body: bytes) -> Mapping[str, Any]:
    if body.startswith(b"{"):
        params: Mapping[str, Any] = json.loads(body)
        return params
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


def _by_key(keyboard: Mapping[str, Any]) -> dict[str, str]:
    """Buttons by their key, which stands behind the number of the turn."""
    data = (button["callback_data"] for row in keyboard["inline_keyboard"] for button in row)
    return {one.partition(":")[2]: one for one in data}


@dataclass(frozen=True, slots=True)
class Window:
    """What was seen while measuring.  `cpu_s`: processor time of the bot, none where the system does not tell."""

    updates: int
    seconds: float
    cpu_s: float | None
    p50_ms: float
    p99_ms: float
    refused: int


def cpu_seconds(pid: int) -> float | None:
    """Processor time of a process and all its threads so far."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _cpu(pids: Sequence[int]) -> float | None:
    """Of all replicas together."""
    spent = [cpu_seconds(pid) for pid in pids]
    return None if None in spent else sum(one for one in spent if one is not None)


async def measure(world: World, pids: Sequence[int], *, warm_s: float, measure_s: float) -> Window:
    """Warm up for so long and a reply to every chat, then look for `measure_s`."""
    await world.begin()
    await asyncio.sleep(warm_s)
    await world.warm.wait()
    world.took.clear()
    start, cpu = time.perf_counter(), _cpu(pids)
    await asyncio.sleep(measure_s)
    spent, end = _cpu(pids), time.perf_counter()
    took = sorted(world.took)
    world.end()
    if not took:
        raise SystemExit("the bot answered nothing")
    return Window(
        updates=len(took),
        seconds=end - start,
        cpu_s=None if cpu is None or spent is None else spent - cpu,
        p50_ms=took[len(took) // 2] * 1000,
        p99_ms=took[len(took) * 99 // 100] * 1000,
        refused=world.refused,
    )


async def _listens(host: str, port: int) -> None:
    for _ in range(600):
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        writer.close()
        return
    raise SystemExit("the bot does not listen")


def _hook(told: str) -> Hook:
    host, _, rest = told.partition(":")
    port, _, path = rest.partition("/")
    return host, int(port), f"/{path}"


async def _run(given: argparse.Namespace) -> None:
    hooks = [_hook(told) for told in given.hook]
    world = World(SCRIPTS[given.script], hooks, given.chats, given.delay)
    server = await asyncio.get_running_loop().create_server(lambda: ApiProtocol(world), "127.0.0.1", given.port)
    for host, port, _ in hooks:
        await _listens(host, port)
    window = await measure(world, given.pid, warm_s=given.warm, measure_s=given.seconds)
    print(json.dumps(asdict(window)), flush=True)
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="where the Bot API is served")
    parser.add_argument("--hook", required=True, nargs="+", help="HOST:PORT/PATH of each replica's webhook")
    parser.add_argument("--pid", type=int, required=True, nargs="+", help="the bot's processes")
    parser.add_argument("--script", choices=SCRIPTS, required=True)
    parser.add_argument("--chats", type=int, default=100)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds a call takes")
    parser.add_argument("--warm", type=float, default=1.0, help="seconds")
    parser.add_argument("--seconds", type=float, default=4.0, help="measured")
    uvloop.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()

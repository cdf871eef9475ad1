"""The whole path: webhook in, one durable turn, reply out, beside echo bots that store nothing.

All bots meet the same crowd of a hundred chats; each chat writes again when it has its reply.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.crowd import SECRET, TOKEN, Window
from benchmarks.figures import Figure, at_least, at_most, middle
from bot.channels.telegram.webhook import webhook_path

HERE = Path(__file__).parent
SLOW_S = 0.05
"""What a call takes when the server is slow."""

_SEQUENTIAL = "ptb-sequential"
_CONCURRENT = "ptb-concurrent"


@dataclass(frozen=True, slots=True)
class Bot:
    """`command`: from API address and port to a command line; `hook`: path of its webhook; `script`: what it is told."""

    name: str
    command: Callable[[str, int, str], Sequence[str]]
    hook: str
    script: str


def _peer(file: str, *more: str) -> Callable[[str, int, str], Sequence[str]]:
    python = os.environ.get("PEERS_PYTHON", ".venv-bench/bin/python")
    return lambda api, port, _: (python, str(HERE / file), api, TOKEN, str(port), *more)


BOTS = (
    Bot(
        "hamrah",
        lambda api, port, folder: (sys.executable, "-m", "benchmarks.hamrah_bot", api, str(port), folder),
        webhook_path(SECRET),
        "buttons",
    ),
    Bot(_CONCURRENT, _peer("peer_ptb.py", "concurrent"), "/hook", "echo"),
    Bot(_SEQUENTIAL, _peer("peer_ptb.py"), "/hook", "echo"),
    Bot("aiogram", _peer("peer_aiogram.py"), "/hook", "echo"),
)
_TOLD = {
    _CONCURRENT: "python-telegram-bot 22.8 echo, concurrent_updates",
    _SEQUENTIAL: "python-telegram-bot 22.8 echo, as it comes",
    "aiogram": "aiogram 3 echo",
}


def measure(rounds: int) -> list[Figure]:
    fast = _rounds(rounds, 0.0)
    slow = _rounds(rounds, SLOW_S)
    return [*_figures("", fast), *_figures(", server takes 50 ms", slow), *_targets(fast, slow)]


def _rounds(rounds: int, delay_s: float) -> Mapping[str, list[Window]]:
    """One bot after the other, again and again, so that a noisy minute meets all of them."""
    seen: dict[str, list[Window]] = {bot.name: [] for bot in BOTS}
    for _ in range(rounds):
        for bot in BOTS:
            seen[bot.name].append(watch(bot, delay_s))
    return seen


def watch(bot: Bot, delay_s: float, *, seconds: float = 3.0, warm_s: float = 1.5) -> Window:
    """Start a bot and the crowd, and end both."""
    if delay_s and bot.name == _SEQUENTIAL:
        warm_s, seconds = 7.0, 7.0  # a hundred chats one after the other take five seconds
    api, hook = free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="hamrah-bench-") as folder, open(os.devnull, "wb") as nowhere:
        running = subprocess.Popen(bot.command(f"http://127.0.0.1:{api}", hook, folder), stderr=nowhere)
        try:
            crowd = (sys.executable, "-m", "benchmarks.crowd", "--port", str(api), "--pid", str(running.pid))
            where = ("--hook", f"127.0.0.1:{hook}{bot.hook}", "--script", bot.script, "--delay", str(delay_s))
            times = ("--seconds", str(seconds), "--warm", str(warm_s))
            told = subprocess.run((*crowd, *where, *times), check=True, stdout=subprocess.PIPE, timeout=120).stdout
        finally:
            running.kill()
            running.wait()
    window = Window(**json.loads(told))
    if window.refused:
        raise SystemExit(f"{bot.name} refused {window.refused} updates: the figure would mean nothing")
    return window


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _figures(suffix: str, seen: Mapping[str, list[Window]]) -> list[Figure]:
    made = []
    for name, windows in seen.items():
        made += [
            Figure(f"{name}{suffix}: updates", _rate(windows), "/s"),
            Figure(f"{name}{suffix}: p50", middle([w.p50_ms for w in windows]), "ms"),
            Figure(f"{name}{suffix}: p99", middle([w.p99_ms for w in windows]), "ms"),
        ]
        costs = [w.cpu_s / w.updates * 1000 for w in windows if w.cpu_s is not None]
        made += [Figure(f"{name}{suffix}: processor time", middle(costs), "ms/update")] if costs else []
    return made


def _rate(windows: Sequence[Window]) -> float:
    return middle([w.updates / w.seconds for w in windows])


def _targets(fast: Mapping[str, list[Window]], slow: Mapping[str, list[Window]]) -> list[Figure]:
    """Ratios of each round, the middle one of them."""
    return [
        _faster("whole path", fast, _CONCURRENT, 4),
        _faster("whole path", fast, _SEQUENTIAL, 4),
        _faster("whole path", fast, "aiogram", 1.1),
        _faster("whole path, server takes 50 ms", slow, _SEQUENTIAL, 40),
        *(_no_later(fast, peer) for peer in _TOLD),
        *(figure for peer in _TOLD for figure in _cheaper(fast, peer)),
    ]


def _cheaper(seen: Mapping[str, list[Window]], peer: str) -> list[Figure]:
    """Processor time is what remains when neighbours take the machine: a steadier figure than updates a second."""
    pairs = [
        (b.cpu_s / b.updates) / (a.cpu_s / a.updates)
        for a, b in zip(seen["hamrah"], seen[peer], strict=True)
        if a.cpu_s and b.cpu_s
    ]
    return [Figure(f"processor time of {peer} beside ours", middle(pairs), "×", peer=_TOLD[peer])] if pairs else []


def _faster(name: str, seen: Mapping[str, list[Window]], peer: str, times: float) -> Figure:
    ratios = [
        (a.updates / a.seconds) / (b.updates / b.seconds) for a, b in zip(seen["hamrah"], seen[peer], strict=True)
    ]
    return Figure(f"{name} beside {peer}", middle(ratios), "×", at_least(times), _TOLD[peer])


def _no_later(seen: Mapping[str, list[Window]], peer: str) -> Figure:
    ratios = [a.p99_ms / b.p99_ms for a, b in zip(seen["hamrah"], seen[peer], strict=True)]
    return Figure(f"p99 beside {peer}", middle(ratios), "×", at_most(1), _TOLD[peer])

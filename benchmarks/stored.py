"""The whole path where many cases are stored: a turn must cost the same on the first day and after years.

`BENCH_CASES=0,10000` bounds the sizes; a million takes about a minute to fill and a gigabyte of room.  Stored are the rows
a turn or a queue could ever look through (cases and what each team sees of them), not the ciphertext beside them.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import uvloop

from benchmarks.crowd import SECRET, Window
from benchmarks.figures import Figure, at_most, middle
from benchmarks.queue_page import filled
from benchmarks.whole_path import Bot, watch
from bot.channels.telegram.webhook import webhook_path

SIZES = "0,10000,1000000"


def measure(rounds: int) -> list[Figure]:
    sizes = sorted(int(size) for size in os.environ.get("BENCH_CASES", SIZES).split(","))
    with tempfile.TemporaryDirectory(prefix="hamrah-bench-") as folder:
        bots = {size: _bot(uvloop.run(_fill(Path(folder), size))) for size in sizes}
        seen: dict[int, list[Window]] = {size: [] for size in sizes}
        for _ in range(rounds):
            for size, bot in bots.items():
                seen[size].append(watch(bot, 0.0))
    fewest, *more = sizes
    figures = [figure for size in sizes for figure in _seen(size, seen[size])]
    return figures + [figure for size in more for figure in _ratios(fewest, size, seen[fewest], seen[size])]


async def _fill(folder: Path, size: int) -> Path:
    await (await filled(folder, size)).close()
    return folder / f"{size}.db"


def _bot(kept: Path) -> Bot:
    """Each life begins with a copy of its own, so that no round inherits what the one before wrote."""

    def command(api: str, port: int, folder: str) -> Sequence[str]:
        shutil.copyfile(kept, Path(folder) / "hamrah.db")
        return (sys.executable, "-m", "benchmarks.hamrah_bot", api, str(port), folder)

    return Bot("hamrah", command, webhook_path(SECRET), "buttons")


def _seen(size: int, windows: Sequence[Window]) -> list[Figure]:
    name = f"whole path at {size:,} stored cases"
    costs = [w.cpu_s / w.updates * 1000 for w in windows if w.cpu_s is not None]
    return [
        Figure(f"{name}: updates", middle([w.updates / w.seconds for w in windows]), "/s"),
        Figure(f"{name}: p99", middle([w.p99_ms for w in windows]), "ms"),
        *([Figure(f"{name}: processor time", middle(costs), "ms/update")] if costs else []),
    ]


def _ratios(few: int, many: int, less: Sequence[Window], more: Sequence[Window]) -> list[Figure]:
    """Of each round, the middle one of them."""
    name, peer = f"whole path, {many:,} stored cases beside {few:,}", f"the same at {few:,} stored cases"
    pairs = list(zip(less, more, strict=True))
    slower = [(a.updates / a.seconds) / (b.updates / b.seconds) for a, b in pairs]
    dearer = [(b.cpu_s / b.updates) / (a.cpu_s / a.updates) for a, b in pairs if a.cpu_s and b.cpu_s]
    return [
        Figure(f"{name}: time per update", middle(slower), "×", at_most(1.1), peer),
        Figure(f"{name}: p99", middle([b.p99_ms / a.p99_ms for a, b in pairs]), "×", at_most(1.1), peer),
        *([Figure(f"{name}: processor time", middle(dearer), "×", at_most(1.1), peer)] if dearer else []),
    ]

"""What each kind of step costs, in processor time: buttons, words, fixing the readers, sending.

Fifty phones take the same step together, so that turns share commits as they do under load.
"""

import asyncio
import tempfile
import time
from pathlib import Path
from statistics import median

import uvloop

from benchmarks.figures import Figure, at_most, middle
from benchmarks.house import open_measured_house
from benchmarks.phone import DELIVER, DRAW, FIX, FREE, REPORT, Phone

PHONES = 50
PASSES = 3
BUTTONS = range(REPORT.index("p:PK-PB"), FIX)
"""Steps of `REPORT` that press a button and seal nothing."""


def measure(rounds: int) -> list[Figure]:
    seen = [_quietest([uvloop.run(_steps()) for _ in range(PASSES)]) for _ in range(rounds)]
    button = [median(cost[n] for n in BUTTONS) for cost in seen]
    words = [cost[FREE] - plain for cost, plain in zip(seen, button, strict=True)]
    fixing = [cost[FIX] - plain for cost, plain in zip(seen, button, strict=True)]
    sending = [cost[DELIVER] - plain for cost, plain in zip(seen, button, strict=True)]
    return [
        Figure("button turn, services and storage", middle(button), "ms"),
        Figure("free-text answer, more than a button", middle(words), "ms", at_most(0.8)),
        Figure("fixing three readers, more than a button", middle(fixing), "ms"),
        Figure("send step, more than a button", middle(sending), "ms"),
        Figure(
            "send with three readers (fixing and sending), more than buttons",
            middle([a + b for a, b in zip(fixing, sending, strict=True)]),
            "ms",
            at_most(2),
        ),
    ]


def _quietest(passes: list[list[float]]) -> list[float]:
    """Of each step the pass in which neighbours disturbed least."""
    return [min(costs) for costs in zip(*passes, strict=True)]


async def _steps() -> list[float]:
    """Processor milliseconds of each step of a report, for one phone."""
    costs = []
    with tempfile.TemporaryDirectory(prefix="hamrah-bench-") as folder:
        house = await open_measured_house(Path(folder))
        now = int(time.time())
        phones = [Phone(house.talk, 1 + n, now) for n in range(PHONES)]
        await asyncio.gather(*(phone.opens() for phone in phones))
        for n, step in enumerate(REPORT):
            if n == DRAW:  # the queue of derivations is bounded, and they are no part of these figures
                for phone in phones:
                    await phone.does(step)
                costs.append(0.0)
                continue
            began = time.process_time()
            await asyncio.gather(*(phone.does(step) for phone in phones))
            costs.append((time.process_time() - began) / PHONES * 1000)
        await house.close()
    return costs

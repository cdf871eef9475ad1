"""What a process does on a database until it is killed (see `running`).

It says a line when an operation is acknowledged, so that the parent knows what must be there afterwards.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from hashlib import sha256
from multiprocessing.connection import Connection

from bot.core import failpoints
from bot.core.errors import HelplineError
from bot.core.writes import Decided, KeepDraft, KeepRecord, Knock, Loaded, Post
from storage import Database, audit, open_database, outbox, purge
from tests.storage.making import DAY, HOUR, NOW, keeping, knock, new_id, nobody, post, report

CHATS = 8
KEEP = 10_000
"""Hours: drafts of the workload never lapse."""


_pipe = 1


def say(line: str) -> None:
    """Written at once and whole, whatever kills us next."""
    os.write(_pipe, line.encode() + b"\n")


def marker(number: int) -> bytes:
    return sha256(b"update %d" % number).digest()


def case_of(number: int) -> bytes:
    return sha256(b"chat %d" % (number % CHATS)).digest()[:16]


async def tell(database: Database, number: int) -> None:
    """One update of one chat: its marker is stored as the next record of that chat's draft, and an answer is queued."""
    case = case_of(number)

    def decide(loaded: Loaded) -> Decided:
        seq = int(loaded.session or b"0")
        record = KeepRecord(new_id(), case, seq, "words", os.urandom(2400), marker(number), 1, DAY)
        answer = Post(new_id(), "saved", 2, b"t" * 80, "[]", None, NOW, NOW)
        return Decided(b"%d" % (seq + 1), (record, KeepDraft(case, HOUR + KEEP), answer))

    await database.take(Knock("telegram", number, (case * 2,), NOW), nobody, decide)
    say(f"ack {number}")


async def load(database: Database, numbers: list[int]) -> None:
    """Every chat's updates in order, the chats side by side."""

    async def chat(mine: list[int]) -> None:
        for number in mine:
            await tell(database, number)

    await asyncio.gather(*(chat([n for n in numbers if n % CHATS == which]) for which in range(CHATS)))


async def send_report(database: Database, numbers: list[int]) -> None:
    """The largest turn there is, once for each number."""
    for number in numbers:
        case = sha256(b"report %d" % number).digest()[:16]
        await database.take(knock(number), nobody, keeping(b"s", *report(case), post()))
        say(f"ack {number}")


async def claim(database: Database, numbers: list[int]) -> None:
    for _ in numbers:
        taken = await database.write(lambda c: outbox.claim(c, 1, NOW, 0))
        say(f"ack {len(taken)}")


async def sweep(database: Database, numbers: list[int]) -> None:
    for number in numbers:
        await purge.purge(database, number)
        say(f"ack {number}")


async def checkpoint(database: Database, numbers: list[int]) -> None:
    await load(database, numbers)
    await database.checkpoint()
    say("ack checkpoint")


async def log(database: Database, numbers: list[int]) -> None:
    for number in numbers:
        entry = b"entry %d" % number
        await database.write(lambda c, e=entry: audit.append(c, new_id(), HOUR, e))  # type: ignore[misc]
        say(f"ack {number}")


WORK: dict[str, Callable[[Database, list[int]], Awaitable[None]]] = {
    "load": load,
    "report": send_report,
    "claim": claim,
    "purge": sweep,
    "checkpoint": checkpoint,
    "log": log,
}


def run(pipe: Connection, address: str, what: str, numbers: list[int], points: str) -> None:
    """Entry of the process."""
    global _pipe
    _pipe = pipe.fileno()
    asyncio.run(_work(address, what, numbers, points))


async def _work(address: str, what: str, numbers: list[int], points: str) -> None:
    environment = {"HAMRAH_TEST_BUILD": "1", "HAMRAH_FAILPOINTS": points}
    if "F18" in points:
        failpoints.arm(environment)
    database = await open_database(address, migrate=True)
    failpoints.arm(environment)
    say("open")
    try:
        await WORK[what](database, numbers)
    except HelplineError as error:
        say(f"failed {type(error).__name__}")
    await database.close()
    say("closed")

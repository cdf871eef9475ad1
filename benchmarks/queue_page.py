"""A page of the officers' queue at a hundred thousand cases, beside the same page at a thousand."""

import os
import tempfile
import time
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy import Connection, insert

from benchmarks.figures import Figure, at_most, middle
from bot.core.case import Status
from storage import Database, open_database
from storage.queue import Place, View, page
from storage.schema import case_teams, cases

FEW, MANY = 1_000, 100_000
PAGES = 40
URGENCIES = ("U0", "U1", "U2", "U3", "U4")
OPEN = (Status.NEW, Status.OPENED, Status.IN_WORK, Status.PASSED_ON, Status.ANSWERED)
VIEW = View(("lahore", "duty"), OPEN)
NOW_HOUR = 497_000


def measure(rounds: int) -> list[Figure]:
    return uvloop.run(_measure(rounds))


async def _measure(rounds: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="hamrah-bench-") as folder:
        few, many = [await filled(Path(folder), n) for n in (FEW, MANY)]
        first, deep = [], []
        for _ in range(rounds):
            first.append((await _page(few, None), await _page(many, None)))
            deep.append(await _page(many, await _half_way(many)))
        for database in (few, many):
            await database.close()
    ratio = middle([b / a for a, b in first])
    small = f"the same at {FEW:,} cases"
    return [
        Figure(f"queue page at {FEW:,} cases", middle([a for a, _ in first]) * 1000, "ms"),
        Figure(f"queue page at {MANY:,} cases", middle([b for _, b in first]) * 1000, "ms"),
        Figure(f"queue page at {MANY:,} cases, half way down", middle(deep) * 1000, "ms"),
        Figure("queue page, many cases beside few", ratio, "×", at_most(1.3), small),
    ]


async def filled(folder: Path, n: int) -> Database:
    """A file `N.db` in `folder` with so many cases, each in the queues of two teams; open."""
    database = await open_database(f"sqlite:///{folder / f'{n}.db'}", migrate=True)
    for first in range(0, n, 5_000):
        await database.write(lambda c, first=first: _fill(c, range(first, min(n, first + 5_000))))  # type: ignore[misc]
    return database


def _fill(conn: Connection, numbers: range) -> None:
    rows = [_case(n) for n in numbers]
    conn.execute(insert(cases), rows)
    kept = ("status", "urgency", "hour", "officer")
    teams = [
        {"case_id": row["id"], "team": team, "feedback": 0, **{name: row[name] for name in kept}}
        for row in rows
        for team in ("lahore", "duty")
    ]
    conn.execute(insert(case_teams), teams)


def _case(n: int) -> dict[str, Any]:
    return {
        "id": os.urandom(16), "handle": f"{n:012x}", "language": "ur", "region": "PK-PB", "concern": "work",
        "urgency": URGENCIES[n % 5], "channel": "telegram", "day": NOW_HOUR // 24, "climb_at": None,
        "status": OPEN[n // 5 % 5].value, "officer": None, "waiting": 1, "hour": NOW_HOUR - n // 50, "version": 1,
        "closed_day": None, "held": 0,
    }  # fmt: skip


async def _page(database: Database, after: Place | None) -> float:
    """Processor seconds for one page of fifty, the quietest of some: neighbours only ever add."""
    spent = []
    for _ in range(PAGES):
        began = time.process_time()
        await database.read(lambda c: page(c, VIEW, after))
        spent.append(time.process_time() - began)
    return min(spent)


async def _half_way(database: Database) -> Place:
    found = await database.read(lambda c: page(c, VIEW, Place("U2", NOW_HOUR - MANY // 100, b"")))
    return found[0].place

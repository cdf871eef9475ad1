"""A house like any service's, to be measured: real content, signed roster, database in a folder that goes afterwards."""

import time
from pathlib import Path
from typing import Any

from bot.house import House
from bot.main import assemble
from bot.settings import Settings
from storage import open_database, rosters
from tests.people import DAY_S, People

PROVINCE = "PK-PB"
"""Its office has two officers; with the recovery key a report from there has three readers."""


async def open_measured_house(folder: Path, url: str = "", **settings: Any) -> House:
    """Made anew in `folder`, or a replica more of the house that is there; `settings` as in `bot.settings`."""
    now, root = int(time.time()), folder / "root"
    people = None if root.exists() else People(now=now)
    made = Settings(
        data_dir=folder,
        keys_dir=folder / "keys",
        database_url=url or f"sqlite:///{folder / 'hamrah.db'}",
        root_fingerprint=people.root.as_text() if people else root.read_text(),
        log_level="warning",
        **settings,
    )
    database = await open_database(made.database, migrate=True)
    if people is not None:
        document = people.document(1)
        await database.write(lambda c: rosters.put(c, 1, now // DAY_S, document))
    house = await assemble(made, database)
    if people is not None:
        founded = folder / "root.new"
        founded.write_text(people.root.as_text())
        founded.rename(root)  # last and whole: whoever waits for it may join
    return house

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
    """Made anew in `folder`; `settings` as in `bot.settings`."""
    now = int(time.time())
    people = People(now=now)
    made = Settings(
        data_dir=folder,
        keys_dir=folder / "keys",
        database_url=url or f"sqlite:///{folder / 'hamrah.db'}",
        root_fingerprint=people.root.as_text(),
        log_level="warning",
        **settings,
    )
    database = await open_database(made.database, migrate=True)
    await database.write(lambda c: rosters.put(c, 1, now // DAY_S, people.document(1)))
    return await assemble(made, database)

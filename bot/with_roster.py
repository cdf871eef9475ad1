"""The database of a service together with its verified roster, for commands that need no whole house."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.clock import now
from bot.core.errors import ConfigError
from bot.sealing.roster import LivingRoster, RootOfTrust
from bot.settings import Settings
from storage import Database, open_database, rosters


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[tuple[Database, LivingRoster]]:
    if not settings.root_fingerprint:
        raise ConfigError("HAMRAH_ROOT_FINGERPRINT is missing: `hamrah init` prints it")
    database = await open_database(settings.database)
    living = LivingRoster(RootOfTrust.from_text(settings.root_fingerprint))
    try:
        living.load(await database.read(rosters.newest), now=now())
        yield database, living
    finally:
        await database.close()

"""Gives the administrators' pages what they show of the house.  Part of the composition root."""

import asyncio
from collections.abc import Sequence

from bot.auditing_end import auditing_of
from bot.checks import Check, content_checks, head_check, key_checks, readers_check, roster_checks
from bot.console import room
from bot.core.errors import HelplineError
from bot.house import House
from bot.invitation import drawn
from bot.office import Administering
from bot.services.content_desk import ContentDesk
from bot.services.ruling import Ruling
from bot.starting import language_faults
from storage import accounts, audit, entries, probe


def administering_of(house: House) -> Administering:
    ruling = Ruling(house.database, rows=entries, ledger=audit, settings=lambda: house.settings, faults=language_faults)
    content = ContentDesk(house.database, rows=entries, ledger=audit)

    async def checks() -> Sequence[Check]:
        found = await asyncio.to_thread(content_checks, house.content)
        return [
            await _database(house),
            *_roster(house),
            *_readers(house),
            head_check(await auditing_of(house).newest(), house.now()),
            *found,
        ]

    async def poster(campaign: str, lang: str) -> str | None:
        try:
            return await drawn(house.settings, campaign, lang)
        except HelplineError:
            return None

    def links(campaign: str) -> Sequence[str]:
        """Telegram's is told by the poster, which asks for the bot's name."""
        return (f"{house.settings.public_url}/#{campaign}",) if house.settings.public_url else ()

    shown = room.House(checks, poster, links, accounts.everybody)
    return Administering(content, lambda: house.content, ruling, shown)


async def _database(house: House) -> Check:
    try:
        await house.database.write(lambda conn: probe.beat(conn, house.now()))
    except HelplineError as fault:
        return "database", False, type(fault).__name__
    return "database", True, "takes what is written"


def _readers(house: House) -> Sequence[Check]:
    """What the hourly look found; a page that is opened does not look at every case."""
    found = house.readership.last
    return [readers_check(found)] if found else []


def _roster(house: House) -> Sequence[Check]:
    try:
        roster, at = house.roster.current(now=house.now()), house.now()
        return [*roster_checks(roster, at), *key_checks(roster, at)]
    except HelplineError as fault:
        return [("roster", False, str(fault) or type(fault).__name__)]

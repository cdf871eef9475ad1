"""What `hamrah duty` does: look at the duty roster, send a test to a person."""

import asyncio

import click

from bot.channels.apprise_alerts import AppriseAlerts, understood
from bot.channels.telegram.alerts import SCHEME, TelegramAlerts, chat_of
from bot.channels.telegram.api import Api
from bot.channels.telegram.request import PooledRequest
from bot.clock import now
from bot.console.texts import SOURCES
from bot.content.loader import load_content
from bot.core.duty import DutyRoster, Person
from bot.core.effects import Text
from bot.core.errors import ConfigError, HelplineError
from bot.core.roster import Roster
from bot.duty_file import load_duty
from bot.sealing.roster import RootOfTrust, verify_roster
from bot.services.alerting import SEND_WITHIN_S
from bot.settings import Settings, load_settings
from bot.wording.load import load_wording
from storage import open_database, rosters


async def check() -> bool:
    """Who is on duty now, and what is wrong with the roster; true when nothing is."""
    settings = load_settings()
    duty, roster = _duty(settings), await _roster(settings)
    faults = [*_holes(duty, roster), *_addresses(duty, telegram=bool(settings.telegram_token.get_secret_value()))]
    for person in duty.people:
        kinds = ", ".join(address.partition(":")[0] for address in person.reach)
        click.echo(f"  {person.id}: {'on duty' if person.on_duty(now(), duty.clock) else 'off duty'}; {kinds}")
    for fault in faults:
        click.echo(fault, err=True)
    return not faults


async def send_test(id: str) -> bool:
    """Try every address of one person; true when each took it."""
    settings = load_settings()
    person = _duty(settings).person(id)
    if person is None:
        raise ConfigError(f"{id}: not in the duty roster")
    content = load_content()
    wording = load_wording({**content.texts, **SOURCES}, content.place_names)
    title, body = (wording.say(person.lang, Text(id)) for id in ("console.alert.test.title", "console.alert.test"))
    outcomes = [await _try(settings, address, title, body) for address in person.reach]
    for address, fault in zip(person.reach, outcomes, strict=True):
        kind = address.partition(":")[0]
        click.echo(f"{kind}: {fault or 'sent'}", err=bool(fault))
    return not any(outcomes)


async def _try(settings: Settings, address: str, title: str, body: str) -> str:
    """Send; return what went wrong, or nothing."""
    try:
        async with asyncio.timeout(SEND_WITHIN_S):
            if address.partition(":")[0] != SCHEME:
                await AppriseAlerts().tell(address, title, body)
                return ""
            token = settings.telegram_token.get_secret_value()
            if not token:
                return "HAMRAH_TELEGRAM_TOKEN is missing"
            async with Api(PooledRequest(token, api_url=settings.telegram_api_url)) as api:
                await TelegramAlerts(api).tell(address, title, body)
    except (HelplineError, TimeoutError) as fault:
        return str(fault) or type(fault).__name__
    return ""


def _holes(duty: DutyRoster, roster: Roster) -> list[str]:
    """Teams whose officers nobody could tell, and levels that are empty."""
    named = {person.id for person in duty.people}
    holes = [f"team {team.id}: none of its officers can be reached" for team in roster.teams
             if not named & set(team.officers)]  # fmt: skip
    known = {team.id for team in roster.teams}
    for person in duty.people:
        wrong = sorted(set(person.teams) - known)
        if wrong:
            holes.append(f"{person.id}: no such team: {', '.join(wrong)}")
        if not person.levels and roster.officer(person.id) is None:
            holes.append(f"{person.id}: not in the list of officers, and stands nowhere else")
    return holes


def _addresses(duty: DutyRoster, *, telegram: bool) -> list[str]:
    return [fault for person in duty.people for fault in _faults(person, telegram=telegram)]


def _faults(person: Person, *, telegram: bool) -> list[str]:
    """Never with an address in it: passwords stand in them."""
    faults = []
    for n, address in enumerate(person.reach, 1):
        try:
            if address.partition(":")[0] == SCHEME:
                chat_of(address)
                good = telegram
            else:
                good = understood(address)
        except ValueError:
            good = False
        except ConfigError as fault:
            faults.append(f"{person.id}: address {n}: {fault}")
            continue
        if not good:
            faults.append(f"{person.id}: address {n} cannot be used")
    return faults


def _duty(settings: Settings) -> DutyRoster:
    if settings.duty_file is None:
        raise ConfigError("HAMRAH_DUTY_FILE is missing: nobody is told of unopened reports; docs/hosting.md shows one")
    return load_duty(settings.duty_file, settings.timezone)


async def _roster(settings: Settings) -> Roster:
    database = await open_database(settings.database)
    try:
        document = await database.read(rosters.newest)
    finally:
        await database.close()
    return verify_roster(document, RootOfTrust.from_text(settings.root_fingerprint), now=now())

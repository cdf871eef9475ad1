"""What `doctor` looks at: content, languages, help numbers, settings, roster, keys."""

import json

import click

from bot.backing_up import folder_of
from bot.checks import Check, content_checks, key_checks, roster_checks
from bot.clock import now
from bot.content.loader import load_content
from bot.core.errors import ConfigError, HelplineError
from bot.duty_file import load_duty
from bot.main import open_house
from bot.settings import Settings, load_settings


async def doctor(as_json: bool) -> bool:
    """Every check with its remedy; true when none is red."""
    checks = await _checks()
    if as_json:
        click.echo(json.dumps([{"check": c, "ok": ok, "told": told} for c, ok, told in checks], ensure_ascii=False))
    else:
        for check, ok, told in checks:
            click.echo(f"{'ok ' if ok else 'RED'}  {check}: {told}")
    return all(ok for _, ok, _ in checks)


async def _checks() -> list[Check]:
    """The content is the service's, with what was published in the console, where there is a service."""
    try:
        settings = load_settings()
    except ConfigError as error:
        return [*content_checks(load_content()), *(("settings", False, line) for line in str(error).splitlines())]
    readable: Check = ("settings", True, "readable")
    try:
        house = await open_house(settings)
    except HelplineError as error:
        return [*content_checks(load_content()), readable, ("service", False, str(error))]
    try:
        at = now()
        roster = house.roster.current(now=at)
        people = [*roster_checks(roster, at), *key_checks(roster, at)]
        mine = (_pictures_check(house.settings), _duty_check(settings), _backup_check(settings))
        return [*content_checks(house.content), readable, *people, *mine]
    finally:
        await house.close()


def _pictures_check(settings: Settings) -> Check:
    """What children may send, as it counts now: the administrators' room goes before the file."""
    if settings.attachments != "all":
        return ("pictures", True, f"none are taken (attachments: {settings.attachments})")
    procedure = settings.attachments_procedure
    return ("pictures", True, f'taken on the private page, by "{procedure}"; everybody who opens cases must know it')


def _backup_check(settings: Settings) -> Check:
    if settings.backup_key is None:
        return ("backups", False, "HAMRAH_BACKUP_KEY is missing: when this disk fails, every report is lost")
    newest = folder_of(settings, now).found()[:1]
    if not newest:
        return ("backups", False, f"there is none in {settings.backups}: run `hamrah backup`")
    hours = now() // 3600 - newest[0][0]
    return ("backups", hours <= 48, f"the newest is {hours} hours old; prove it with `hamrah restore … --drill`")


def _duty_check(settings: Settings) -> tuple[str, bool, str]:
    if settings.duty_file is None:
        return ("duty roster", False, "HAMRAH_DUTY_FILE is missing: nobody is told of unopened urgent reports")
    try:
        duty = load_duty(settings.duty_file, settings.timezone)
    except ConfigError as error:
        return ("duty roster", False, str(error))
    awake = sum(person.on_duty(now(), duty.clock) for person in duty.people)
    return ("duty roster", bool(duty.people), f"{len(duty.people)} people, {awake} on duty now")

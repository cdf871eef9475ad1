"""What `doctor` looks at: content, languages, help numbers, settings, roster, keys."""

import json
import shutil

import click

from bot.backing_up import folder_of
from bot.channels.telegram.answers import TokenRejected
from bot.channels.telegram.api import Api
from bot.checks import Check, content_checks, key_checks, readers_check, roster_checks
from bot.clock import now
from bot.content.loader import load_content
from bot.content.model import Content
from bot.core.errors import ChannelError, ConfigError, HelplineError
from bot.duty_file import load_duty
from bot.house import NOTIFIER_SILENT_S
from bot.invitation import bot_request
from bot.main import open_house
from bot.private_memory import swap_fault
from bot.sealing.notice import PublishedKey
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
    content, checks = await service_checks()
    return [*content_checks(content or load_content()), *checks]


async def service_checks() -> tuple[Content | None, list[Check]]:
    """Everything but the content, and the content of the service where it can be opened."""
    try:
        settings = load_settings()
    except ConfigError as error:
        return None, [("settings", False, line) for line in str(error).splitlines()]
    swap = swap_fault()
    checks: list[Check] = [("settings", True, "readable"), ("memory", not swap, swap or "is not written to a disk")]
    try:
        house = await open_house(settings)
    except HelplineError as error:
        return None, [*checks, ("service", False, str(error) or f"{type(error).__doc__}")]
    try:
        at = now()
        roster = house.roster.current(now=at)
        readers = readers_check(await house.readership.look(roster, now=at))
        checks += [*roster_checks(roster, at), *key_checks(roster, at), readers]
        checks += [await bot_check(settings), disk_check(settings), _pictures_check(house.settings)]
        checks += [_duty_check(settings), _backup_check(settings), notifier_check(settings)]
        return house.content, checks
    finally:
        await house.close()


def _pictures_check(settings: Settings) -> Check:
    """What children may send, as it counts now: the administrators' room goes before the file."""
    if settings.attachments != "all":
        return ("pictures", True, f"none are taken (attachments: {settings.attachments})")
    procedure = settings.attachments_procedure
    return ("pictures", True, f'taken on the private page, by "{procedure}"; everybody who opens cases must know it')


def notifier_check(settings: Settings) -> Check:
    """Who could find a chat again that asked to be told of answers."""
    if not settings.telegram_token.get_secret_value():
        return ("notifier", True, "none: there is no bot")
    if settings.notifier_socket is None:
        told = "works within the service; docs/hosting.md says how it becomes a process of its own"
        return ("notifier", True, told)
    silent_s = PublishedKey(settings.keys).silent_s(now())
    if silent_s is None:
        told = "was never heard, so nobody is offered to be told of answers: start `hamrah notifier`"
        return ("notifier", False, told)
    step = "" if silent_s < NOTIFIER_SILENT_S else ": is `hamrah notifier` running, and the socket in both its places?"
    return ("notifier", not step, f"a process of its own, heard {silent_s} seconds ago{step}")


def _backup_check(settings: Settings) -> Check:
    if settings.backup_key is None:
        told = "HAMRAH_BACKUP_KEY is missing: when this disk fails, every report is lost; `hamrah backup-key` makes one"
        return ("backups", False, told)
    newest = folder_of(settings, now).found()[:1]
    if not newest:
        return ("backups", False, f"there is none in {settings.backups}: run `hamrah backup`")
    hours = now() // 3600 - newest[0][0]
    step = (
        "prove it with `hamrah restore … --drill`"
        if hours <= _OLD_HOURS
        else "run `hamrah backup`, and see why none came"
    )
    return ("backups", hours <= _OLD_HOURS, f"the newest is {hours} hours old; {step}")


_OLD_HOURS = 48
_LEAST_FREE = 500_000_000
"""Bytes: a backup is written beside the one before."""


def disk_check(settings: Settings, free: int | None = None) -> Check:
    free = shutil.disk_usage(settings.data_dir).free if free is None else free
    step = "" if free >= _LEAST_FREE else ": free some room, or point HAMRAH_BACKUP_DIR to another disk"
    return ("disk", free >= _LEAST_FREE, f"{free // 1_000_000} MB free beside {settings.data_dir}{step}")


async def bot_check(settings: Settings) -> Check:
    """Asks Telegram, once."""
    if not settings.telegram_token.get_secret_value():
        return ("bot", True, "none: HAMRAH_TELEGRAM_TOKEN is not set")
    try:
        async with Api(bot_request(settings)) as api:
            return ("bot", True, f"Telegram knows it as @{(await api.get_me()).username}")
    except TokenRejected as fault:
        return ("bot", False, str(fault))
    except ChannelError as fault:
        step = "look at the network, at a firewall, and at HAMRAH_TELEGRAM_API_URL"
        return ("bot", False, f"{settings.telegram_api_url} did not answer ({fault}): {step}")


def _duty_check(settings: Settings) -> Check:
    if settings.duty_file is None:
        told = "HAMRAH_DUTY_FILE is missing: nobody is told of unopened urgent reports; docs/hosting.md shows one"
        return ("duty roster", False, told)
    try:
        duty = load_duty(settings.duty_file, settings.timezone)
    except ConfigError as error:
        return ("duty roster", False, f"{error}; `hamrah duty check` looks again")
    awake = sum(person.on_duty(now(), duty.clock) for person in duty.people)
    step = "" if duty.people else f": write a [[person]] into {settings.duty_file}"
    return ("duty roster", bool(duty.people), f"{len(duty.people)} people, {awake} on duty now{step}")

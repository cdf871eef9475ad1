"""Commands for people and their keys: invite, leave, and the cards that wait for the root's signature."""

from pathlib import Path

import click

from bot.clock import now
from bot.core.errors import ConfigError
from bot.office import open_joining, open_leaving
from bot.services.officers.account import Role
from bot.services.officers.enrol import READS
from bot.services.officers.joining import INVITATION_S
from bot.settings import Settings, load_settings
from bot.with_roster import opened

HOUR_S = 3_600


async def invite(login: str, name: str, roles: frozenset[Role]) -> None:
    """Print a link that is used once; keys and pass phrase are made in the browser that opens it."""
    if not login.isascii() or not login.isprintable() or not 0 < len(login) <= 64 or " " in login:
        raise ConfigError(f"{login!r}: a name to sign in with has 1 to 64 letters, digits and signs, without spaces")
    settings = load_settings()
    async with opened(settings) as (database, living):
        token = await open_joining(database, living, settings.keys).invite(login, name, roles, now=now())
    click.echo(
        f"{login} opens this link, alone and on a device of their own, within {INVITATION_S // HOUR_S} hours:\n\n"
        f"  {_console(settings)}/join#{token}\n"
    )
    if roles & READS:
        click.echo(
            "Afterwards compare the signs they see with `hamrah roster cards`, in person or by voice,\n"
            "and sign a roster with their card."
        )


async def leave(login: str, even_if_lost: bool) -> bool:
    """End every access of an officer who leaves, or who lost pass phrase or device."""
    settings = load_settings()
    async with opened(settings) as (database, _):
        left = await open_leaving(database, settings.keys).leave(login, now=now(), even_if_lost=even_if_lost)
    if left is None:
        raise ConfigError(f"{login}: no such account")
    if not left.done:
        click.echo(
            f"Nothing was done: {left.lost} cases can be opened by {login} alone. Let {login} pass them to another team first,\n"
            "or, if the keys are lost anyway, repeat with --even-if-lost: only the recovery key could open them.",
            err=True,
        )
        return False
    click.echo(
        f"{login} is signed out, and the keys are destroyed: {left.slots} slots dropped, {left.freed} cases are free again.\n"
        "Nothing new is sealed to them. Sign the next roster without this officer."
    )
    if left.lost:
        click.echo(f"{left.lost} cases can be opened with the recovery key only.")
    return True


async def cards(folder: Path | None) -> None:
    """Who waits for the root's signature, with the signs to compare; writes the cards."""
    settings = load_settings()
    async with opened(settings) as (database, living):
        pending = await open_joining(database, living, settings.keys).pending(now=now())
    if not pending:
        click.echo("nobody is waiting to be signed")
    for one in pending:
        click.echo(f"{one.account}  {one.fingerprint}")
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{one.account}.json").write_text(one.card, "utf-8")
    if pending and folder is not None:
        click.echo(f"The cards are in {folder}. Sign only those whose signs their owner read to you.")


def _console(settings: Settings) -> str:
    if settings.console_host:
        return f"https://{settings.console_host}"
    return f"{settings.public_url or f'http://{settings.listen}'}/console"

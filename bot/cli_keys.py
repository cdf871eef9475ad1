"""The commands for keys, people and the audit log; `cli` hangs them in their places."""

import sys
from pathlib import Path

import click

from bot import commands_audit, commands_people, commands_recovery
from bot.running import run
from bot.services.officers.account import Role

_FILE = click.Path(path_type=Path, dir_okay=False)
_THERE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.group()
def recovery() -> None:
    """The key in three shares, of which two together open what nobody else can."""


@recovery.command("make")
@click.option("--public", type=_FILE, required=True, help="Where to write the public half, for the roster.")
@click.option("--share", "shares", type=_FILE, multiple=True, help="Where to write a share; given three times.")
def recovery_make(public: Path, shares: tuple[Path, ...]) -> None:
    """Make the recovery key of a year; needs no database, meant for an offline machine."""
    commands_recovery.make(public, shares)


@recovery.command("export")
@click.option("--out", type=_FILE, required=True)
def recovery_export(out: Path) -> None:
    """Write the sealed keys of cases that no officer can open any more."""
    run(commands_recovery.export(out))


@recovery.command("open")
@click.option("--share", "shares", type=_THERE, multiple=True, required=True, help="A share; two are needed.")
@click.option("--roster", type=_THERE, required=True, help="The signed roster that is in force.")
@click.option("--root", required=True, help="Fingerprint of the root key, as it was published.")
@click.option("--to", "officers", multiple=True, required=True, help="Officer who shall open them; may be given again.")
@click.option("--out", type=_FILE, required=True)
@click.argument("file", type=_THERE)
def recovery_open(
    file: Path, shares: tuple[Path, ...], roster: Path, root: str, officers: tuple[str, ...], out: Path
) -> None:
    """Seal the cases of FILE to officers; needs no database, meant for an offline machine."""
    commands_recovery.open_cases(file, shares, roster, root, officers, out)


@recovery.command("import")
@click.argument("file", type=_THERE)
def recovery_import(file: Path) -> None:
    """Take recovered slots over; each case leaves an entry in the log."""
    sys.exit(0 if run(commands_recovery.take(file)) else 1)


@click.group()
def audit() -> None:
    """The log of who did what: fixed by signed heads, and looked over."""


@audit.command("verify")
@click.option(
    "--witness", "notes", multiple=True, type=_THERE, help="A head that was kept elsewhere; may be given again."
)
def audit_verify(notes: tuple[Path, ...]) -> None:
    """Count the whole log anew against every head; exit status 1 when anything was taken out, changed, moved or cut."""
    sys.exit(0 if run(commands_audit.verify(notes)) else 1)


@audit.command("head")
@click.option("--out", type=_FILE, help="Witness file to write; refused unless the log goes on from what it holds.")
def audit_head(out: Path | None) -> None:
    """Sign the log as it is now and print it; for a witness outside this machine."""
    sys.exit(0 if run(commands_audit.head(out)) else 1)


@audit.command("key")
def audit_key() -> None:
    """Name and public key of the log, for whoever checks its heads."""
    run(commands_audit.key())


@click.command("invite")
@click.argument("login")
@click.option("--name", required=True, help="Display name, shown to colleagues only.")
@click.option("--role", "roles", multiple=True, default=["officer"], type=click.Choice([r.value for r in Role]))
def invite(login: str, name: str, roles: tuple[str, ...]) -> None:
    """Print a link, used once: keys and pass phrase are made in the browser of whoever opens it."""
    run(commands_people.invite(login, name, frozenset(Role(role) for role in roles)))


@click.command("leave")
@click.argument("login")
@click.option("--even-if-lost", is_flag=True, help="Also when nobody else can open some cases.")
def leave(login: str, even_if_lost: bool) -> None:
    """End every access of somebody who leaves, or who lost pass phrase or device."""
    sys.exit(0 if run(commands_people.leave(login, even_if_lost)) else 1)


@click.command("cards")
@click.option("--out", "folder", type=click.Path(path_type=Path, file_okay=False), help="Folder to write the cards to.")
def roster_cards(folder: Path | None) -> None:
    """Officers whose browser made keys that no roster names yet, with the signs to compare."""
    run(commands_people.cards(folder))

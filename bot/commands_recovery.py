"""Commands around the recovery key: `make` and `open` for a machine that is never online, the others for the service."""

import os
from pathlib import Path

import click

from bot.clock import now
from bot.core.errors import ConfigError
from bot.sealing.roster import RootOfTrust, verify_roster
from bot.services import recovery
from bot.settings import load_settings
from bot.with_roster import opened
from storage import Database, audit, cases, epochs, referrals


def make(public: Path, shares: tuple[Path, ...]) -> None:
    """Write the public half for the root, and three shares, each for one person; the key itself is nowhere then."""
    if len(set(shares)) != recovery.SHARES:
        raise ConfigError(f"--share is needed {recovery.SHARES} times, each with a file of its own")
    for path in (public, *shares):
        if path.exists():
            raise ConfigError(f"{path} exists: nothing is overwritten here")
    made = recovery.make(now=now())
    public.write_text(made.public, "utf-8")
    for path, words in zip(shares, made.shares, strict=True):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(words + "\n")
    click.echo(
        "Print each share, give each to a person of another organisation, and destroy the three files.\n"
        f"Any {recovery.NEEDED} of them together can open cases. Sign {public} into the next roster with --recovery."
    )


async def export(out: Path) -> None:
    async with opened(load_settings()) as (database, living):
        text, count = await _recovery(database, lambda at: living.current(now=at)).export(now=now())
    out.write_text(text, "utf-8")
    click.echo(
        f"{out}: {count} cases that no officer can open. It holds nothing readable; take it to the offline machine."
    )


def open_cases(
    file: Path, shares: tuple[Path, ...], roster: Path, root: str, officers: tuple[str, ...], out: Path
) -> None:
    """Needs no database."""
    verified = verify_roster(roster.read_bytes(), RootOfTrust.from_text(root), now=now())
    words = [path.read_text("utf-8") for path in shares]
    found = recovery.open_cases(file.read_text("utf-8"), words, verified, officers, now=now())
    out.write_text(found.text, "utf-8")
    click.echo(f"{out}: {found.count} cases sealed to {', '.join(officers)}; {found.refused} refused.")


async def take(file: Path) -> bool:
    async with opened(load_settings()) as (database, living):
        taken = await _recovery(database, lambda at: living.current(now=at)).take(file.read_text("utf-8"), now=now())
    click.echo(f"{taken.cases} cases can be opened again; {taken.refused} refused. Each stands in the log.")
    return taken.refused == 0


def _recovery(database: Database, roster: recovery.RosterNow) -> recovery.Recovery:
    return recovery.Recovery(database, orphans=epochs, cases=cases, slots=referrals, ledger=audit, roster=roster)

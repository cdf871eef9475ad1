"""Commands that found a service and keep its roster: init, officer, roster."""

from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy import Connection

from bot.clock import now
from bot.core.errors import ConfigError
from bot.core.roster import Roster
from bot.office import open_readership
from bot.sealing.keys_folder import KeysFolder
from bot.sealing.passphrase import new_passphrase
from bot.sealing.roster import RootOfTrust, in_force, verify_roster
from bot.sealing.shards import Shards
from bot.services import founding
from bot.services.officers.account import Role
from bot.services.officers.enrol import READS, enrol
from bot.services.recovery import read_public
from bot.settings import Settings, load_settings
from bot.settings_file import write_closed
from bot.starting import TRIAL_MARK
from storage import accounts, open_database, rosters

DAY_S = 86_400
DEPLOYMENT = "deployment"
"""Name of the key whose beginning is the id of the service."""


async def init(root_key: Path) -> None:
    """Make folders, tables and the root key; say what to do next.  Repeating it changes nothing that exists."""
    settings = load_settings()
    keys = await prepared_folders(settings)
    if root_key.exists():
        raise ConfigError(f"{root_key} exists: a second root key would make two services of one")
    text, trust = founding.new_root(keys.find_or_make(DEPLOYMENT)[:16])
    write_closed(root_key, text)
    click.echo(
        f"The root key is in {root_key}. Move it to a machine that is never online; whoever has it says who may read.\n"
        f"Set this, and publish it where people can compare it:\n\n  HAMRAH_ROOT_FINGERPRINT={trust.as_text()}\n\n"
        "Next: `hamrah officer add` for at least two people, then `hamrah roster sign` and `hamrah roster publish`."
    )


async def prepared_folders(settings: Settings) -> KeysFolder:
    """Make data folder, keys folder and tables, where they are missing."""
    if (settings.data_dir / TRIAL_MARK).exists():
        raise ConfigError(
            f"{settings.data_dir} belongs to a trial, which never becomes a service; choose another HAMRAH_DATA_DIR"
        )
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = KeysFolder(settings.keys)
    keys.prepare()
    database = await open_database(settings.database, migrate=True)
    await database.close()
    return keys


async def add_officer(login: str, name: str, roles: frozenset[Role], card_file: Path | None) -> None:
    """Make an account; print its pass phrase once, and write the officer's card for the roster."""
    if roles & READS and card_file is None:
        raise ConfigError("--card is missing: where to write the officer's public keys for the roster")

    def handed_over(phrase: str) -> None:
        told = f"{login} signs in with these six words. They are shown once; hand them over in person:\n\n  {phrase}\n"
        click.echo(told)

    await hire(load_settings(), login, name, roles, card_file, handed_over)


async def hire(
    settings: Settings,
    login: str,
    name: str,
    roles: frozenset[Role],
    card_file: Path | None,
    handed_over: Callable[[str], None],
) -> str:
    """Make an account and, for whoever reads cases, the card; return the card's text, or nothing.

    `handed_over` is told the pass phrase before anything is kept: when it raises, nothing was made.
    """
    phrase, shards = new_passphrase(), Shards(settings.keys)
    database = await open_database(settings.database)
    try:
        if await database.read(lambda c: accounts.by_login(c, login)):
            raise ConfigError(f"{login}: an account of this name exists")
        enrolled = enrol(
            id=login,
            login=login,
            name=name,
            roles=roles,
            passphrase=phrase,
            deployment=KeysFolder(settings.keys).find_or_make(DEPLOYMENT)[:16],
            shards=shards,
            now=now(),
        )

        def store(c: Connection) -> None:
            accounts.add(c, enrolled.account, now() // DAY_S)
            if enrolled.bundle:
                accounts.add_bundle(c, enrolled.account.id, enrolled.bundle)

        try:
            handed_over(phrase)
        except BaseException:
            shards.destroy_all(login)
            raise
        card = founding.card(enrolled) if enrolled.officer is not None else ""
        if card_file is not None and card:
            write_closed(card_file, card)
        await database.write(store)
    finally:
        await database.close()
    return card


def sign_roster(
    root_keys: tuple[Path, ...],
    teams: Path,
    cards: tuple[Path, ...],
    version: int,
    out: Path,
    recovery: Path | None = None,
) -> None:
    """Needs no database: meant for the machine that holds the root key."""
    listed = founding.read_teams(teams.read_text("utf-8"))
    document = founding.sign(
        [path.read_text("utf-8") for path in root_keys],
        listed,
        [path.read_text("utf-8") for path in cards],
        version=version,
        now=now(),
        recovery=read_public(recovery.read_text("utf-8")) if recovery else None,
    )
    out.write_bytes(document)
    for team in listed:  # whatever prepared the file, who signs sees who will read
        click.echo(f"  {team.id} is read by {', '.join(team.officers)}")
    for path in cards:
        text = path.read_text("utf-8")
        click.echo(f"  {founding.read_card(text)[0].id}  {founding.fingerprint(text)}")
    click.echo(
        f"roster {version} signed: {out}. Were these the signs that each of them read to you? Only then publish it."
    )


async def publish_roster(document_file: Path, even_if_lost: bool) -> bool:
    """Verify, then put in force; running servers take it over within seconds.

    False when it would leave a case that some officer can open now without one, and nothing was published (R27).
    """
    roster, closed = await published(load_settings(), document_file.read_bytes(), even_if_lost=even_if_lost)
    if roster is None:
        click.echo(
            f"Nothing was published: with this list {closed} cases that can be opened now would have no reader left.\n"
            "Keep their team and one of its officers in the list until the cases were passed on or end,\n"
            "or repeat with --even-if-lost: only the recovery key could open them.",
            err=True,
        )
        return False
    click.echo(f"roster {roster.version} is in force: {len(roster.teams)} teams, {len(roster.officers)} officers")
    if closed:
        click.echo(f"{closed} cases can be opened with the recovery key only.")
    return True


async def published(settings: Settings, document: bytes, *, even_if_lost: bool = False) -> tuple[Roster | None, int]:
    """Put a signed roster in force, unless cases would lose their last reader; how many do.  Raises `RosterRefused`."""
    database = await open_database(settings.database)
    try:
        newest, before = await database.read(rosters.newest_version), None
        if newest:
            before = await database.read(rosters.newest)
            document = founding.carried_over(before, document)
        roster = verify_roster(document, _trust(settings), now=now(), newest_seen=newest)
        closed = await open_readership(database).newly_closed(in_force(before), roster) if before else 0
        if closed and not even_if_lost:
            return None, closed
        await database.write(lambda c: rosters.put(c, roster.version, now() // DAY_S, document))
    finally:
        await database.close()
    return roster, closed


async def show_roster() -> None:
    settings = load_settings()
    database = await open_database(settings.database)
    try:
        roster = verify_roster(await database.read(rosters.newest), _trust(settings), now=now())
    finally:
        await database.close()
    click.echo(f"roster {roster.version}, valid for {(roster.expires - now()) // DAY_S} days")
    for team in roster.teams:
        living = [id for id in team.officers if (o := roster.officer(id)) and o.living_key(now())]
        click.echo(
            f"  {team.id}{' (duty)' if team.duty else ''}: {', '.join(living) or 'nobody'}; {', '.join(team.places)}"
        )


def _trust(settings: Settings) -> RootOfTrust:
    if not settings.root_fingerprint:
        raise ConfigError("HAMRAH_ROOT_FINGERPRINT is missing: `hamrah init` prints it")
    return RootOfTrust.from_text(settings.root_fingerprint)

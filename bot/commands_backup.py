"""Commands that keep what must not be lost: backup-key, backup, restore (R18)."""

import asyncio
import secrets
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import click
from sqlalchemy import Connection

from bot.backing_up import HOUR_S, REQUEST, RESTORED, folder_of, label_of, restored
from bot.clock import now
from bot.core.errors import ConfigError, HelplineError, StorageError
from bot.sealing.keys import new_seed, public_key
from bot.sealing.keys_folder import KeysFolder
from bot.settings import Settings, load_settings
from storage import marks, open_database, open_empty

WAIT_S = 600


def make_key(out: Path) -> None:
    """Needs no settings: meant for a machine that is never online."""
    public_file = out.with_name(out.name + ".pub")
    if out.exists() or public_file.exists():
        raise ConfigError(f"{out} or {public_file.name} exists: a key that sealed backups must not be lost")
    secret, public = key_pair()
    out.touch(mode=0o600)
    out.write_text(secret, "ascii")
    public_file.write_text(public, "ascii")
    click.echo(
        f"{out} opens every backup: keep two copies of it offline, at two places.\n"
        f"Take {public_file} to the server and set HAMRAH_BACKUP_KEY to where it lies."
    )


def key_pair() -> tuple[str, str]:
    """Texts of the two files: the secret half, which opens backups, and the public one, which seals them."""
    seed = new_seed()
    return seed.hex() + "\n", public_key(seed).hex() + "\n"


async def backup() -> None:
    """Make one now; where a server holds the database, it is asked to."""
    settings = load_settings()
    folder = folder_of(settings, now)
    try:
        database = await open_database(settings.database)
    except StorageError:
        if settings.database.startswith("postgresql") or not await _asked(settings):
            raise
        return
    try:
        made = await folder.make(database)
    finally:
        await database.close()
    folder.drop_old(settings.backup_days)
    click.echo(
        f"{made}\nIt counts once it was restored: `hamrah restore {made.name} --key … --drill` where the key is."
    )


async def _asked(settings: Settings) -> bool:
    """Whether the running server made one; it looks every other second."""
    asked = settings.data_dir / REQUEST
    done = asked.with_suffix(".made")
    done.unlink(missing_ok=True)
    try:
        asked.touch(mode=0o600)
        ends = time.monotonic() + WAIT_S
        while time.monotonic() < ends:
            await asyncio.sleep(0.2)
            if done.exists():
                click.echo(done.read_text("utf-8").removeprefix("made ").strip())
                return True
    finally:
        asked.unlink(missing_ok=True)
        done.unlink(missing_ok=True)
    return False


async def restore(file: Path, key_file: Path, drill: bool) -> None:
    """Into the empty database of the settings, or with `drill` into one that is thrown away."""
    seed = _seed(key_file)
    label = label_of(file, public_key(seed))
    if drill:
        with tempfile.TemporaryDirectory(prefix="hamrah-drill-") as folder:
            counts = await _into(f"sqlite:///{folder}/drill.db", file, seed, label.hour)
        click.echo(f"{_told(counts)}\nThe backup is whole: all of it was restored, and thrown away again.")
        return
    settings = load_settings()
    keys = KeysFolder(settings.keys)
    known = keys.find("deployment")
    if known is not None and known[:16] != label.deployment:
        raise ConfigError(f"{file.name} is a backup of another service than the one whose keys are in {settings.keys}")
    counts = await _into(settings.database, file, seed, label.hour)
    keys.adopt("deployment", label.deployment + secrets.token_bytes(16))
    click.echo(
        f"{_told(counts)}\nRestored. Talks begin anew and nobody is signed in. "
        "Officers need their shards too (docs/hosting.md).\n"
        "Tell officers that what came after the backup is missing, then `hamrah doctor` and `hamrah serve`."
    )


async def _into(url: str, file: Path, seed: bytes, made: int) -> Mapping[str, int]:
    def fill(conn: Connection) -> Mapping[str, int]:
        counts = restored(conn, file, seed)
        marks.put(conn, RESTORED, made, now() // HOUR_S)
        return counts

    database = await open_empty(url)
    try:
        return await database.write(fill)
    finally:
        await database.close()


def _seed(key_file: Path) -> bytes:
    try:
        seed = bytes.fromhex(key_file.read_text("ascii").strip())
        public_key(seed)
    except (OSError, ValueError, HelplineError) as error:
        raise ConfigError(f"{key_file} is not the secret half of a backup key") from error
    return seed


def _told(counts: Mapping[str, int]) -> str:
    return "\n".join(f"  {name:20}{count:>10,}" for name, count in counts.items() if count)

"""Backups: what lasts, sealed to a key that lies offline, into a folder; old ones go (R18, S45).

Nothing of them is readable here, so what proves one is `restore --drill` where the key is.
"""

import asyncio
import os
import re
import secrets
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from bot.core.errors import ConfigError, Damaged, StorageError
from bot.sealing.archive import Label, open_archive, read_label, read_public, seal_archive
from bot.sealing.keys import key_id
from bot.sealing.keys_folder import KeysFolder
from bot.settings import Settings
from storage import Database
from storage.dump import dump, restore, split_lines

HOUR_S, DAY_S = 3600, 86_400
MOST_DAYS = 35
"""No backup outlives this: what a child deleted must be gone from them too (S45)."""
ASK_EVERY_S = 2.0
REQUEST = "backup.wanted"
RESTORED = "restored"
"""A mark: the hour that the restored backup was made, at the hour of the restoring."""
_NAME = re.compile(r"hamrah-(\d{4}-\d{2}-\d{2}-\d{2})-[0-9a-f]{8}\.backup")
_LEVEL = 1

log = structlog.get_logger()


class BackupFolder:
    """`now`: epoch seconds.  `deployment`: 16 bytes."""

    def __init__(self, folder: Path, public: bytes, deployment: bytes, now: Callable[[], int]) -> None:
        self._folder = folder
        self._public = public
        self._deployment = deployment
        self.now = now

    async def make(self, database: Database) -> Path:
        """Write a backup, whole or not at all; it has its name only once it lies on the disk."""
        hour = self.now() // HOUR_S
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        stamp = datetime.fromtimestamp(hour * HOUR_S, ZoneInfo("UTC")).strftime("%Y-%m-%d-%H")
        final = self._folder / f"hamrah-{stamp}-{secrets.token_hex(4)}.backup"
        draft = final.with_suffix(".part")
        try:
            await database.snapshot(lambda conn: self._write(conn, draft, hour))
            os.rename(draft, final)
            _sync(self._folder)
        except OSError as error:
            raise StorageError(f"the backup could not be written: {error.strerror}") from error
        finally:
            draft.unlink(missing_ok=True)
        return final

    def drop_old(self, keep_days: int) -> int:
        """Remove what is older than `keep_days`, and drafts that a kill left; the newest one stays.  Returns how many went."""
        oldest = self.now() // HOUR_S - min(keep_days, MOST_DAYS) * 24
        found = self.found()
        old = [file for hour, file in found[1:] if hour < oldest]
        for file in [*old, *self._folder.glob("hamrah-*.part")]:
            file.unlink(missing_ok=True)
        return len(old)

    def found(self) -> list[tuple[int, Path]]:
        """(hour, file) of the backups in the folder, the newest first."""
        files = ((file, _NAME.fullmatch(file.name)) for file in self._folder.glob("hamrah-*.backup"))
        return sorted(((_hour(named[1]), file) for file, named in files if named), reverse=True)

    def _write(self, conn: Connection, draft: Path, hour: int) -> None:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            for piece in seal_archive(self._public, self._deployment, hour, _packed(dump(conn))):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())


class Backups:
    """Makes one a day, and one whenever it is asked for by a file in the data folder.

    `hour`: of the day on the operator's clock.  `keep_days`: how long they stay.
    """

    def __init__(
        self, folder: BackupFolder, database: Database, asked: Path, zone: ZoneInfo, hour: int, keep_days: int
    ) -> None:
        self._folder = folder
        self._database = database
        self._asked = asked
        self._zone = zone
        self._hour = hour
        self._keep_days = keep_days

    async def keep(self) -> None:
        """Look every other second, until cancelled; a backup that failed is tried again after ten minutes."""
        while True:
            try:
                await self.round()
            except Exception as fault:  # a full disk must not end this work for good
                log.error("backup_failed", fault=type(fault).__name__)
                await asyncio.sleep(600)
            await asyncio.sleep(ASK_EVERY_S)

    async def round(self) -> Path | None:
        """Make the one that is due or asked for, if any, and let old ones go."""
        asked = self._asked.exists()
        if not asked and not self._due():
            return None
        made = await self._folder.make(self._database)
        self._folder.drop_old(self._keep_days)
        log.info("backup_made")
        if asked:
            self._asked.write_text(f"made {made}\n", "utf-8")
            self._asked.rename(self._asked.with_suffix(".made"))
        return made

    def _due(self) -> bool:
        now = datetime.fromtimestamp(self._folder.now(), self._zone)
        newest = self._folder.found()[:1]
        if not newest:
            return True
        today = now.replace(hour=self._hour, minute=0, second=0, microsecond=0)
        return now >= today and newest[0][0] * HOUR_S + HOUR_S <= today.timestamp()


def backups_of(settings: Settings, database: Database, now: Callable[[], int]) -> Backups:
    """The daily work, as the settings have it; needs `backup_key`."""
    asked = settings.data_dir / REQUEST
    zone = ZoneInfo(settings.timezone)
    return Backups(folder_of(settings, now), database, asked, zone, settings.backup_hour, settings.backup_days)


def folder_of(settings: Settings, now: Callable[[], int]) -> BackupFolder:
    """Raises `ConfigError` where no key is set."""
    if settings.backup_key is None:
        raise ConfigError(
            "HAMRAH_BACKUP_KEY is missing: `hamrah backup-key` makes one on a machine that is never online"
        )
    deployment = KeysFolder(settings.keys).find_or_make("deployment")[:16]
    return BackupFolder(settings.backups, read_public(settings.backup_key), deployment, now)


def restored(conn: Connection, file: Path, seed: bytes) -> Mapping[str, int]:
    """Fill the empty database at `conn` from a backup; how many rows of each table.

    Raises `Damaged`, `NotMine` or `StorageError`, and then nothing of it may be kept.
    """
    with file.open("rb") as opened:
        return restore(conn, split_lines(_unpacked(open_archive(seed, opened))))


def label_of(file: Path, public: bytes) -> Label:
    """What a backup says of itself.  Raises `StorageError` when it was sealed to another key than `public`."""
    try:
        with file.open("rb") as opened:
            label = read_label(opened)
    except OSError as error:
        raise StorageError(f"{file}: {error.strerror}") from error
    if label.recipient != key_id(public):
        raise StorageError(f"{file.name} was sealed to another backup key than this one")
    return label


def _packed(lines: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(_LEVEL)
    for line in lines:
        if piece := packer.compress(line):
            yield piece
    yield packer.flush()


def _unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    for piece in pieces:
        yield unpacker.decompress(piece)
    if not unpacker.eof:
        raise Damaged("the backup is cut short")


def _hour(stamp: str) -> int:
    return int(datetime.strptime(stamp, "%Y-%m-%d-%H").replace(tzinfo=ZoneInfo("UTC")).timestamp()) // HOUR_S


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""The keys folder: small secrets in files that all replicas share and no backup ever holds (D8, D9, D14).

A key is made once, whoever comes first: the file is written under a name of its own and then linked into
place, so that a reader never meets half a key and two replicas never keep two.  A destroyed key is
overwritten first.
"""

import os
import secrets
import stat
from pathlib import Path

from bot.core.errors import ConfigError, Damaged

KEY_BYTES = 32


class KeysFolder:
    """`path` must belong to us and be closed to others (0700); it is made when missing."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def prepare(self) -> None:
        """Make the folder if missing; refuse one that others may look into (S59)."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = stat.S_IMODE(self.path.stat().st_mode)
        if mode & 0o077:
            raise ConfigError(f"keys folder has mode {mode:04o}; run: chmod 700 on it")

    def names(self, prefix: str) -> list[str]:
        return sorted(entry.name for entry in self.path.glob(f"{prefix}*") if not entry.name.startswith("."))

    def find(self, name: str) -> bytes | None:
        """The key of that name, or None; a file of another length is `Damaged`."""
        try:
            key = (self.path / name).read_bytes()
        except FileNotFoundError:
            return None
        if len(key) != KEY_BYTES:
            raise Damaged(f"key file {name} has {len(key)} bytes")
        return key

    def find_or_make(self, name: str) -> bytes:
        """The key of that name, made now if nobody has; on disk before it is used for anything."""
        return self.find(name) or self._make(name)

    def adopt(self, name: str, key: bytes) -> bytes:
        """Take in a key from elsewhere, where there is none of that name; the one that counts."""
        return self.find(name) or self._make(name, key)

    def destroy(self, name: str) -> None:
        """Overwrite, then remove.  Somebody else may have done so already."""
        path = self.path / name
        try:
            with path.open("r+b") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        except FileNotFoundError:
            return
        self._sync_folder()

    def _make(self, name: str, key: bytes | None = None) -> bytes:
        self.prepare()
        draft = self.path / f".{name}.{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(key or secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            _link_unless_there(draft, self.path / name)
        finally:
            draft.unlink(missing_ok=True)
        self._sync_folder()
        made = self.find(name)
        if made is None:
            raise Damaged(f"key file {name} vanished while it was made")
        return made

    def _sync_folder(self) -> None:
        descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _link_unless_there(draft: Path, final: Path) -> None:
    try:
        os.link(draft, final)
    except FileExistsError:
        return  # another replica was first: its key counts

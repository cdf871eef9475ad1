"""The server's half of what opens an officer's keys: one shard per officer and epoch (D14).

Destroying a shard is what makes an ended epoch unreadable, in every old backup too.  Shards lie in a folder of their
own under the keys folder: never in data backups, and in their own for at most seven days.
"""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from bot.core.roster import KeyId
from bot.sealing.keys_folder import KeysFolder


class Shards:
    """`keys_folder`: the deployment's keys folder, shared by all replicas."""

    def __init__(self, keys_folder: Path) -> None:
        self._folder = KeysFolder(keys_folder / "shards")

    def find_or_make(self, officer: str, epoch_key: KeyId) -> bytes:
        """The shard (32 bytes) of this officer's epoch, made at enrolment."""
        return self._folder.find_or_make(_name(officer, epoch_key))

    def find(self, officer: str, epoch_key: KeyId) -> bytes | None:
        """None once it is destroyed: then the officer's keys of that epoch are gone."""
        return self._folder.find(_name(officer, epoch_key))

    def destroy(self, officer: str, epoch_key: KeyId) -> None:
        """At the end of an epoch, after every kept case was sealed anew (S13)."""
        self._folder.destroy(_name(officer, epoch_key))

    def destroy_others(self, officer: str, kept: Sequence[KeyId]) -> None:
        """All but those of the epochs `kept`: the ended ones, and what an interrupted renewal left."""
        living = {_name(officer, key) for key in kept}
        for name in self._folder.names(_of(officer)):
            if name not in living:
                self._folder.destroy(name)

    def destroy_all(self, officer: str) -> None:
        """When an officer leaves."""
        for name in self._folder.names(_of(officer)):
            self._folder.destroy(name)


def _of(officer: str) -> str:
    return sha256(officer.encode("ascii")).hexdigest()[:32] + "-"


def _name(officer: str, epoch_key: KeyId) -> str:
    return _of(officer) + epoch_key.hex()

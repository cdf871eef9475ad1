"""One process, one local disk: what the embedded database needs to be safe."""

import fcntl
import os
from pathlib import Path
from types import TracebackType

from bot.core.errors import StorageError

_REMOTE = frozenset(
    (
        *("9p", "afs", "ceph", "cifs", "coda", "gfs2", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "smb3", "smbfs"),
        *("fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs"),
    )
)
_MOUNTS = Path("/proc/self/mounts")


class ProcessLock:
    """Held for the life of the process; the system lets go of it when the process dies, however it dies."""

    def __init__(self, database: Path) -> None:
        """Raises `StorageError` when another process works on `database`."""
        self._file = os.open(database.with_name(database.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._file)
            raise StorageError(
                f"another process is working on {database.name}; stop it, or talk to it instead"
            ) from error

    def release(self) -> None:
        """The file stays: removing it would let two processes lock two files of one name."""
        os.close(self._file)

    def __enter__(self) -> "ProcessLock":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def refuse_network_disk(folder: Path, mounts: str | None = None) -> None:
    """Raise `StorageError` where file locks and syncs cannot be trusted.  `mounts`: text in the form of /proc/mounts."""
    if mounts is None:
        mounts = _MOUNTS.read_text(encoding="utf-8") if _MOUNTS.exists() else ""
    kind = _kind_of(folder.resolve(), mounts)
    if kind in _REMOTE:
        raise StorageError(f"the data folder is on a network file system ({kind}); choose a local disk, or PostgreSQL")


def _kind_of(folder: Path, mounts: str) -> str:
    """Type of the file system that holds `folder`: the mount with the longest path above it, the last one if equal."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        _, at, type_, *_ = line.split()
        at = at.replace("\\040", " ")
        if folder.is_relative_to(at) and len(at) >= best:
            best, kind = len(at), type_
    return kind

"""How large a running server is, and how large its files may become: read and set from outside, through the system."""

import resource
from dataclasses import dataclass
from pathlib import Path

_PAGE = resource.getpagesize()
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Size:
    """`memory`: resident bytes; `files`: open handles; `journal`: bytes of the embedded database's journal."""

    memory: int
    files: int
    journal: int


def size_of(pid: int, folder: Path) -> Size:
    """Of a running process and of its service's folder."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    handles = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    journals = [file.stat().st_size for file in folder.glob("*-wal")]
    return Size(pages * _PAGE, handles, max(journals, default=0))


def fill_disk(pid: int) -> None:
    """No file of this process can be written to any more, as on a disk without a free byte."""
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))


def free_disk(pid: int) -> None:
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))

"""Memory holds what children write for a moment: no core dump, debugger or crash report gets it, and swap is noticed (S7)."""

import ctypes
import resource
import sys
from pathlib import Path

from bot.core.errors import ConfigError

_SET_DUMPABLE, _GET_DUMPABLE = 4, 3
"""Of prctl(2).  Without it the kernel hands a dying process to whatever `core_pattern` names, even where the limit is nought."""


def keep_memory_private() -> None:
    """Before the first word comes in.  Raises `ConfigError` where the system refuses: then nothing starts."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_SET_DUMPABLE, 0, 0, 0, 0)
        if libc.prctl(_GET_DUMPABLE, 0, 0, 0, 0) != 0:
            raise ConfigError("this system writes core dumps of us: allow prctl(PR_SET_DUMPABLE), then start again")
    if resource.getrlimit(resource.RLIMIT_CORE) != (0, 0):
        raise ConfigError("this system writes core dumps of us: set LimitCORE=0 (ulimit -c 0), then start again")


def swap_fault(proc: Path = Path("/proc"), groups: Path = Path("/sys/fs/cgroup")) -> str:
    """Why memory may go to a disk, with the remedy, or nothing."""
    try:
        areas = [line.split()[0] for line in (proc / "swaps").read_text("ascii").splitlines()[1:]]
        own = (proc / "self" / "cgroup").read_text("ascii").strip().rpartition(":")[2].lstrip("/")
    except OSError:
        return ""
    on_disk = [area for area in areas if not area.startswith(("/dev/zram", "/dev/mapper/", "/dev/dm-"))]
    if not on_disk or _none_for_us(groups / own, groups):
        return ""
    named = ", ".join(on_disk)
    return f"memory may be written to {named}: run `swapoff -a`, or serve by deploy/hamrah.service, which forbids it"


def _none_for_us(group: Path, top: Path) -> bool:
    """Whether our control group, or one above it, allows no swap."""
    for folder in (group, *group.parents):
        limit = folder / "memory.swap.max"
        if limit.is_file() and limit.read_text("ascii").strip() == "0":
            return True
        if folder == top:
            break
    return False

"""How much room there is."""

import os
from pathlib import Path


def free_ratio(folder: Path) -> float:
    """The free part of the disk that holds `folder`, 0 to 1."""
    found = os.statvfs(folder)
    return found.f_bavail / found.f_blocks if found.f_blocks else 0.0

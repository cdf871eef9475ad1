"""The release before: the code as it was before the newest migration, taken from the history, beside a copy of today's.

It stands in a folder of its own and runs in processes of its own, so that no module of today's gets into it.
"""

import os
import pickle
import subprocess
import sys
from pathlib import Path

from storage import revisions
from tests.service import Service

ROOT = Path(__file__).parents[2]
_FOUND = """
import asyncio, pickle, sys
from pathlib import Path
from storage import revisions
from tests.service import found
made = asyncio.run(found(Path(sys.argv[1]), sys.argv[2]))
sys.stdout.buffer.write(pickle.dumps((revisions.NEWEST, made)))
"""


def find_commit() -> str | None:
    """The last commit before the newest migration, or none where the history is not at hand (an archive, a shallow copy)."""
    (newest,) = (ROOT / "storage" / "migrations" / "versions").glob(f"{revisions.NEWEST}_*.py")
    added = _git("log", "-1", "--diff-filter=A", "--format=%H", "--", str(newest.relative_to(ROOT)))
    return _git("rev-parse", "--verify", "--quiet", f"{added}^1") if added else None


def unpack(commit: str, folder: Path) -> Path:
    """The tree of that commit in `folder`, without a trace in the repository."""
    folder.mkdir()
    packed = subprocess.run(("git", "archive", commit), cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    subprocess.run(("tar", "-x", "-C", str(folder)), input=packed, check=True)
    return folder


def found_by(root: Path, folder: Path, address: str) -> tuple[str, Service]:
    """A service founded by the code in `root`: the newest migration it knows, and the service."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("HAMRAH_")}
    command = (sys.executable, "-c", _FOUND, str(folder), address)
    made = subprocess.run(
        command, cwd=root, env={**env, "PYTHONPATH": str(root)}, check=True, stdout=subprocess.PIPE
    ).stdout
    revision, service = pickle.loads(made)  # what our own child process has just made
    return revision, service


def _git(*words: str) -> str | None:
    try:
        told = subprocess.run(("git", *words), cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return told.stdout.strip() or None if told.returncode == 0 else None

"""The project's own files, found without a version-control program."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
# As .gitignore has it.
LEFT_OUT = {".git", ".venv", ".venv-bench", "node_modules", "__pycache__", ".hypothesis"}
LEFT_OUT_AT_THE_TOP = {"data", "build", "dist"}
BINARY = {".png", ".ogg", ".mo", ".pyc"}


def project_files(*, under: Path = ROOT) -> Iterator[Path]:
    """Every file that belongs to the project, without what ignore rules leave out."""
    for path in sorted(under.iterdir()):
        if path.is_dir():
            if not _left_out(path):
                yield from project_files(under=path)
        elif path.name != ".coverage":
            yield path


def project_texts() -> Iterator[tuple[Path, str]]:
    """Path within the project and text of every file that is not binary."""
    for path in project_files():
        if path.suffix not in BINARY:
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8")


def _left_out(folder: Path) -> bool:
    if folder.name in LEFT_OUT or folder.name.endswith(("_cache", ".egg-info")):
        return True
    return folder.parent == ROOT and folder.name in LEFT_OUT_AT_THE_TOP

"""The real content, loaded once, and copies of its folder that a test may spoil."""

import shutil
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.content.loader import load_content
from bot.content.model import Content
from tests.plugins.postgres import quick_disk

Spoil = Callable[[str, str, str], Path]


@pytest.fixture(scope="session")
def content() -> Content:
    return load_content()


@pytest.fixture
def spoil() -> Iterator[Spoil]:
    """Copy the content folder and replace one piece of text in one file; return the folder."""
    copies = TemporaryDirectory(dir=quick_disk())

    def spoiled(file: str, old: str, new: str) -> Path:
        folder = Path(copies.name) / "content"
        if not folder.exists():
            ours = shutil.ignore_patterns("*.py", "__pycache__")
            shutil.copytree(str(files("bot.content")), folder, ignore=ours)
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{file} no longer holds {old!r}: choose another piece to spoil"
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    with copies:
        yield spoiled

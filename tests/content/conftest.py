"""The real content, loaded once, and copies of its folder that a test may spoil."""

import shutil
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from bot.content.loader import load_content
from bot.content.model import Content

Spoil = Callable[[str, str, str], Path]


@pytest.fixture(scope="session")
def content() -> Content:
    return load_content()


@pytest.fixture
def spoil(tmp_path: Path) -> Spoil:
    """Copy the content folder and replace one piece of text in one file; return the folder."""

    def spoiled(file: str, old: str, new: str) -> Path:
        folder = tmp_path / "content"
        if not folder.exists():
            shutil.copytree(str(files("bot.content")), folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{file} no longer holds {old!r}: choose another piece to spoil"
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return spoiled

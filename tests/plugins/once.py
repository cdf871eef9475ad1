"""What every house of a test process reads alike is read once: catalogues by file and time, the seeker by its content.

A service does each once in its life, so the program itself keeps no such memory.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.console.texts import SOURCES
from bot.content.loader import load_content
from bot.content.model import Content
from bot.content.seeking import Seeker, make_seeker
from bot.wording import catalog
from bot.wording.live import load_live

_read_entries = catalog._entries
_seekers: list[tuple[Any, Seeker]] = []


@cache
def _entries_of(file: Path, _stamp: tuple[int, int, int]) -> tuple[Any, ...]:
    return tuple(_read_entries(file))


def _entries(file: Path) -> Iterator[Any]:
    if not file.is_file():
        return
    found = file.stat()
    yield from _entries_of(file, (found.st_mtime_ns, found.st_size, found.st_ino))


def _seeker(content: Content) -> Seeker:
    titles = {goto: content.texts[screen.title].en for goto, screen in content.screens.items() if screen.title}
    wanted = (content.seeking, titles, content.hearing)
    for made_of, seeker in _seekers:
        if made_of == wanted:
            return seeker
    _seekers.append((wanted, make_seeker(content)))
    return _seekers[-1][1]


def warm() -> None:
    """Read everything now: processes forked from this one find it read."""
    pytest_configure()
    content = load_content()
    load_live({**content.texts, **SOURCES}, content.place_names)
    _seeker(content)


def pytest_configure() -> None:
    here = pytest.MonkeyPatch()
    here.setattr("bot.wording.catalog._entries", _entries)
    here.setattr("bot.wording.catalog.refuse_wrong", cache(catalog.refuse_wrong))
    here.setattr("bot.recontent.make_seeker", _seeker)

"""What every house of a test process reads alike is read once: catalogues by file and time, the seeker by its content.

A service does each once in its life, so the program itself keeps no such memory.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.content.model import Content
from bot.content.seeking import Seeker, make_seeker
from bot.wording import catalog

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


def pytest_configure() -> None:
    here = pytest.MonkeyPatch()
    here.setattr("bot.wording.catalog._entries", _entries)
    here.setattr("bot.wording.catalog.refuse_wrong", cache(catalog.refuse_wrong))
    here.setattr("bot.recontent.make_seeker", _seeker)

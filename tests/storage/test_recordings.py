"""Versions of recordings: only ever added, each sound kept once, and what counts is found in one look; on both databases."""

from hashlib import sha256

import pytest

from bot.core.errors import Conflict
from storage import Database, recordings
from storage.recordings import Version

SOUND = b"OggS and so on"
DIGEST = sha256(SOUND).digest()


def version(number: int, state: str = "draft", lang: str = "ur", text: str = "greet") -> Version:
    gone = state == "withdrawn"
    return Version(lang, text, number, state, "amna", "" if gone else "سلام", b"" if gone else DIGEST, 4, 7)


async def test_what_is_heard_is_the_newest_that_was_published_or_withdrawn(database: Database) -> None:
    steps = [version(1), version(2, "reviewed"), version(3, "published"), version(4)]
    for row in (*steps, version(1, "published", "sd"), version(2, "withdrawn", "sd")):
        await database.write(lambda c, row=row: recordings.add(c, row))  # type: ignore[misc]

    assert [("sd", 2, b""), ("ur", 3, DIGEST)] == [
        (row.lang, row.version, row.sound) for row in await database.read(recordings.counting)
    ]
    assert 3 == await database.read(recordings.shown_changes)
    assert steps[::-1] == await database.read(lambda c: recordings.history(c, "ur", "greet"))
    assert steps[3:] == await database.read(lambda c: recordings.newest(c, "ur"))
    with pytest.raises(Conflict):
        await database.write(lambda c: recordings.add(c, version(4)))


async def test_a_sound_is_kept_once_and_found_by_its_content(database: Database) -> None:
    for _ in range(2):
        await database.write(lambda c: recordings.keep(c, DIGEST, SOUND))

    assert SOUND == await database.read(lambda c: recordings.sound(c, DIGEST))
    assert await database.read(lambda c: recordings.sound(c, bytes(32))) is None

"""Watches which recordings were published at the desk, so that every replica plays them within seconds, without a restart.

Sounds are kept beside the replica's other files, named by their content, and fetched from the database once.
"""

import asyncio
import os
import tempfile
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import structlog

from bot.core.errors import ContentError
from bot.wording.voices import SUFFIX, Clip, LiveVoices, mark_of, read_clip
from storage import Database, recordings

EVERY_S = 2.0
"""As for words: played by every replica within 5 s; a look is one count over an index."""

log = structlog.get_logger()


class Revoicing:
    """`folder`: where this replica keeps sounds; whatever is lost there is fetched again.  `renewed`: called after a change."""

    def __init__(self, database: Database, voices: LiveVoices, folder: Path, renewed: Callable[[], None]) -> None:
        self._database = database
        self._voices = voices
        self._folder = folder
        self._renewed = renewed
        self._seen = 0
        self._kept = True

    async def keep(self) -> None:
        """Look every two seconds, until cancelled; while the database is away, what could be heard can be heard."""
        while True:
            try:
                await self.look()
            except Exception as fault:  # whatever it is, children go on hearing what they heard before
                log.error("recordings_unread", fault=type(fault).__name__)
            await asyncio.sleep(EVERY_S)

    async def look(self) -> None:
        """Take over what was published since the last look; the count is read first, as in `Rewording`."""
        count = await self._database.read(recordings.shown_changes)
        if count == self._seen:
            return
        rows: Sequence[recordings.Version] = await self._database.read(recordings.counting)
        self._kept = True
        taken: dict[str, dict[str, tuple[str, Clip]]] = {}
        for row in rows:
            if row.state == "published" and (clip := await self._clip(row)) is not None:
                taken.setdefault(row.lang, {})[row.text] = (row.words, clip)
        self._voices.take(taken)
        if self._kept:  # else the next look tries again
            self._seen = count
        self._renewed()

    async def _clip(self, row: recordings.Version) -> Clip | None:
        """None for a sound that is not what its name says: the others count all the same."""
        file = self._folder / (row.sound.hex() + SUFFIX)
        if not file.is_file():
            sound = await self._database.read(lambda conn: recordings.sound(conn, row.sound))
            if sound is None or sha256(sound).digest() != row.sound:
                log.error("recording_refused", why=f"{row.lang}/{row.text}: the sound is not there, or not the one")
                return None
            try:
                await asyncio.to_thread(_write, file, sound)
            except OSError as full:  # a full disk takes no voice from the texts whose sounds are here
                self._kept = False
                log.error("recording_not_kept", fault=type(full).__name__)
                return None
        try:
            read = await asyncio.to_thread(read_clip, file)
        except (ContentError, OSError) as wrong:
            log.error("recording_refused", why=f"{row.lang}/{row.text}: {type(wrong).__name__}")
            return None
        return Clip(row.text, file, read.trial, mark_of(row.words))


def _write(file: Path, sound: bytes) -> None:
    """Written aside and moved into place, so that nobody ever reads half a sound."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=SUFFIX)
    with os.fdopen(handle, "wb") as opened:
        opened.write(sound)
    os.replace(aside, file)

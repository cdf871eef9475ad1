"""Recordings at the translators' desk: drafting, approving, publishing and taking back, version by version, like words.

A recording belongs to the very words that were read aloud; it is played only while these are the words shown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Protocol

from bot.core.errors import Conflict
from bot.core.words import placeholders
from bot.services.officers.ports import Conn, Database
from bot.services.officers.sign_in import Signed
from bot.services.officers.trail import HOUR_S, Ledger, write_entry
from bot.services.sound import seconds_of
from bot.services.spoken import Sound, sound_fault
from bot.services.wording_desk import DRAFT, PUBLISHED, REVIEWED, WITHDRAWN, Line, WordingDesk
from bot.wording.voices import mark_of

OVERTAKEN: Final = "overtaken"
SECOND: Final = "second"
STALE: Final = "stale"
ORDER: Final = "order"
SAME: Final = "same"
GAPS: Final = "gaps"
"""Why a step was not taken, beside the words of `sound_fault`; each has a text of its own in the page."""


class Row(Protocol):
    """A version as it is stored; see `storage.recordings.Version`."""

    @property
    def text(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def sound(self) -> bytes: ...
    @property
    def seconds(self) -> int: ...
    @property
    def hour(self) -> int: ...


class Rows(Protocol):
    def add(self, conn: Conn, row: Any) -> None: ...

    def keep(self, conn: Conn, digest: bytes, sound: bytes) -> None: ...

    def sound(self, conn: Conn, digest: bytes) -> bytes | None: ...

    def newest(self, conn: Conn, lang: str) -> Sequence[Row]: ...

    def history(self, conn: Conn, lang: str, text: str) -> Sequence[Row]: ...


@dataclass(frozen=True, slots=True)
class Step:
    """A version as it is added."""

    lang: str
    text: str
    version: int
    state: str
    author: str
    words: str
    sound: bytes
    seconds: int
    hour: int


Decision = tuple[str, str, bytes, int] | str
"""State, words, sound and seconds of the next version; or why there is none."""


class VoiceDesk:
    """`wording`: the desk of the words that are read aloud."""

    def __init__(self, database: Database, *, rows: Rows, ledger: Ledger, wording: WordingDesk) -> None:
        self._database = database
        self._rows = rows
        self._ledger = ledger
        self._wording = wording

    def words_of(self, lang: str, line: Line) -> str:
        """What is to be read aloud: the newest words; where there are none, what readers of the language see instead."""
        return line.words if line.words and not line.stale else self._wording.live.wording.texts[lang][line.id]

    async def waiting(self, lang: str) -> frozenset[str]:
        """Texts with a recording that somebody has to approve or publish."""
        rows = await self._database.read(lambda conn: self._rows.newest(conn, lang))
        return frozenset(row.text for row in rows if row.state in (DRAFT, REVIEWED))

    async def history(self, lang: str, id: str) -> Sequence[Row]:
        return await self._database.read(lambda conn: self._rows.history(conn, lang, id))

    async def sound(self, lang: str, id: str, version: int) -> bytes | None:
        """The sound of one version; none where there is none."""
        row = next((one for one in await self.history(lang, id) if one.version == version), None)
        if row is None or not row.sound:
            return None
        digest = row.sound
        return await self._database.read(lambda conn: self._rows.sound(conn, digest))

    async def save(self, who: Signed, lang: str, line: Line, sound: Sound, *, mark: str, based: int, now: int) -> str:
        """A new draft; "" or why not.  `mark`: of the words that stood before whoever read them aloud."""
        words = self.words_of(lang, line)
        if placeholders(words):
            return GAPS
        if mark != mark_of(words):
            return OVERTAKEN
        if fault := sound_fault(sound, words):
            return fault
        digest, seconds = sha256(sound.content).digest(), seconds_of(sound.content)

        def step(past: Sequence[Row]) -> Decision:
            if past and (past[0].sound, past[0].words) == (digest, words):
                return SAME
            return DRAFT, words, digest, seconds

        return await self._do(who, lang, line.id, based, now, step, sound.content)

    async def approve(self, who: Signed, lang: str, line: Line, *, based: int, now: int) -> str:
        """It says the words, clearly.  For safety-critical ones somebody else than whoever recorded it must agree."""

        def step(past: Sequence[Row]) -> Decision:
            if not past or past[0].state != DRAFT:
                return ORDER
            if past[0].words != self.words_of(lang, line):
                return STALE
            spoke = {row.author for row in past if row.state == DRAFT and row.sound == past[0].sound}
            return SECOND if line.source.critical and who.account.id in spoke else _as(REVIEWED, past[0])

        return await self._do(who, lang, line.id, based, now, step)

    async def publish(self, who: Signed, lang: str, line: Line, *, based: int, now: int) -> str:
        """Children hear it from now on, wherever these words are shown."""

        def step(past: Sequence[Row]) -> Decision:
            if not past or past[0].state != REVIEWED:
                return ORDER
            return STALE if past[0].words != self.words_of(lang, line) else _as(PUBLISHED, past[0])

        return await self._do(who, lang, line.id, based, now, step)

    async def withdraw(self, who: Signed, lang: str, line: Line, *, based: int, now: int) -> str:
        """The recording of the release counts again, if there is one."""

        def step(past: Sequence[Row]) -> Decision:
            return (WITHDRAWN, "", b"", 0) if past and past[0].state != WITHDRAWN else ORDER

        return await self._do(who, lang, line.id, based, now, step)

    async def revert(self, who: Signed, lang: str, line: Line, *, to: int, based: int, now: int) -> str:
        """Back to an older recording: at once where it was published of the words of now, else as a draft."""
        words = self.words_of(lang, line)

        def step(past: Sequence[Row]) -> Decision:
            wanted = next((row for row in past if row.version == to and row.sound), None)
            if wanted is None:
                return ORDER
            if wanted.words != words:
                return STALE
            if past[0].state == PUBLISHED and past[0].sound == wanted.sound:
                return SAME
            known = any(row.state == PUBLISHED and (row.sound, row.words) == (wanted.sound, words) for row in past)
            return _as(PUBLISHED if known else DRAFT, wanted)

        return await self._do(who, lang, line.id, based, now, step)

    async def _do(
        self,
        who: Signed,
        lang: str,
        id: str,
        based: int,
        now: int,
        decide: Callable[[Sequence[Row]], Decision],
        sound: bytes = b"",
    ) -> str:
        """Add one version in one transaction with its trace; nothing where `decide` says no."""

        def work(conn: Conn) -> str:
            past = self._rows.history(conn, lang, id)
            if (past[0].version if past else 0) != based:
                return OVERTAKEN
            found = decide(past)
            if isinstance(found, str):
                return found
            state, words, digest, seconds = found
            if sound:
                self._rows.keep(conn, digest, sound)
            author, hour = who.account.id, now // HOUR_S
            self._rows.add(conn, Step(lang, id, based + 1, state, author, words, digest, seconds, hour))
            write_entry(self._ledger, conn, who=who.key, act=f"voice_{state}", now=now)
            return ""

        try:
            return await self._database.write(work)
        except Conflict:
            return OVERTAKEN


def _as(state: str, row: Row) -> Decision:
    return state, row.words, row.sound, row.seconds

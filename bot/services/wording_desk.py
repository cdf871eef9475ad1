"""The translators' desk: drafting, reviewing, publishing and taking back, version by version (DESIGN, "A sentence").

A version is only ever added.  Safety-critical words are approved by somebody who wrote none of them.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from hashlib import sha256
from typing import Any, Final, Protocol

from bot.content.model import Content, TextSource
from bot.content.sentence_rules import Fault, limit_of, sentence_faults
from bot.content.text_rules import button_ids
from bot.core.errors import Conflict
from bot.core.roster import KeyId
from bot.services.officers.ports import Conn, Database
from bot.services.officers.sign_in import Signed
from bot.services.officers.trail import HOUR_S, Ledger, write_entry
from bot.wording.exchange import Entry
from bot.wording.live import LiveWording, fits
from bot.wording.load import SOURCE_LANGUAGE

DRAFT: Final = "draft"
REVIEWED: Final = "reviewed"
PUBLISHED: Final = "published"
WITHDRAWN: Final = "withdrawn"
MISSING: Final = "missing"


class No(Enum):
    """Why a step was not taken; each has a text of its own in the page."""

    OVERTAKEN = "overtaken"
    SECOND = "second"
    STALE = "stale"
    ORDER = "order"
    FAULTY = "faulty"
    SAME = "same"


class Row(Protocol):
    """A version as it is stored; see `storage.wordings.Version`."""

    @property
    def lang(self) -> str: ...
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
    def english(self) -> str: ...
    @property
    def source(self) -> bytes: ...
    @property
    def hour(self) -> int: ...


class Rows(Protocol):
    def add(self, conn: Conn, row: Any) -> None: ...

    def newest(self, conn: Conn, lang: str) -> Sequence[Row]: ...

    def counting(self, conn: Conn) -> Sequence[Row]: ...

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
    english: str
    source: bytes
    hour: int


@dataclass(frozen=True, slots=True)
class Line:
    """A text at the desk.  `words`: the newest there are.  `before`: the English they were made from, where it changed.

    `version`: the newest, 0 before the first.
    """

    id: str
    source: TextSource
    words: str
    state: str
    version: int
    author: str = ""
    stale: bool = False
    before: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file does.  `changes`: text as it is, and its new words.  `refused`: id and why: a kind of `Fault`,
    "unknown" (no text of ours) or "english" (made from other English).
    """

    changes: list[tuple[Line, str]]
    refused: list[tuple[str, str]]


class WordingDesk:
    """`live`: what readers see in this replica; `live.released`: the English of the content.  `content`: what counts now."""

    def __init__(
        self, database: Database, *, rows: Rows, ledger: Ledger, live: LiveWording, content: Callable[[], Content]
    ) -> None:
        self._database = database
        self._rows = rows
        self._ledger = ledger
        self._live = live
        self._content = content
        self._labels: tuple[Content, Collection[str]] | None = None

    @property
    def live(self) -> LiveWording:
        return self._live

    @property
    def content(self) -> Content:
        return self._content()

    async def board(self, lang: str) -> tuple[Line, ...]:
        """Every text in `lang`, in the order of the content."""

        def look(conn: Conn) -> tuple[Line, ...]:
            newest = {row.text: row for row in self._rows.newest(conn, lang)}
            sources = self._sources(conn)
            return tuple(self._line(lang, id, source, newest.get(id)) for id, source in sources.items())

        return await self._database.read(look)

    async def history(self, lang: str, id: str) -> Sequence[Row]:
        return await self._database.read(lambda conn: self._rows.history(conn, lang, id))

    def faults(self, lang: str, id: str, source: TextSource, words: str) -> tuple[Fault, ...]:
        script = self._live.wording.registry.languages[lang].script
        limit = self.limit(id, source)
        return tuple(sentence_faults(self.content.unsaid, lang, script, id, source, words, limit=limit))

    def limit(self, id: str, source: TextSource) -> int:
        """Characters that fit where the text stands."""
        return limit_of(source, on_button=id in self._buttons())

    def _buttons(self) -> Collection[str]:
        """Ids of texts that stand on buttons; looked up once for each content."""
        content = self.content
        if self._labels is None or self._labels[0] is not content:
            self._labels = (content, button_ids(content))
        return self._labels[1]

    async def save(self, who: Signed, lang: str, id: str, words: str, *, based: int, now: int) -> No | None:
        """A new draft.  `based`: the version it was made from."""

        def step(line: Line, past: Sequence[Row]) -> tuple[str, str] | No:
            if words == line.words and not line.stale:
                return No.SAME
            return No.FAULTY if self._blocked(lang, line, words) else (DRAFT, words)

        return await self._do(who, lang, id, based, now, step)

    async def approve(self, who: Signed, lang: str, id: str, *, based: int, now: int) -> No | None:
        """The words are right.  Safety-critical ones need somebody who wrote none of them."""

        def step(line: Line, past: Sequence[Row]) -> tuple[str, str] | No:
            if line.stale:
                return No.STALE
            if line.state != DRAFT or not line.words:
                return No.ORDER
            if line.source.critical and who.account.id in _writers(past, line.words):
                return No.SECOND
            return No.FAULTY if self._blocked(lang, line, line.words) else (REVIEWED, line.words)

        return await self._do(who, lang, id, based, now, step)

    async def publish(self, who: Signed, lang: str, id: str, *, based: int, now: int) -> No | None:
        """Readers read it from now on."""

        def step(line: Line, past: Sequence[Row]) -> tuple[str, str] | No:
            if line.stale:
                return No.STALE
            if line.state != REVIEWED:
                return No.ORDER
            return No.FAULTY if self._blocked(lang, line, line.words) else (PUBLISHED, line.words)

        return await self._do(who, lang, id, based, now, step)

    async def withdraw(self, who: Signed, lang: str, id: str, *, based: int, now: int) -> No | None:
        """The words of the release count again."""

        def step(line: Line, past: Sequence[Row]) -> tuple[str, str] | No:
            return (WITHDRAWN, "") if past and past[0].state != WITHDRAWN else No.ORDER

        return await self._do(who, lang, id, based, now, step)

    async def revert(self, who: Signed, lang: str, id: str, *, to: int, based: int, now: int) -> No | None:
        """Back to an older version: at once where those words were published for the English of now, else as a draft."""

        def step(line: Line, past: Sequence[Row]) -> tuple[str, str] | No:
            wanted = next((row for row in past if row.version == to and row.words), None)
            if wanted is None:
                return No.ORDER
            if wanted.words == line.words and line.state == PUBLISHED:
                return No.SAME
            if self._blocked(lang, line, wanted.words):
                return No.FAULTY
            known = any(r.state == PUBLISHED and _same(r, wanted.words, line.source.en) for r in past)
            return (PUBLISHED if known else DRAFT, wanted.words)

        return await self._do(who, lang, id, based, now, step)

    async def entries(self, lang: str) -> list[Entry]:
        """Everything there is in `lang`, for a file.  Approved: what readers see and a person agreed with."""
        return [
            Entry(
                one.id, one.source.en, one.words, one.state in (REVIEWED, PUBLISHED) and not one.stale, one.source.note
            )
            for one in await self.board(lang)
        ]

    async def bring(
        self, author: str, key: KeyId | None, lang: str, entries: Sequence[Entry], *, now: int, dry: bool
    ) -> Plan:
        """What a file would change and what of it is refused; unless `dry`, all of it becomes drafts, or nothing does.

        Approving stays with people: what a file says of that is not believed.
        """

        def work(conn: Conn) -> Plan:
            newest = {row.text: row for row in self._rows.newest(conn, lang)}
            sources = self._sources(conn)
            plan = Plan([], [])
            for entry in filter(lambda one: one.words.strip(), entries):
                if entry.id not in sources:
                    plan.refused.append((entry.id, "unknown"))
                    continue
                line = self._line(lang, entry.id, sources[entry.id], newest.get(entry.id))
                self._weigh(plan, lang, line, entry)
            if not dry and not plan.refused:
                for line, words in plan.changes:
                    self._rows.add(conn, _step(lang, line, DRAFT, words, author, now))
                if plan.changes:
                    write_entry(self._ledger, conn, who=key, act="wording_import", now=now)
            return plan

        return await (self._database.read(work) if dry else self._database.write(work))

    def _weigh(self, plan: Plan, lang: str, line: Line, entry: Entry) -> None:
        if entry.english != line.source.en:
            plan.refused.append((entry.id, "english"))
        elif entry.words != line.words:
            faults = [fault.kind for fault in self.faults(lang, line.id, line.source, entry.words) if fault.blocks]
            plan.refused.extend((entry.id, kind) for kind in faults)
            if not faults:
                plan.changes.append((line, entry.words))

    async def _do(self, who: Signed, lang: str, id: str, based: int, now: int, decide: Any) -> No | None:
        """Add one version in one transaction with its trace; nothing where `decide` says no."""

        def work(conn: Conn) -> No | None:
            past = self._rows.history(conn, lang, id)
            source = self._sources(conn)[id]
            line = self._line(lang, id, source, past[0] if past else None)
            if line.version != based:
                return No.OVERTAKEN
            found = decide(line, past)
            if isinstance(found, No):
                return found
            state, words = found
            self._rows.add(conn, _step(lang, line, state, words, who.account.id, now))
            write_entry(self._ledger, conn, who=who.key, act=f"wording_{state}", now=now)
            return None

        try:
            return await self._database.write(work)
        except Conflict:
            return No.OVERTAKEN

    def _blocked(self, lang: str, line: Line, words: str) -> bool:
        source = line.source
        if lang == SOURCE_LANGUAGE:  # its placeholders and numbers are those of the release
            source = replace(source, en=self._live.released[line.id].en)
        return any(fault.blocks for fault in self.faults(lang, line.id, source, words))

    def _sources(self, conn: Conn) -> Mapping[str, TextSource]:
        """The English of now, as the database has it: this replica may not have looked yet."""
        released: Any = self._live.released
        edited = {row.text: row.words for row in self._rows.counting(conn) if row.lang == SOURCE_LANGUAGE and row.words}
        return {
            id: replace(one, en=edited[id]) if id in edited and fits(one.en, edited[id]) else one
            for id, one in released.items()
        }

    def _line(self, lang: str, id: str, source: TextSource, row: Row | None) -> Line:
        version = row.version if row else 0
        if row is not None and row.state != WITHDRAWN:
            stale = row.source != digest(source.en)
            if lang == SOURCE_LANGUAGE:  # what it was made from is what it replaces
                stale = not fits(self._live.released[id].en, row.words)
            return Line(id, source, row.words, row.state, version, row.author, stale, row.english if stale else "")
        if lang == SOURCE_LANGUAGE:
            return Line(id, source, source.en, PUBLISHED, version)
        base = self._live.base[lang]
        released = self._live.shipped[id].en if id in self._live.shipped else source.en
        words = base.texts.get(id, "")
        if not words:
            return Line(id, source, "", MISSING, version)
        stale = id in base.stale or source.en != released
        return Line(
            id,
            source,
            words,
            PUBLISHED if id in base.reviewed else DRAFT,
            version,
            "",
            stale,
            released if stale else "",
        )


def _step(lang: str, line: Line, state: str, words: str, author: str, now: int) -> Step:
    english = line.source.en
    return Step(lang, line.id, line.version + 1, state, author, words, english, digest(english), now // HOUR_S)


def _writers(past: Sequence[Row], words: str) -> frozenset[str]:
    """Whoever wrote these very words at any time: nobody approves what was their own."""
    return frozenset(row.author for row in past if row.state == DRAFT and row.words == words)


def _same(row: Row, words: str, english: str) -> bool:
    return row.words == words and row.source == digest(english)


def digest(english: str) -> bytes:
    """What an English text is recognised by."""
    return sha256(english.encode()).digest()

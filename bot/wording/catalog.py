"""One language's translations, read from PO; a catalog that would change a number or lose a name is refused whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import polib

from bot.core.errors import ContentError
from bot.core.words import numerals, placeholders

DOMAINS = ("chat", "console")


class Source(Protocol):
    """What a catalog needs to know of a text; `content` satisfies it by shape."""

    @property
    def en(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def limit(self) -> int | None: ...
    @property
    def critical(self) -> bool: ...
    @property
    def where(self) -> str: ...
    @property
    def domain(self) -> str: ...


Sources = Mapping[str, Source]


@dataclass(frozen=True, slots=True)
class Catalog:
    """`texts`: what is shown.  `reviewed`, `stale`, `unknown`: ids approved by a person, of an older English, of no text.

    A stale text still shows, unless it is `unsayable`.
    """

    lang: str
    texts: Mapping[str, str]
    reviewed: frozenset[str]
    stale: frozenset[str]
    unknown: frozenset[str]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of a domain is there, in texts."""

    total: int
    drafted: int
    reviewed: int
    stale: int
    missing: int


def po_file(folder: Path, lang: str, domain: str) -> Path:
    return folder / lang / "LC_MESSAGES" / f"{domain}.po"


def read_catalog(folder: Path, lang: str, sources: Sources) -> Catalog:
    """Read what exists of `lang`.  Raises `ContentError` naming file, text and remedy when one entry breaks a rule."""
    texts: dict[str, str] = {}
    reviewed, stale, unknown = set(), set(), set()
    for file in (po_file(folder, lang, domain) for domain in DOMAINS):
        for entry in _entries(file):
            id = entry.msgctxt or ""
            if id not in sources:
                unknown.add(id or entry.msgid)
                continue
            refuse_wrong(f"{lang}/{file.name}:{entry.linenum}", id, entry.msgid, entry.msgstr)
            if entry.msgid != sources[id].en:
                stale.add(id)
                if unsayable(entry.msgstr, sources[id]):
                    continue
            elif not entry.fuzzy:
                reviewed.add(id)
            texts[id] = entry.msgstr
    return Catalog(lang, texts, frozenset(reviewed), frozenset(stale), frozenset(unknown))


def unsayable(stale: str, source: Source) -> bool:
    """Tell whether a stale translation must give way to the next language: an outdated promise, or gaps nobody fills."""
    return source.critical or placeholders(stale) != placeholders(source.en)


def refuse_wrong(where: str, id: str, english: str, translated: str) -> None:
    """Raise `ContentError` when `translated` has other placeholders or other numerals than `english`."""
    theirs, ours = placeholders(translated), placeholders(english)
    if theirs != ours:
        named = ", ".join(sorted(theirs ^ ours))
        raise ContentError(
            f"{where}: {id}: the placeholders differ ({named}); keep each {{name}} exactly as in English"
        )
    if numerals(translated) != numerals(english):
        raise ContentError(f"{where}: {id}: the numbers differ; keep each number of the English text")
    if "{" in translated and translated.count("{") != len(_named(translated)):
        raise ContentError(f"{where}: {id}: a lone brace; write placeholders as {{name}}")


def count(catalog: Catalog, sources: Sources, domain: str) -> Counts:
    """Return how much of `domain` the catalog holds."""
    ids = {id for id, source in sources.items() if source.domain == domain}
    held = ids & (catalog.texts.keys() | catalog.stale)
    return Counts(
        total=len(ids),
        drafted=len(held),
        reviewed=len(ids & catalog.reviewed),
        stale=len(ids & catalog.stale),
        missing=len(ids) - len(held),
    )


def _entries(file: Path) -> Iterator[Any]:
    """Entries that say something; a missing file is an empty catalog."""
    if not file.is_file():
        return
    try:
        entries = polib.pofile(str(file), encoding="utf-8")
    except (OSError, UnicodeDecodeError) as broken:
        raise ContentError(f"{file.parent.parent.name}/{file.name}: {broken}; repair or restore the file") from broken
    yield from (e for e in entries if not e.obsolete and e.msgstr.strip())


def _named(text: str) -> list[str]:
    return [name for name in placeholders(text) for _ in range(text.count(f"{{{name}}}"))]

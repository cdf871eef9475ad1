"""Words that change while the service runs: what was published at the desk, laid over the catalogs of the release.

A new set of words is checked whole, language by language; one that breaks a rule is refused whole and the old one stays.
Readers always hold one immutable `Wording`; the next one takes its place in a single assignment.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from bot.core.errors import ContentError
from bot.wording.catalog import Catalog, Source, Sources, refuse_wrong, unsayable
from bot.wording.load import SOURCE_LANGUAGE, Named, filled, make_wording, place_names, read_catalogs
from bot.wording.registry import Registry, load_registry
from bot.wording.render import Wording

LONGEST = 1000
"""Characters of any text, as the inspector allows at most."""


class Published(Protocol):
    """What counts for readers.  `words`: "" where the words of the release count again."""

    @property
    def lang(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def english(self) -> str: ...


Rows = Mapping[str, Mapping[str, Published]]
"""Language → text id → what was published."""


class LiveWording:
    """`base`: catalogs of the release by language.  `places`: as in `Wording`.

    `wording`, `sources`, `catalogs`: what counts now; each is replaced, never changed.
    `shipped`: English of the release, which `base` was made from; `released`: as the content of now has it.
    """

    def __init__(
        self,
        registry: Registry,
        sources: Sources,
        base: Mapping[str, Catalog],
        places: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._registry = registry
        self._places = places
        self.shipped = sources
        self.released = sources
        self._ever: dict[str, Source] = dict(sources)
        self.base = base
        self.sources: Sources = sources
        self.catalogs: Mapping[str, Catalog] = base
        self.wording = self._made()

    def follow(self, sources: Sources, places: Mapping[str, Named]) -> None:
        """Let the content's own English, and its places, be these; `take` must come next.

        Words that are gone can still be said: a message that waits may name them.
        """
        self.released = sources
        self._ever = {**self._ever, **sources}
        self._places = place_names(self._registry, places)

    def take(self, published: Iterable[Published]) -> tuple[str, ...]:
        """Let `published`, all there is, count from now on; return a line for each language that was refused."""
        rows = _by_language(published)
        refused: list[str] = []
        try:
            self.sources = edited(self.released, rows.get(SOURCE_LANGUAGE, {}))
        except ContentError as wrong:
            refused.append(str(wrong))
        shipped = self.shipped
        changed = frozenset(id for id, now in self.sources.items() if id in shipped and now.en != shipped[id].en)
        taken = dict(self.catalogs)
        for tag, catalog in self.base.items():
            if tag == SOURCE_LANGUAGE:
                continue
            try:
                taken[tag] = overlaid(_aged(catalog, changed, self.sources), rows.get(tag, {}), self.sources)
            except ContentError as wrong:
                refused.append(str(wrong))
        self.catalogs = taken
        self.wording = self._made()
        return tuple(refused)

    def _made(self) -> Wording:
        languages = self._registry.languages
        said = {**self._ever, **self.sources}
        texts = {tag: filled(lang, said, self.catalogs) for tag, lang in languages.items()}
        return Wording(self._registry, texts, self._places)


def edited(released: Sources, rows: Mapping[str, Published]) -> dict[str, Source]:
    """English as it was published.  Placeholders and numbers stay those of the release: code fills and means them.

    Words that were right for an older release, but have other placeholders or numbers than this one, give way to it alone.
    Raises `ContentError` for words that were never right.
    """
    found: dict[str, Source] = dict(released)
    for id, row in rows.items():
        if id not in released or not row.words:
            continue
        source: Any = released[id]
        if fits(source.en, row.words):
            found[id] = replace(source, en=row.words)
        else:
            _refuse(SOURCE_LANGUAGE, id, row.english, row.words)
    return found


def fits(released: str, words: str) -> bool:
    """Tell whether edited English can stand for that of the release."""
    try:
        _refuse(SOURCE_LANGUAGE, "", released, words)
    except ContentError:
        return False
    return True


def overlaid(catalog: Catalog, rows: Mapping[str, Published], sources: Sources) -> Catalog:
    """`catalog` with what was published.  Raises `ContentError` for the first row that breaks a rule.

    A row of a text that is gone is left aside; one whose English had other placeholders than today's is stale, not said.
    """
    texts, reviewed, stale = dict(catalog.texts), set(catalog.reviewed), set(catalog.stale)
    for id, row in rows.items():
        source = sources.get(id)
        if source is None or not row.words:
            continue
        _refuse(catalog.lang, id, row.english, row.words)
        if row.english == source.en:
            stale.discard(id)
            reviewed.add(id)
        else:
            stale.add(id)
            reviewed.discard(id)
            if unsayable(row.words, source):
                texts.pop(id, None)
                continue
        texts[id] = row.words
    return replace(catalog, texts=texts, reviewed=frozenset(reviewed), stale=frozenset(stale))


def _aged(catalog: Catalog, changed: frozenset[str], sources: Sources) -> Catalog:
    """`catalog` after the English of some texts was edited."""
    if not changed:
        return catalog
    gone = {id for id in changed if unsayable(catalog.texts.get(id, ""), sources[id])}
    texts = {id: text for id, text in catalog.texts.items() if id not in gone}
    held = changed & catalog.texts.keys()
    return replace(catalog, texts=texts, reviewed=catalog.reviewed - changed, stale=catalog.stale | held)


def _refuse(lang: str, id: str, english: str, words: str) -> None:
    if len(words) > LONGEST:
        raise ContentError(f"{lang}: {id}: {len(words)} characters; say it in {LONGEST}")
    refuse_wrong(lang, id, english, words)


def _by_language(published: Iterable[Published]) -> Rows:
    found: dict[str, dict[str, Published]] = {}
    for row in published:
        found.setdefault(row.lang, {})[row.text] = row
    return found


def load_live(sources: Sources, places: Mapping[str, Named]) -> LiveWording:
    """Read the release's own words.  Raises `ContentError` when a catalog breaks a rule."""
    registry = load_registry()
    base = read_catalogs(registry, sources)
    return LiveWording(registry, sources, base, make_wording(registry, sources, places, base).places)

"""Make a `Wording` of sources, catalogs and place names: every gap is filled here, once, not while a child waits."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from babel import Locale, localedata

from bot.wording.catalog import Catalog, Sources, read_catalog
from bot.wording.registry import Language, Registry, load_registry, locales_folder
from bot.wording.render import Wording

SOURCE_LANGUAGE = "en"


class Named(Protocol):
    """A place's names by language; `content` satisfies it by shape."""

    @property
    def names(self) -> Mapping[str, str]: ...


def load_wording(sources: Sources, places: Mapping[str, Named], folder: Path | None = None) -> Wording:
    """Read every language of the registry.  Raises `ContentError` when a catalog breaks a rule."""
    registry = load_registry(folder)
    return make_wording(registry, sources, places, read_catalogs(registry, sources, folder))


def read_catalogs(registry: Registry, sources: Sources, folder: Path | None = None) -> dict[str, Catalog]:
    """The catalogs of the release, by language."""
    home = folder or locales_folder()
    return {tag: read_catalog(home, tag, sources) for tag in registry.languages}


def make_wording(
    registry: Registry, sources: Sources, places: Mapping[str, Named], catalogs: Mapping[str, Catalog]
) -> Wording:
    """Put a snapshot together from what was read (or published)."""
    return Wording(
        registry,
        {tag: filled(lang, sources, catalogs) for tag, lang in registry.languages.items()},
        place_names(registry, places),
    )


def place_names(registry: Registry, places: Mapping[str, Named]) -> dict[str, dict[str, str]]:
    """Language → code → what the place is called."""
    return {tag: _place_names(registry, lang, places) for tag, lang in registry.languages.items()}


def filled(lang: Language, sources: Sources, catalogs: Mapping[str, Catalog]) -> dict[str, str]:
    """Every text of one language: its own, else its fallbacks', else English."""
    texts = {id: source.en for id, source in sources.items()}
    if lang.tag != SOURCE_LANGUAGE:
        for tag in (*reversed(lang.fallback), lang.tag):
            if tag != SOURCE_LANGUAGE:
                texts |= catalogs[tag].texts
    return texts


def _place_names(registry: Registry, lang: Language, places: Mapping[str, Named]) -> dict[str, str]:
    """Our own names first, then CLDR's for countries, then the fallbacks', then English."""
    named = {code: place.names[SOURCE_LANGUAGE] for code, place in places.items()}
    for tag in (*reversed(lang.fallback), lang.tag):
        each = registry.languages[tag]
        named |= {code: name for code, name in _countries(each.babel).items() if code in named}
        for key in (*each.places, tag):
            named |= {code: place.names[key] for code, place in places.items() if key in place.names}
    return named


def _countries(babel: str) -> Mapping[str, str]:
    """Country names by code.  `exists` is asked first: Babel falls back to another language without saying so."""
    if not babel or babel == SOURCE_LANGUAGE or not localedata.exists(babel):
        return {}
    return dict(Locale.parse(babel).territories)

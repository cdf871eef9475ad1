"""Which languages there are, how they are written, and what stands in for a missing text.

Our own registry decides: Babel calls Roman Urdu right-to-left and has no plural rule for Saraiki.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.core.errors import ContentError

_REPOSITORY = Path(__file__).resolve().parents[2] / "locales"
_INSTALLED = Path(__file__).resolve().parents[1] / "_locales"


@dataclass(frozen=True, slots=True)
class Language:
    """`own`: the name as its speakers write it.  `fallback`: tags tried in order where a text is missing.

    `plural`: the Plural-Forms header.  `babel`: Babel's tag, "" where Babel is not to be asked.  `places`: further keys
    under which place names of this language may stand.  `robot`: espeak-ng's voice for it, "" where none reads it.
    `why`: why its catalog is not complete, "" when nothing keeps it from being so.
    """

    tag: str
    own: str
    english: str
    script: str
    direction: str
    plural: str
    digits: str
    fallback: tuple[str, ...]
    babel: str
    font: str
    places: tuple[str, ...]
    robot: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Registry:
    """All languages, in the order of the file; `offered`: those shown now; `opening`: of the first lines ever seen."""

    languages: Mapping[str, Language]
    offered: tuple[str, ...]
    opening: tuple[str, ...]

    def named(self, tags: tuple[str, ...] = ()) -> tuple[tuple[str, str], ...]:
        """Return (tag, own name) of `tags`, or of the languages offered."""
        return tuple((tag, self.languages[tag].own) for tag in tags or self.offered)

    def direction(self, tag: str) -> str:
        """Return "ltr" or "rtl"; of the first opening language before one was chosen, or where it is gone."""
        return self.languages[tag if tag in self.languages else self.opening[0]].direction


def locales_folder() -> Path:
    """Where the catalogs are: inside the installed package, else in the repository."""
    return _INSTALLED if _INSTALLED.is_dir() else _REPOSITORY


def load_registry(folder: Path | None = None) -> Registry:
    """Read `languages.toml`.  Raises `ContentError` when it is broken or names a language it does not describe."""
    file = (folder or locales_folder()) / "languages.toml"
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
        languages = {entry["tag"]: _language(entry) for entry in raw["language"]}
        offered, opening = tuple(raw["offered"]), tuple(raw["opening"])
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as broken:
        raise ContentError(f"{file.name}: {broken}; every language needs all keys of the first one") from broken
    for tag in (*offered, *opening, *(t for lang in languages.values() for t in lang.fallback)):
        if tag not in languages:
            raise ContentError(f"{file.name}: {tag!r} is not described; add a [[language]] for it")
    return Registry(languages, offered, opening)


def _language(entry: Mapping[str, object]) -> Language:
    if entry["dir"] not in ("ltr", "rtl"):
        raise KeyError(f"dir of {entry['tag']} is neither ltr nor rtl")
    return Language(
        tag=str(entry["tag"]),
        own=str(entry["own"]),
        english=str(entry["english"]),
        script=str(entry["script"]),
        direction=str(entry["dir"]),
        plural=str(entry["plural"]),
        digits=str(entry["digits"]),
        fallback=_tags(entry.get("fallback", [])),
        babel=str(entry["babel"]),
        font=str(entry["font"]),
        places=_tags(entry.get("place_names", [])),
        robot=str(entry.get("robot", "")),
        why=str(entry.get("why", "")),
    )


def _tags(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("a list of tags is no list")
    return tuple(str(tag) for tag in value)

"""Changes of entries laid over the content of the release: each file that changes is rewritten where it changed, no more.

What is read live is exactly what an export gives: the same text, so an export back into the repository changes nothing.
"""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO, StringIO
from typing import IO, Any, Final

from bot.content.entries import (
    KINDS,
    REGION,
    ROUTING,
    Kind,
    Values,
    read_entries,
    rewritten_routing,
    spans,
    written,
)
from bot.core.errors import ContentError

Changes = Mapping[str, Mapping[str, Values | None]]
"""Kind → id → the values that count now; none: the entry is gone."""

_HOME: Final = "bot.content"


class Overlaid(Traversable):
    """A folder some of whose files have other texts.  `at`: path below the outermost folder, "" for itself."""

    def __init__(self, base: Traversable, texts: Mapping[str, str], at: str = "") -> None:
        self._base = base
        self._texts = texts
        self._at = at

    @property
    def name(self) -> str:
        return self._at.rpartition("/")[2] or self._base.name

    def joinpath(self, *descendants: Any) -> "Overlaid":
        here = self
        for part in "/".join(map(str, descendants)).split("/"):
            here = Overlaid(here._base.joinpath(part), self._texts, f"{here._at}/{part}".lstrip("/"))
        return here

    __truediv__ = joinpath

    def iterdir(self) -> Iterator[Traversable]:
        names = {child.name for child in self._base.iterdir()}
        ahead = f"{self._at}/" if self._at else ""
        names |= {path.removeprefix(ahead) for path in self._texts if path.startswith(ahead)}
        return (self.joinpath(name) for name in sorted(names) if "/" not in name)

    def is_dir(self) -> bool:
        return self._at not in self._texts and self._base.is_dir()

    def is_file(self) -> bool:
        return self._at in self._texts or self._base.is_file()

    def read_text(self, encoding: str | None = None) -> str:
        told = self._texts.get(self._at)
        return self._base.read_text(encoding or "utf-8") if told is None else told

    def read_bytes(self) -> bytes:
        told = self._texts.get(self._at)
        return self._base.read_bytes() if told is None else told.encode()

    def open(self, mode: str = "r", *args: Any, **kwargs: Any) -> IO[Any]:
        return BytesIO(self.read_bytes()) if "b" in mode else StringIO(self.read_text())


def home() -> Traversable:
    """The content that comes with the program."""
    return files(_HOME)


def released(kind: Kind, folder: Traversable | None = None) -> dict[str, dict[str, Any]]:
    """Id → values of every entry of the release, in its order."""
    place = folder or home()
    if "{}" not in kind.file:
        return read_entries(kind, place.joinpath(kind.file).read_text(encoding="utf-8"))
    home_of = place.joinpath(kind.file.partition("/")[0])
    names = sorted(file.name for file in home_of.iterdir() if file.name.endswith(".toml"))
    found: dict[str, dict[str, Any]] = {}
    for name in names:
        found |= read_entries(kind, home_of.joinpath(name).read_text(encoding="utf-8"))
    return found


def edited_files(changes: Changes, folder: Traversable | None = None) -> dict[str, str]:
    """Path below the content folder → its whole new text, for each file that `changes` change.

    Raises `ContentError` for values that no file can hold.
    """
    place = folder or home()
    texts: dict[str, str] = {}
    for name, entries in changes.items():
        kind = KINDS[name]
        for item, values in entries.items():
            path = kind.file_of(item)
            there = place.joinpath(path)
            raw = texts.get(path) or (there.read_text(encoding="utf-8") if there.is_file() else "")
            texts[path] = _changed(kind, raw, item, values)
    return texts


def _changed(kind: Kind, raw: str, item: str, values: Values | None) -> str:
    """`raw` with one entry written anew, added at the end, or left out."""
    if values is not None and not kind.single and values.get(kind.key) != item:
        raise ContentError(f'{kind.file_of(item)}: "{values.get(kind.key)}" stands under "{item}"; keep its id')
    if kind is ROUTING:
        return rewritten_routing(raw, values or {})
    if "{}" in kind.file:
        return written(kind, values) if values is not None else raw
    span = spans(kind, raw).get(item)
    if values is None:
        if span is None:
            return raw
        return (raw[: span[0]] + raw[span[1] :].lstrip("\n")).rstrip("\n") + "\n"
    if span is not None:
        return raw[: span[0]] + written(kind, values) + raw[span[1] :]
    if kind is REGION:
        end = raw.rindex("\n]")
        return raw[:end] + "\n" + written(kind, values) + raw[end:]
    return raw.rstrip("\n") + "\n\n" + written(kind, values) + "\n"

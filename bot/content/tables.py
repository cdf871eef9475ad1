"""TOML read strictly: every value has the type we expect, every key is known, every error names file, line and remedy."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources.abc import Traversable
from typing import Any

from bot.core.errors import ContentError

_NAMES = ("id", "key", "code")
_NAMED = re.compile(r"""\b(id|key|code)\s*=\s*(?:"([^"]*)"|'([^']*)')""")

Places = Mapping[tuple[str, str], tuple[int, ...]]
"""Where each name stands in a file: ("id", "home") → its lines, in order.  TOML itself does not tell."""


class Table:
    """One table of a TOML file.  Each value is taken once; `close` refuses what nobody took (a misspelt key)."""

    def __init__(self, values: Mapping[str, Any], file: str, places: Places, line: int = 1) -> None:
        self._left = dict(values)
        self._file, self._places = file, places
        self.line = line

    @property
    def where(self) -> str:
        return f"{self._file}:{self.line}"

    def wrong(self, what: str, remedy: str) -> ContentError:
        return ContentError(f"{self.where}: {what}; {remedy}")

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def text(self, key: str, default: str | None = None) -> str:
        """Take a text; without a `default` it must stand there and not be empty."""
        value = self._left.pop(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.wrong(f'"{key}" is missing or no text', f'add {key} = "..."')
        return value

    def peek(self, key: str) -> object:
        """Look at a value and leave it for whoever takes it."""
        return self._left.get(key)

    def flag(self, key: str, default: bool = False) -> bool:
        value = self._left.pop(key, default)
        if not isinstance(value, bool):
            raise self.wrong(f'"{key}" is neither true nor false', "write true or false without quotes")
        return value

    def number(self, key: str, default: int | None = None) -> int | None:
        value = self._left.pop(key, default)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise self.wrong(f'"{key}" is no whole number', f"write {key} = 40")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Take a list of texts; none when it is absent."""
        value = self._left.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            raise self.wrong(f'"{key}" is no list of texts', f'write {key} = ["...", "..."]')
        return tuple(value)

    def table(self, key: str) -> "Table":
        """Take a table inside this one; an empty one when it is absent."""
        value = self._left.pop(key, {})
        if not isinstance(value, dict):
            raise self.wrong(f'"{key}" is no table', f"write {key} = {{ ... }}")
        return Table(value, self._file, self._places, self.line)

    def tables(self, key: str) -> Iterator["Table"]:
        """Take a list of tables, each knowing its own line."""
        values = self._left.pop(key, [])
        if not isinstance(values, list) or not all(isinstance(v, dict) for v in values):
            raise self.wrong(f'"{key}" is no list of tables', f"write [[{key}]]")
        line = self.line
        for value in values:
            line = self._line_of(value, line)
            yield Table(value, self._file, self._places, line)

    def peek_tables(self, key: str) -> Iterator["Table"]:
        """The same list, left in place for whoever takes it."""
        if key in self._left:
            kept = self._left[key]
            yield from self.tables(key)
            self._left[key] = kept

    def rest(self) -> dict[str, str]:
        """Take every key that is left, as texts: names by language or audience."""
        return {key: self.text(key) for key in tuple(self._left)}

    def names(self) -> tuple[str, ...]:
        return tuple(self._left)

    def close(self) -> None:
        """Raise when a key was left over."""
        for key in self._left:
            raise self.wrong(f'"{key}" is not known here', "remove it or correct its spelling")

    def _line_of(self, value: Mapping[str, Any], after: int) -> int:
        """The first line at or below `after` that names this table."""
        name = next((k for k in _NAMES if isinstance(value.get(k), str)), "")
        lines = self._places.get((name, value[name]), ()) if name else ()
        return next((line for line in lines if line >= after), after)


def read_table(folder: Traversable, name: str, shown: str = "") -> Table:
    """Read `folder/name` as the outermost table; errors call it `shown`.  Raises `ContentError` when it is missing or no TOML."""
    file, shown = folder.joinpath(name), shown or name
    try:
        raw = file.read_text(encoding="utf-8")
        values, places = _parsed(raw)
    except FileNotFoundError as gone:
        raise ContentError(f"{shown}:1: the file is missing; restore it in the content folder") from gone
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise ContentError(f"{shown}: {broken}; correct the TOML there") from broken
    return Table(values, shown, places)


@lru_cache(maxsize=256)
def _parsed(raw: str) -> tuple[Mapping[str, Any], Places]:
    """Kept, as whoever changes one file has all of them read again; no `Table` changes the values it is given."""
    return tomllib.loads(raw), _places(raw)


def _places(raw: str) -> Places:
    found: dict[tuple[str, str], tuple[int, ...]] = {}
    for number, line in enumerate(raw.splitlines(), 1):
        for name, double, single in _NAMED.findall(line):
            found[name, double or single] = (*found.get((name, double or single), ()), number)
    return found

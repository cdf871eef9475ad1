"""Asking whoever founds a service: by prompts in a terminal, or from a file of answers.  Both check alike."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import click

from bot.core.errors import ConfigError

Check = Callable[[str], str]
"""The answer, tidied.  Raises `ConfigError` or `ValueError`, saying what is wrong with it."""


def as_it_is(answer: str) -> str:
    return answer


class Asker(Protocol):
    def say(self, text: str) -> None: ...

    def ask(
        self, key: str, prompt: str, *, default: str | None = None, check: Check = as_it_is, hidden: bool = False
    ) -> str:
        """An answer that holds.  `default`: what no answer means; None where there must be one."""

    def confirm(self, key: str, prompt: str, *, default: bool = False) -> bool: ...

    def prepared(self, key: str) -> str | None:
        """An answer that was written down beforehand."""


class Prompts:
    """Asks again until an answer holds; Ctrl-C leaves everything as it stands (`click.Abort`)."""

    def say(self, text: str) -> None:
        click.echo(text)

    def ask(
        self, key: str, prompt: str, *, default: str | None = None, check: Check = as_it_is, hidden: bool = False
    ) -> str:
        while True:
            given = click.prompt(prompt, default=default, show_default=not hidden and bool(default), hide_input=hidden)
            try:
                return check(str(given).strip())
            except (ConfigError, ValueError) as fault:
                click.echo(f"  This does not work: {fault}.")

    def confirm(self, key: str, prompt: str, *, default: bool = False) -> bool:
        return click.confirm(prompt, default=default)

    def prepared(self, key: str) -> str | None:
        return None


class Answers:
    """Takes every answer from a TOML file; what is missing, wrong or left over is an error that names it."""

    def __init__(self, file: Path, known: Sequence[str]) -> None:
        self._file = file
        self._given = _read(file)
        if strange := sorted(set(self._given) - set(known)):
            raise ConfigError("\n".join(f"{file}: {key}: nothing asks for this" for key in strange))

    def say(self, text: str) -> None:
        click.echo(text)

    def ask(
        self, key: str, prompt: str, *, default: str | None = None, check: Check = as_it_is, hidden: bool = False
    ) -> str:
        given = self._given.get(key, default)
        if given is None:
            raise ConfigError(f"{self._file}: {key} is missing: {prompt}")
        try:
            return check(_as_text(given))
        except (ConfigError, ValueError) as fault:
            raise ConfigError(f"{self._file}: {key}: {fault}") from None

    def confirm(self, key: str, prompt: str, *, default: bool = False) -> bool:
        given = self._given.get(key, default)
        if not isinstance(given, bool):
            raise ConfigError(f"{self._file}: {key} must be true or false: {prompt}")
        return given

    def prepared(self, key: str) -> str | None:
        return _as_text(self._given[key]) if key in self._given else None


def _as_text(given: object) -> str:
    if isinstance(given, list):
        return " ".join(str(one) for one in given)
    return str(given).strip()


def _read(file: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: the file of answers cannot be read") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: this is not TOML: {error}") from error

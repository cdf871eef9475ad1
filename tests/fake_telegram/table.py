"""Checks a call against bot_api.toml: known method, known parameters, right types, right sizes.

Stricter than the real server in one thing: it refuses parameters it does not know, instead of passing over them.
"""

import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

Params = dict[str, Any]


class Refusal(Exception):
    """What the server answers instead of a result."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


def bad_request(reason: str) -> Refusal:
    return Refusal(400, f"Bad Request: {reason}")


class Table:
    """The part of the Bot API that we use."""

    def __init__(self) -> None:
        content = tomllib.loads(Path(__file__).with_name("bot_api.toml").read_text(encoding="utf-8"))
        self.source: str = content["source"]
        self.version: str = content["version"]
        self.methods: Mapping[str, Mapping[str, Any]] = content["methods"]
        self.types: Mapping[str, Mapping[str, Any]] = content["types"]
        self.limits: Mapping[str, Sequence[Any]] = content["limits"]
        self._names: Mapping[str, str] = {name.lower(): name for name in self.methods}

    def method_named(self, name: str) -> str:
        """The method's proper name; the real server does not mind capitals."""
        found = self._names.get(name.lower())
        if found is None:
            raise Refusal(404, "Not Found")
        return found

    def check(self, method: str, params: Mapping[str, Any]) -> Params:
        """Return the parameters with their types; raise `Refusal` as the server would."""
        return self._fields(method, self.methods[method], params)

    def largest(self, limit: str) -> int:
        return int(self.limits[limit][1])

    def _fields(self, name: str, entry: Mapping[str, Any], given: Mapping[str, Any]) -> Params:
        given = {key: value for key, value in given.items() if value is not None}
        unknown = given.keys() - entry["fields"].keys()
        if unknown:
            raise bad_request(f"{name} has no parameter {min(unknown)!r}")
        missing = [one for one in entry["required"] if one not in given]
        if missing:
            raise bad_request(f"{name} needs {missing[0]!r}")
        return {
            key: self._sized(f"{name}.{key}", self._typed(f"{name}.{key}", entry["fields"][key], value))
            for key, value in given.items()
        }

    def _typed(self, where: str, kinds: Sequence[str], value: object) -> object:
        for kind in kinds:
            try:
                return self._as(where, kind, value, alone=kind == kinds[-1])
            except (TypeError, ValueError):
                continue
        raise bad_request(f"{where} must be {' or '.join(kinds)}")

    def _as(self, where: str, kind: str, value: object, *, alone: bool) -> object:
        plain = _PLAIN.get(kind)
        if plain is not None:
            return plain(value)
        if isinstance(value, str):
            value = json.loads(value)
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                raise TypeError(where)
            return [self._typed(where, [kind.removeprefix("Array of ")], one) for one in value]
        if not isinstance(value, dict):
            raise TypeError(where)
        entry = self._shape(kind, value)
        if not alone and not value.keys() >= set(entry["required"]):
            raise TypeError(where)
        return self._fields(kind, entry, value)

    def _shape(self, kind: str, value: Mapping[str, object]) -> Mapping[str, Any]:
        """A type that has several forms is known by its field `type`, a marker all forms share."""
        entry = self.types[kind]
        if "one_of" not in entry:
            return entry
        named = str(value.get("type", "")).replace("_", "").lower()
        for form in entry["one_of"]:
            if form.lower() == kind.lower() + named:
                return self.types[form]
        raise bad_request(f"{kind} has no form {named!r}")

    def _sized(self, where: str, value: object) -> object:
        if where not in self.limits:
            return value
        low, high, unit = self.limits[where]
        size = _SIZE[unit](value)
        if not low <= size <= high:
            raise bad_request(_TOO.get((where, size > high), f"{where} has {size} {unit}, {low} to {high} fit"))
        return value


def utf16_length(text: Any) -> int:
    """Length as Telegram counts offsets; the strict reading of its "characters"."""
    return len(str(text).encode("utf-16-le", "surrogatepass")) // 2


def _integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(value)
    return int(value)


def _float(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError(value)
    return float(value)


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _boolean(value: object) -> bool:
    if isinstance(value, str):
        value = {"true": True, "false": False}.get(value.lower())
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _file(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError(value)
    return value


_PLAIN: Mapping[str, Callable[[object], object]] = {
    "Integer": _integer,
    "Float": _float,
    "String": _string,
    "Boolean": _boolean,
    "True": _boolean,
    "InputFile": _file,
}

_SIZE: Mapping[str, Callable[[Any], int]] = {
    "characters": utf16_length,
    "bytes": lambda text: len(text.encode("utf-8", "surrogatepass")),
    "identifiers": len,
    "commands": len,
}

_TOO = {
    ("sendMessage.text", False): "message text is empty",
    ("sendMessage.text", True): "message is too long",
    ("sendPhoto.caption", True): "message caption is too long",
    ("sendVoice.caption", True): "message caption is too long",
    ("sendDocument.caption", True): "message caption is too long",
    ("editMessageText.text", False): "message text is empty",
    ("editMessageText.text", True): "MESSAGE_TOO_LONG",
    ("InlineKeyboardButton.callback_data", True): "BUTTON_DATA_INVALID",
    ("InlineKeyboardButton.callback_data", False): "BUTTON_DATA_INVALID",
    ("answerCallbackQuery.text", True): "MESSAGE_TOO_LONG",
    ("BotCommand.command", True): "BOT_COMMAND_INVALID",
    ("BotCommand.command", False): "BOT_COMMAND_INVALID",
    ("BotCommand.description", True): "BOT_COMMAND_DESCRIPTION_INVALID",
    ("BotCommand.description", False): "BOT_COMMAND_DESCRIPTION_INVALID",
    ("setMyCommands.commands", True): "BOT_COMMANDS_TOO_MUCH",
}

"""Signed JSON: one way to write it, and a reader that takes nothing for granted.

Every field is asked for by name and type; what is missing, of another type or out of range raises `Malformed`
with the field's name, never its value.
"""

import base64
import binascii
import json
from collections.abc import Iterator
from typing import Any

from bot.core.errors import Damaged

MAX_NUMBER = 2**53 - 1  # what a browser counts exactly


class Malformed(Damaged):
    """A signed document lacks a field, or holds one of another type."""


def canonical(value: object) -> bytes:
    """Sorted keys, no spaces, UTF-8: the bytes that are signed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def parse_object(text: bytes, most_bytes: int) -> "Fields":
    if len(text) > most_bytes:
        raise Malformed(f"{len(text)} bytes is more than {most_bytes}")
    try:
        return Fields(json.loads(text), "document")
    except (ValueError, RecursionError):
        raise Malformed("not JSON") from None


class Fields:
    """A JSON object, read field by field."""

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise Malformed(f"{where} is not an object")
        self._value: dict[str, Any] = value
        self._where = where

    def number(self, name: str) -> int:
        """A whole number from 0 to 2^53 - 1."""
        value = self._value.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_NUMBER:
            raise Malformed(f"{self._where}.{name} is not a number")
        return value

    def text(self, name: str) -> str:
        value = self._value.get(name)
        if not isinstance(value, str):
            raise Malformed(f"{self._where}.{name} is not text")
        return value

    def truth(self, name: str) -> bool:
        value = self._value.get(name)
        if not isinstance(value, bool):
            raise Malformed(f"{self._where}.{name} is not true or false")
        return value

    def raw(self, name: str, size: int | None = None) -> bytes:
        """Bytes written in base64, exactly `size` of them if given."""
        return self._decoded(self.text(name), name, size)

    def raws(self, name: str, size: int) -> tuple[bytes, ...]:
        """A list of such bytes."""
        return tuple(self._decoded(value, name, size) for value in self.words(name))

    def words(self, name: str) -> tuple[str, ...]:
        values = self._list(name)
        if not all(isinstance(value, str) for value in values):
            raise Malformed(f"{self._where}.{name} is not a list of texts")
        return tuple(values)

    def objects(self, name: str) -> "Iterator[Fields]":
        for value in self._list(name):
            yield Fields(value, f"{self._where}.{name}")

    def has(self, name: str) -> bool:
        """For what a page of an earlier release does not send."""
        return name in self._value

    def object(self, name: str) -> "Fields":
        return Fields(self._value.get(name), f"{self._where}.{name}")

    def object_or_none(self, name: str) -> "Fields | None":
        value = self._value.get(name)
        return None if value is None else Fields(value, f"{self._where}.{name}")

    def _decoded(self, text: str, name: str, size: int | None) -> bytes:
        try:
            value = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise Malformed(f"{self._where}.{name} is not base64") from None
        if size is not None and len(value) != size:
            raise Malformed(f"{self._where}.{name} has {len(value)} bytes, not {size}")
        return value

    def _list(self, name: str) -> list[Any]:
        value = self._value.get(name)
        if not isinstance(value, list):
            raise Malformed(f"{self._where}.{name} is not a list")
        return value


def base64_text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")

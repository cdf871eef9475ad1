"""An outgoing message as plain data for the outbox: ids and parameters, nothing private (D9)."""

from collections.abc import Mapping
from typing import Any

from bot.core.effects import Button, Class, LocalTime, Number, Param, PlaceName, Say, Text
from bot.core.private import Private

PRIORITY: Mapping[Class, int] = {Class.URGENT: 0, Class.PROMPT: 1, Class.SAVED: 2, Class.CODE: 9}
"""Urgent first (reliability §5)."""


def plain(say: Say) -> dict[str, Any]:
    """Plain data for JSON.  Raises `ValueError` for anything private: that is never queued.

    A picture travels as its id, and only where there is one: rows of a release without pictures stay as they were; the
    offer of the private page likewise.
    """
    data = {
        "l": [_plain(line) for line in say.lines],
        "r": [[[b.key, _plain(b.label), int(b.danger), int(b.chosen)] for b in row] for row in say.rows],
        "k": say.kind.value,
        "t": say.turn,
    }
    if say.picture:
        data["p"] = say.picture
    if say.vanish:
        data["v"] = say.vanish
    return {**data, "o": say.private} if say.private else data


def from_plain(data: Mapping[str, Any]) -> Say:
    """Raises `ValueError` for what `plain` would not have written."""
    try:
        return _say(data)
    except (LookupError, TypeError, AttributeError, AssertionError):
        raise ValueError("not a message") from None


def _say(data: Mapping[str, Any]) -> Say:
    lines = tuple(_text(line) for line in data["l"])
    rows = tuple(tuple(Button(k, _label(lb), bool(d), bool(c)) for k, lb, d, c in row) for row in data["r"])
    picture = data.get("p", "")
    vanish = data.get("v", 0)
    assert isinstance(picture, str)
    assert isinstance(vanish, int)
    private = "private.offer" if (offer := data.get("o", "")) == 1 else offer  # 1: as an older process wrote it
    assert isinstance(private, str)
    return Say(lines, rows, Class(data["k"]), data["t"], picture=picture, private=private, vanish=vanish)


def _plain(param: Param) -> Any:
    match param:
        case Text(id, params):
            return ["t", id, {k: _plain(v) for k, v in params.items()}] if params else ["t", id]
        case PlaceName(code):
            return ["p", code]
        case Number(text):
            return ["n", text]
        case LocalTime(hour, minute, weekday):
            return ["h", hour, minute, weekday]
        case Private():
            raise ValueError("a private parameter cannot be queued")
        case str() | int():
            return param


def _param(data: Any) -> Param:
    match data:
        case ["t", *_]:
            return _text(data)
        case ["p", code]:
            return PlaceName(code)
        case ["n", text]:
            return Number(text)
        case ["h", hour, minute, weekday]:
            return LocalTime(hour, minute, weekday)
        case str() | int():
            return data
    raise ValueError("not a parameter")


def _text(data: Any) -> Text:
    return Text(data[1], {k: _param(v) for k, v in data[2].items()} if len(data) > 2 else {})


def _label(data: Any) -> Text | PlaceName | str:
    label = _param(data)
    assert isinstance(label, Text | PlaceName | str)
    return label

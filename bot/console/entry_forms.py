"""Entries as forms and back: what somebody typed into fields becomes values, or a line that says what is wrong."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.content.entries import (
    ANSWER,
    CHOICE,
    FACTS,
    FLAG,
    LIST,
    LONG,
    NUMBER,
    PAGE,
    REGION,
    RULE,
    SCENES,
    STORY,
    Field,
    Kind,
    Values,
    is_empty,
)
from bot.content.story_form import SHAPE, scenes_of, scenes_text
from bot.core.effects import Number, Text

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_CODE: Final = re.compile(r"[A-Z][A-Z0-9-]{1,31}")
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,60}")
LONGEST: Final = 4_000
LONGEST_STORY: Final = 20_000


def label_of(field: Field) -> str:
    """Id of the text that names a field."""
    table, _, key = field.name.partition(".")
    if table in ("climb_after_minutes", "answer_within_minutes"):
        return f"content.field.{table}"
    if table == "hours" and key not in ("", "zone"):
        return "content.field.hours-day"
    return "content.field." + field.name.replace(".", "-")


def extra_of(field: Field) -> str:
    """What tells apart fields of one label: U0, monday."""
    table, _, key = field.name.partition(".")
    return (
        key if table in ("climb_after_minutes", "answer_within_minutes") or (table == "hours" and key != "zone") else ""
    )


def shown(field: Field, value: Any) -> str:
    """A value as it stands in its field."""
    match value:
        case None:
            return ""
        case list() if field.kind == SCENES:
            return scenes_text(value)
        case bool():
            return "on" if value else ""
        case Mapping():
            return "\n".join(f"{key}: {', '.join(names)}" for key, names in value.items())
        case list() | tuple():
            return "\n".join(value)
    return str(value)


def read_form(kind: Kind, form: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Values, and a line for each field that cannot be read."""
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for field in kind.fields:
        most = LONGEST_STORY if field.kind == SCENES else LONGEST
        typed = str(form.get(f"f.{field.name}", ""))[:most].strip()
        if field.needed and not typed and field.kind != FLAG:
            wrong.append(f"{field.name}: it must be filled in")
        try:
            value = _value(field, typed)
        except ValueError as fault:
            wrong.append(f"{field.name}: {fault}")
            continue
        if not is_empty(value):
            values[field.name] = value
    if not kind.single and not is_name(kind, str(values.get(kind.key, ""))):
        wrong.append(f"{kind.key}: use small letters, digits and hyphens; a place has capital letters, as PK-SD")
    return values, tuple(wrong)


def is_name(kind: Kind, id: str) -> bool:
    """Whether an entry may be called so; it becomes part of a file's name."""
    return bool((_CODE if kind is REGION else _NAME).fullmatch(id))


def _value(field: Field, typed: str) -> Any:
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    match field.kind:
        case "flag":
            return typed == "on"
        case "number":
            if typed and (not typed.isascii() or not typed.isdigit() or len(typed) > 6):
                raise ValueError("write a whole number")
            return int(typed) if typed else None
        case "choice":
            if typed not in field.options and typed:
                raise ValueError(f"use one of {', '.join(filter(None, field.options))}")
            return typed
        case "list":
            return lines
        case "facts":
            return dict(map(_fact, lines))
        case "scenes":
            return scenes_of(typed)
        case "long":
            return "\n".join(line.rstrip() for line in typed.splitlines())
    if "\n" in typed:
        raise ValueError("write it on one line")
    return typed


def _fact(line: str) -> tuple[str, list[str]]:
    key, colon, rest = line.partition(":")
    names = [name.strip() for name in rest.split(",") if name.strip()]
    if not colon or not names or not _KEY.fullmatch(key.strip()):
        raise ValueError(f'"{line}" must read like: danger: now, soon')
    return key.strip(), names


def beginning_of(kind: Kind) -> dict[str, Any]:
    """What a new entry begins with: a shape to fill, where there is one."""
    return {"scene": scenes_of(SHAPE), "on": ["stories"]} if kind is STORY else {}


def preview(kind: Kind, values: Values) -> Sequence[tuple[str, Text | str, Sequence[Text | str]]]:
    """(who reads it, what it says, buttons below) for each bubble an entry makes in the chat."""
    if kind is PAGE:
        buttons = (Text("button.tell"), Text("button.back"))
        said = [(field.name[5:], str(values.get(field.name, ""))) for field in kind.fields if field.kind == LONG]
        return [(reader, text, buttons) for reader, text in said if text]
    if kind is STORY:
        return [
            (f"{scene['id']} ({version})", words, [choice["label"] for choice in scene.get("choice", ())])
            for scene in values.get("scene", ())
            for version, words in scene["text"].items()
        ]
    if kind is ANSWER:
        return [("", str(values.get("text", "")), ())]
    if kind is REGION:
        return [("", str(values.get("en", "")), ())]
    if kind is RULE:
        return [(str(values.get("urgency", "")), str(values.get("reason", "")), ())]
    if kind.single:
        return []
    named = {"name": str(values.get("name", "")), "for": str(values.get("for", ""))}
    if not values.get("dial"):
        return [("", Text("help.web", {**named, "web": Number(str(values.get("web", "")))}), ())]
    line, numbers = "help.line", {"phone": Number(str(values["dial"]))}
    if values.get("then"):
        line, numbers = "help.line-then", {**numbers, "then": Number(str(values["then"]))}
    return [("", Text(line, {**named, **numbers}), ())]


KINDS_OF_INPUT: Final = {
    CHOICE: "select",
    FACTS: "area",
    LIST: "area",
    LONG: "area",
    SCENES: "area",
    FLAG: "check",
    NUMBER: "number",
}

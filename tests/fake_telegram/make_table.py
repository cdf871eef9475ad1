"""Make bot_api.toml, the table that the fake server checks calls against, from a machine-readable Bot API.

Run: `python -m tests.fake_telegram.make_table api.json > tests/fake_telegram/bot_api.toml`, where api.json holds
`version`, `release_date`, `methods` and `types` as published on the page named in SOURCE.  Names, types and limits
are taken over, descriptions are not.
"""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

SOURCE = "https://core.telegram.org/bots/api"

METHODS = (
    "getMe",
    "getUpdates",
    "setWebhook",
    "deleteWebhook",
    "getWebhookInfo",
    "sendMessage",
    "sendPhoto",
    "sendVoice",
    "sendDocument",
    "sendChatAction",
    "editMessageText",
    "editMessageReplyMarkup",
    "deleteMessage",
    "deleteMessages",
    "answerCallbackQuery",
    "setMyCommands",
    "deleteMyCommands",
    "getMyCommands",
    "setMyName",
    "setMyDescription",
    "setMyShortDescription",
    "getMyName",
    "getMyDescription",
    "getMyShortDescription",
    "setChatMenuButton",
    "getChatMenuButton",
    "getFile",
    "getChat",
    "leaveChat",
    "logOut",
    "close",
)

UNWRITTEN = {
    "inline_keyboard.row": (1, 8, "buttons"),
    "inline_keyboard.all": (0, 100, "buttons"),
    "keyboard.row": (1, 12, "buttons"),
    "keyboard.all": (0, 300, "buttons"),
    "deleteMessage.age": (0, 48 * 3600, "seconds"),
    "answerCallbackQuery.age": (0, 60, "seconds"),
    "updates.age": (0, 24 * 3600, "seconds"),
    "sendPhoto.size": (1, 10 * 1024 * 1024, "bytes"),
    "sendPhoto.sides": (2, 10_000, "pixels"),
    "sendPhoto.ratio": (1, 20, "times"),
    "getFile.size": (0, 20 * 1024 * 1024, "bytes"),
    "setWebhook.secret_token": (1, 256, "characters"),
}
"""Limits that the page states in running text, or not at all; those of the last kind are on the strict side."""

_RANGE = re.compile(r"(\d+)-(\d+)\s+(characters|bytes|identifiers)")
_AT_MOST = re.compile(r"[Aa]t most (\d+) (commands)")
_PLAIN = {"Integer", "String", "Boolean", "Float", "True"}


def main(path: Path) -> None:
    api = json.loads(path.read_text(encoding="utf-8"))
    sys.stdout.write("\n".join(_lines(api)) + "\n")


def _lines(api: Mapping[str, Any]) -> Iterable[str]:
    yield "# Made by make_table.py; do not edit.  Names, types and limits only."
    yield f"source = {json.dumps(SOURCE)}"
    yield f"version = {json.dumps(api['version'])}"
    yield f"released = {json.dumps(api['release_date'])}"
    limits = dict(UNWRITTEN)
    for name in METHODS:
        yield from _entry("methods", name, api["methods"][name].get("fields", ()), limits)
    for name in sorted(_types_within(api)):
        yield from _entry("types", name, api["types"][name].get("fields", ()), limits)
        kinds = api["types"][name].get("subtypes", ())
        if kinds:
            yield f"one_of = {json.dumps(list(kinds))}"
    yield "\n[limits]"
    for name, limit in sorted(limits.items()):
        yield f"{json.dumps(name)} = {json.dumps(list(limit))}"


def _entry(
    table: str, name: str, fields: Iterable[Mapping[str, Any]], limits: dict[str, tuple[int, int, str]]
) -> Iterable[str]:
    fields = list(fields)
    yield f"\n[{table}.{name}]"
    yield f"required = {json.dumps([field['name'] for field in fields if field['required']])}"
    pairs = ", ".join(f"{field['name']} = {json.dumps(field['types'])}" for field in fields)
    yield f"fields = {{ {pairs} }}" if pairs else "fields = {}"
    for field in fields:
        found = _limit(field["description"])
        if found:
            limits.setdefault(f"{name}.{field['name']}", found)


def _limit(description: str) -> tuple[int, int, str] | None:
    found = _RANGE.search(description)
    if found:
        return int(found[1]), int(found[2]), found[3]
    found = _AT_MOST.search(description)
    return (0, int(found[1]), found[2]) if found else None


def _types_within(api: Mapping[str, Any]) -> set[str]:
    """The types that parameters of METHODS may hold, and what those hold in turn."""
    wanted: set[str] = set()
    ahead = [field for name in METHODS for field in api["methods"][name].get("fields", ())]
    while ahead:
        for kind in ahead.pop()["types"]:
            name = kind.replace("Array of ", "")
            if name in _PLAIN or name in wanted:
                continue
            wanted.add(name)
            ahead += api["types"][name].get("fields", ())
            ahead += [{"types": [one]} for one in api["types"][name].get("subtypes", ())]
    return wanted


if __name__ == "__main__":
    main(Path(sys.argv[1]))

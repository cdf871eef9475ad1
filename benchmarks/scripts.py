"""What the children of the crowd do: the next update of a chat, without its number."""

from collections.abc import Callable, Mapping
from typing import Any

Script = Callable[[int, int, Mapping[str, str]], dict[str, Any]]
"""(chat, step, callback data of the newest message by key) → update."""

OPENING = ("lang:en", "c:teen")
ROUND = (
    "c:tell", "a:yes", "skip", "a:ok", "a:no", "p:PK-PB", "here", "a:no", "a:nobody", "a:me", "a:15-17", "a:girl", "a:work",
    "a:still", "!home", "c:tell", "erase",
)  # fmt: skip
"""A report told by buttons up to the last of them, thrown away, told again."""


def echo(chat: int, step: int, keyboard: Mapping[str, str]) -> dict[str, Any]:
    """What an echo bot is told."""
    return {"message": _message(chat, step, f"this is what I say at step {step}")}


def buttons(chat: int, step: int, keyboard: Mapping[str, str]) -> dict[str, Any]:
    """Opens the talk, then tells by buttons for ever.  Raises `KeyError` when a button is not there: our mistake."""
    if step == 0:
        entities = [{"type": "bot_command", "offset": 0, "length": 6}]
        return {"message": {**_message(chat, step, "/start"), "entities": entities}}
    at = step - 1 - len(OPENING)
    key = OPENING[step - 1] if at < 0 else ROUND[at % len(ROUND)]
    return {
        "callback_query": {
            "id": f"{chat}{step:08}",
            "from": _person(chat),
            "message": _message(chat, step, "The question as it was shown, in about as many words as it has."),
            "chat_instance": "1",
            "data": _button(key, keyboard),
        }
    }


def _button(key: str, keyboard: Mapping[str, str]) -> str:
    """Doors are pressed on an older message where the newest has none."""
    return keyboard.get(key, f"1:{key}") if key.startswith("!") else keyboard[key]


SCRIPTS: Mapping[str, Script] = {"echo": echo, "buttons": buttons}


def _message(chat: int, step: int, text: str) -> dict[str, Any]:
    return {
        "message_id": step * 2 + 1,
        "from": _person(chat),
        "chat": {"id": chat, "first_name": "N", "type": "private"},
        "date": 1_790_000_000,
        "text": text,
    }


def _person(chat: int) -> dict[str, Any]:
    return {"id": chat, "is_bot": False, "first_name": "N", "language_code": "en"}

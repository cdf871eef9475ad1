"""Keyboards as Telegram's JSON, with its limits checked where they are built.

https://core.telegram.org/bots/api#inlinekeyboardbutton; eight buttons a row and a hundred in all are its
unwritten limits.  A keyboard beyond them is our own mistake (`ContentError`), found before it reaches a child.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.errors import ContentError

Keyboard = Mapping[str, object]

DATA_BYTES = 64
PER_ROW = 8
IN_ALL = 100
PLACEHOLDER = 64

NO_KEYBOARD: Keyboard = {"remove_keyboard": True}


@dataclass(frozen=True, slots=True)
class Press:
    """A button under a message: `data` comes back when it is pressed and names a choice, never holds words.

    `style`: "", "primary", "success" or "danger"; older apps ignore it.
    """

    label: str
    data: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens a web address, outside the chat."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class App:
    """A button that opens a page of ours inside Telegram; private chats only, https only."""

    label: str
    url: str


def inline(rows: Sequence[Sequence[Press | Link | App]]) -> Keyboard:
    """Buttons under one message."""
    _check_size(rows)
    return {"inline_keyboard": [[_button(button) for button in row] for row in rows]}


def standing(rows: Sequence[Sequence[str]], *, placeholder: str = "") -> Keyboard:
    """The keyboard that stays below the chat; a press arrives as a message with the label as its text."""
    _check_size(rows)
    if len(placeholder) > PLACEHOLDER:
        raise ContentError(f"placeholder of {len(placeholder)} characters, at most {PLACEHOLDER}")
    keyboard: dict[str, object] = {
        "keyboard": [[{"text": label} for label in row] for row in rows],
        "resize_keyboard": True,
        "is_persistent": True,
    }
    if placeholder:
        keyboard["input_field_placeholder"] = placeholder
    return keyboard


def _button(button: Press | Link | App) -> Mapping[str, object]:
    if not button.label:
        raise ContentError("a button without a label")
    if isinstance(button, Link):
        return {"text": button.label, "url": button.url}
    if isinstance(button, App):
        return {"text": button.label, "web_app": {"url": button.url}}
    size = len(button.data.encode())
    if not 1 <= size <= DATA_BYTES:
        raise ContentError(f"button data of {size} bytes, 1 to {DATA_BYTES} fit")
    if button.style:
        return {"text": button.label, "callback_data": button.data, "style": button.style}
    return {"text": button.label, "callback_data": button.data}


def _check_size(rows: Sequence[Sequence[object]]) -> None:
    longest = max((len(row) for row in rows), default=0)
    total = sum(len(row) for row in rows)
    if longest > PER_ROW or total > IN_ALL:
        raise ContentError(f"{longest} buttons in a row and {total} in all; {PER_ROW} and {IN_ALL} fit")

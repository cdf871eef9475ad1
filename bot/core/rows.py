"""Rows of buttons, and the doors that stand on every screen."""

from collections.abc import Sequence

from bot.core.effects import Button, Text


def door(label: str, key: str, danger: bool = False) -> Button:
    return Button(key, Text(label), danger)


def stacked(buttons: Sequence[Button], per_row: int) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(buttons[i : i + per_row]) for i in range(0, len(buttons), per_row))


DOORS = {
    "!help": door("button.help", "!help"),
    "!tell": door("button.tell", "!tell"),
    "!mail": door("button.mail", "!mail"),
    "!home": door("button.home", "!home"),
    "!learn": door("button.learn", "!learn"),
    "!directory": door("button.directory", "!directory"),
    "!language": door("button.language", "!language"),
    "!listen": door("button.listen", "!listen"),
    "!leave": door("button.leave", "!leave", danger=True),
}
"""Doors open whatever the age of the button: help and leaving must never be "from an earlier message"."""

EXITS = (DOORS["!help"], DOORS["!leave"])

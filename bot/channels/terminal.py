"""The talk in a terminal: the same engine, storage and sealing as every channel, for testers and for keeping a talk as text.

Type the number of a button, or any words; `/help`, `/leave` and `/start` are what they are elsewhere.  A line that begins
with `"` is words even if it is a number.
"""

import base64
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

_SHOWN_NOT = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))
"""Direction isolates steer a screen; in a transcript they are noise."""


class Line(Protocol):
    """The web chat's address for turns, in this process or in the server that holds the database."""

    async def post(self, body: Mapping[str, Any]) -> Mapping[str, Any]: ...


@dataclass(slots=True)
class Terminal:
    """One talk.  `show`: prints a line."""

    line: Line
    show: Callable[[str], None]
    session: str = field(default_factory=lambda: base64.b64encode(secrets.token_bytes(32)).decode())
    _buttons: list[tuple[str, int]] = field(default_factory=list)

    async def open(self, lang: str) -> None:
        """Start the talk; `lang` presses that language's button at once."""
        await self._tell({"kind": "started", "hint": lang})
        wanted = f"lang:{lang}"
        if any(key == wanted for key, _ in self._buttons):
            await self._press(wanted)

    async def type(self, typed: str) -> bool:
        """Take one typed line; false when the talk was left."""
        text = typed.strip()
        match text:
            case "":
                return True
            case "/start":
                return await self._tell({"kind": "started", "hint": ""})
            case "/help":
                return await self._tell({"kind": "help"})
            case "/leave":
                return await self._tell({"kind": "left"})
        number = _as_number(text)
        if number is not None and 0 < number <= len(self._buttons):
            return await self._press(self._buttons[number - 1][0])
        return await self._tell({"kind": "wrote", "words": text.removeprefix('"')})

    async def play(self, lines: Iterable[str]) -> AsyncIterator[str]:
        """Type each line of a script, yielding it as it goes; `#` lines are comments, `[label]` presses that button."""
        for raw in lines:
            text = raw.rstrip("\n")
            if not text.strip() or text.startswith("#"):
                continue
            yield text
            if not await self.type(text):
                return

    async def _press(self, key: str) -> bool:
        turn = next(t for k, t in self._buttons if k == key)
        return await self._tell({"kind": "chose", "key": key, "turn": turn})

    async def _tell(self, event: dict[str, Any]) -> bool:
        number = secrets.randbelow(2**53)
        answer = await self.line.post({"session": self.session, "number": number, "event": event})
        for message in answer["messages"]:
            self._buttons = []
            self.show(message["text"].translate(_SHOWN_NOT))
            for row in message["rows"]:
                self.show("   ".join(self._numbered(button, message["turn"]) for button in row))
            self.show("")
        return not answer["left"]

    def _numbered(self, button: Mapping[str, Any], turn: int) -> str:
        self._buttons.append((button["key"], turn))
        return f"[{len(self._buttons)}] {button['label']}"


def _as_number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 3 else None

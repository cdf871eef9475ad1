"""The talk in a terminal: the same engine, storage and sealing as every channel, for testers and for keeping a talk as text.

Type the number of a button, its label or key in brackets, or any words; `/help`, `/leave` and `/start` are what they are
elsewhere.  A line that begins with `"` is words whatever it looks like.  A printed talk can be played again as a script.
"""

import base64
import re
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.channels.speech import CHOSEN
from bot.core.errors import ContentError

_SHOWN_NOT = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))
"""Direction isolates steer a screen; in a transcript they are noise."""

_CODE = re.compile(r"\b\d{4}(?: \d{4}){4}\b")
_IN_BRACKETS = re.compile(r"\[([^]]+)]")
CODE = "{code}"
"""Stands in a script for the case code shown last: nobody can know it beforehand."""

TYPED = "> "
"""Begins what the reporter types, in a printed talk."""


class Line(Protocol):
    """The web chat's address for turns, in this process or in the server that holds the database."""

    async def post(self, body: Mapping[str, Any]) -> Mapping[str, Any]: ...


@dataclass(slots=True)
class Terminal:
    """One talk.  `show`: prints a line.  `code`: the case code shown last."""

    line: Line
    show: Callable[[str], None]
    session: str = field(default_factory=lambda: base64.b64encode(secrets.token_bytes(32)).decode())
    code: str = ""
    _buttons: list[tuple[str, str, int]] = field(default_factory=list)

    async def open(self, lang: str) -> None:
        """Start the talk; `lang` presses that language's button at once."""
        await self._tell({"kind": "started", "hint": lang})
        if (wanted := self._named(f"[lang:{lang}]")) is not None:
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
        if (button := self._named(text)) is not None:
            return await self._press(button)
        return await self._tell({"kind": "wrote", "words": text.removeprefix('"')})

    async def play(self, lines: Iterable[str]) -> AsyncIterator[str]:
        """Type each line of a script, yielding it as it goes.  `#` lines are comments, `{code}` is the code shown last.

        In a printed talk only the lines that begin with `> ` are typed.  Raises `ContentError` at a button that is not there.
        """
        for text in typed_lines(lines):
            yield text
            if text.startswith("[") and self._named(text) is None:
                raise ContentError(f"the script presses {text}, but no such button is there")
            await self.type(text.replace(CODE, self.code))

    def _named(self, text: str) -> int | None:
        """The place among the buttons of a number, or of a label or key in brackets (what follows them is for readers)."""
        if text.isdecimal() and len(text) <= 3:
            return int(text) - 1 if 0 < int(text) <= len(self._buttons) else None
        named = _IN_BRACKETS.match(text)
        if named is None:
            return None
        return next((n for n, (key, label, _) in enumerate(self._buttons) if named[1] in (key, label)), None)

    def label_of(self, text: str) -> str:
        """What stands on the button that `text` would press; nothing when it would press none."""
        button = self._named(text)
        return "" if button is None else self._buttons[button][1]

    async def _press(self, button: int) -> bool:
        key, _, turn = self._buttons[button]
        return await self._tell({"kind": "chose", "key": key, "turn": turn})

    async def _tell(self, event: dict[str, Any]) -> bool:
        number = secrets.randbelow(2**53)
        answer = await self.line.post({"session": self.session, "number": number, "event": event})
        if "speak" in answer:
            self._tell_clips(answer["speak"])
        for message in answer["messages"]:
            self._buttons = []
            text = message["text"].translate(_SHOWN_NOT)
            self.code = next(iter(_CODE.findall(text)), self.code)
            self.show(text)
            for row in message["rows"]:
                self.show("   ".join(self._numbered(button, message["turn"]) for button in row))
            self.show("")
        return not answer["left"]

    def _tell_clips(self, speak: Mapping[str, Any]) -> None:
        """A terminal makes no sound: say which recordings would play."""
        for id in (*speak["lines"], *speak["labels"]):
            self.show(f"♪ {speak['lang']}/{id}.ogg")
        if speak["note"]:
            self.show(speak["note"])
        self.show("")

    def _numbered(self, button: Mapping[str, Any], turn: int) -> str:
        self._buttons.append((button["key"], button["label"].removeprefix(CHOSEN), turn))
        return f"[{len(self._buttons)}] {button['label']}"


def typed_lines(lines: Iterable[str]) -> list[str]:
    """What a script types: in a printed talk the lines after `> `, else every line that is no comment."""
    written = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    marked = [line.removeprefix(TYPED) for line in written if line.startswith(TYPED)]
    return marked or written

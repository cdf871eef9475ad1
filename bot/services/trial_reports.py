"""A few reports for a trial's queue, told through the same door as any other; each says that it is made up."""

import secrets
from collections.abc import AsyncIterator, Sequence
from typing import Final, Protocol

from bot.core.events import Chose, Event, Started, Wrote
from bot.core.private import Private
from bot.services.outgoing import Contact
from bot.services.receive import Answer

_BEGIN: Final = ("c:tell", "a:yes", "skip", "a:ok")
_END: Final = ("send", "code-saved")

REPORTS: Final[Sequence[tuple[str, Sequence[str], str]]] = (
    (
        "en",
        ("c:teen", *_BEGIN, "a:now", "p:PK-SD", "here", "a:no", "a:nobody", "a:friend", "a:12-14", "a:boy", "a:work", "done"),
        "Made up for this trial: my friend works in a house and may not go home or call.",
    ),
    (
        "ur",
        ("c:teen", *_BEGIN, "a:soon", "p:PK-PB", "here", "a:no", "a:nobody", "a:me", "a:15-17", "a:girl", "a:marriage",
         "skip", "done"),
        "آزمائش کے لیے بنائی گئی بات: گھر میں میری شادی کی بات چل رہی ہے اور میں ابھی پڑھنا چاہتی ہوں۔",
    ),
    (
        "en",
        ("c:adult", *_BEGIN, "a:no", "p:PK-BA", "here", "a:no", "a:nobody", "a:other-child", "a:10-11", "skip", "a:begging",
         "skip", "done"),
        "Made up for this trial: a child begs at the same corner every day, and a man takes the money.",
    ),
)  # fmt: skip
"""(language, what is pressed, what is written)."""


class Door(Protocol):
    def talk(self, contact: Contact, event: Event, *, source: str, number: int | None) -> AsyncIterator[Answer]: ...


async def tell_all(door: Door, now: int) -> None:
    """Tell every report; a step that does not fit the questions of today is an `AssertionError`."""
    for lang, keys, words in REPORTS:
        teller = _Teller(door, now)
        await teller.tell(Started(now))
        await teller.press(f"lang:{lang}")
        for key in keys:
            await teller.press(key)
        await teller.tell(Wrote(now, Private(words)))
        for key in ("skip", *_END):
            await teller.press(key)


class _Teller:
    def __init__(self, door: Door, now: int) -> None:
        self._door = door
        self._now = now
        self._contact = Contact("web", secrets.token_bytes(32))
        self._turn = 0
        self._keys: set[str] = set()

    async def press(self, key: str) -> None:
        assert key in self._keys, f"the talk offers no {key}"
        await self.tell(Chose(self._now, key, self._turn))

    async def tell(self, event: Event) -> None:
        async for answer in self._door.talk(self._contact, event, source="trial", number=None):
            for message in answer.messages:
                self._turn = message.say.turn
                self._keys = {button.key for row in message.say.rows for button in row}

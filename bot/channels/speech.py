"""From effects to the words a person sees, whatever the channel: texts, buttons, direction.

`Wording` is what `bot.wording` offers; a snapshot of it is pinned for a turn.
"""

from dataclasses import dataclass
from typing import Protocol

from bot.core.effects import Button, PlaceName, Say, Text

OFFER_BUTTON = Text("button.private")
"""Where a channel can lead to the private page, and a message offers it."""

CHOSEN = "✓ "
"""Marks an answer already picked: a sign, not a colour."""


class Wording(Protocol):
    def say(self, lang: str, text: Text) -> str: ...

    def lines(self, lang: str, texts: tuple[Text, ...]) -> str:
        """Texts apart by an empty line; before a language was chosen, all in one language, then all in the next."""

    def label(self, lang: str, label: Text | PlaceName | str) -> str: ...

    def direction(self, lang: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message in the reporter's language.  `rows`: (key, label, danger) of each button."""

    text: str
    rows: tuple[tuple[tuple[str, str, bool], ...], ...]
    direction: str


def speak(wording: Wording, say: Say, lang: str) -> Spoken:
    """Render `say`."""
    text = wording.lines(lang, say.lines)
    rows = tuple([tuple([_button(wording, button, lang) for button in row]) for row in say.rows])
    return Spoken(text, rows, wording.direction(lang))


def _button(wording: Wording, button: Button, lang: str) -> tuple[str, str, bool]:
    label = wording.label(lang, button.label)
    return button.key, (CHOSEN + label if button.chosen else label), button.danger

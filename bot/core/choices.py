"""Buttons as data, and the conditions that pressed buttons fulfil: what screens, questions and tools are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.effects import Button, Text
from bot.core.rows import stacked

TextId = str
Rows = tuple[tuple[Button, ...], ...]
Answers = Mapping[str, tuple[str, ...]]
"""Question → keys pressed; none of them: skipped."""
Condition = Mapping[str, frozenset[str]]
"""For each question named, one of these answers was pressed; an empty condition always holds."""

UNSAID = "unsaid"
"""The audience of somebody who did not say who is writing, where buttons are kept for some readers."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button.  `goto`: a screen to show; in a question, leaving the report for that screen.

    `numbers`: pressing it shows the help numbers before anything else.  `readers`: the audiences that see it, none: all.
    `fills`: answers that a report begun with this button already holds.
    """

    key: str
    label: TextId
    goto: str | None = None
    numbers: bool = False
    readers: tuple[str, ...] = ()
    fills: Answers = field(default_factory=dict)

    def seen_by(self, audience: str) -> bool:
        return not self.readers or (audience or UNSAID) in self.readers


def holds(condition: Condition, answers: Answers) -> bool:
    """Whether each named question got one of the wanted answers."""
    return not any(wanted.isdisjoint(answers.get(ask, ())) for ask, wanted in condition.items())


def buttons(kind: str, choices: tuple[Choice, ...], per_row: int) -> Rows:
    """Rows of buttons whose keys carry `kind`, which says what pressing means."""
    return stacked([Button(f"{kind}:{c.key}", Text(c.label)) for c in choices], per_row)

"""Small tools that a talk can work through: a check of an offer, a list to tick, a lesson with a quiz.

A tool is steps with buttons; options add to counters, and the first outcome whose counters are reached ends it.  What was
pressed may begin a report, if the reporter wants that; otherwise it is forgotten with the next screen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.choices import Answers, Choice, Condition, TextId, holds


@dataclass(frozen=True, slots=True)
class Option:
    """A button of a step.  `counts`: counters that go up by one.  `says`: shown after it, before the next step.

    `fills`: answers of a report that this means.  `numbers`: the help numbers come first.  `line`: how it stands in a kept
    list (its label, if it has none of its own).
    """

    key: str
    label: TextId
    counts: tuple[str, ...] = ()
    says: TextId = ""
    fills: Answers = field(default_factory=dict)
    numbers: bool = False
    line: TextId = ""


@dataclass(frozen=True, slots=True)
class Step:
    """`texts`: audience → text id.  `when`: only after these answers.  `several`: options are ticked, then "done"."""

    id: str
    texts: Mapping[str, TextId]
    options: tuple[Option, ...]
    when: Condition = field(default_factory=dict)
    several: bool = False
    per_row: int = 1

    def option(self, key: str) -> Option | None:
        return next((o for o in self.options if o.key == key), None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ends, if each counter of `when` is at least that high.  `numbers`: the help numbers come first."""

    id: str
    texts: Mapping[str, TextId]
    choices: tuple[Choice, ...]
    when: Mapping[str, int] = field(default_factory=dict)
    numbers: bool = False


@dataclass(frozen=True, slots=True)
class Tool:
    """`keeps`: the end lists everything that could be ticked, ticked or not, as text to keep."""

    id: str
    title: TextId
    steps: tuple[Step, ...]
    outcomes: tuple[Outcome, ...]
    keeps: bool = False
    readers: tuple[str, ...] = ()


def applying_steps(tool: Tool, answers: Answers) -> tuple[Step, ...]:
    """The steps this reader meets, as far as the answers so far tell."""
    return tuple(step for step in tool.steps if holds(step.when, answers))


def waiting(tool: Tool, answers: Answers) -> Step | None:
    """The first step without an answer; none when the end is reached."""
    return next((step for step in applying_steps(tool, answers) if step.id not in answers), None)


def chosen(tool: Tool, answers: Answers) -> tuple[Option, ...]:
    """The options pressed that still count, in the order of the steps."""
    steps = applying_steps(tool, answers)
    return tuple(o for step in steps for o in step.options if o.key in answers.get(step.id, ()))


def outcome(tool: Tool, answers: Answers) -> Outcome:
    """The first outcome that holds; the last one always does (the inspector sees to it)."""
    counted = [name for option in chosen(tool, answers) for name in option.counts]
    reached = (o for o in tool.outcomes if all(counted.count(name) >= least for name, least in o.when.items()))
    return next(reached, tool.outcomes[-1])


def filled(tool: Tool, answers: Answers) -> dict[str, tuple[str, ...]]:
    """What a report would already hold; of two options that fill the same question the first one counts."""
    fills: dict[str, tuple[str, ...]] = {}
    for option in chosen(tool, answers):
        for ask, keys in option.fills.items():
            fills.setdefault(ask, keys)
    return fills

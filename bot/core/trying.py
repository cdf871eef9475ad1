"""How a tool looks: the step that waits, with its buttons, or its end."""

from bot.core.choices import buttons
from bot.core.effects import Button, Say, Text
from bot.core.flow import Flow
from bot.core.rows import DOORS, EXITS, door, stacked
from bot.core.state import Trying
from bot.core.tools import Outcome, Tool, applying_steps, filled, outcome, waiting
from bot.core.voice import rated
from bot.core.voice_screens import DID_IT_HELP


def try_picture(flow: Flow, state: Trying) -> Say:
    """The prompt of a tool: its next step, or its end."""
    tool, audience = flow.tools[state.tool], state.talk.audience
    step = waiting(tool, state.answers)
    if step is None:
        return _end(tool, outcome(tool, state.answers), state)
    steps = applying_steps(tool, state.answers)
    progress = Text("ask.progress", {"step": steps.index(step) + 1, "steps": len(steps)})
    lines: tuple[Text, ...] = (progress, Text(step.texts.get(audience) or step.texts[""]))
    rows = stacked(
        [Button(f"a:{o.key}", Text(o.label), chosen=o.key in state.marked) for o in step.options], step.per_row
    )
    if step.several:
        lines, rows = (*lines, Text("ask.several")), (*rows, (door("button.done", "done"),))
    return Say(lines, (*rows, (door("button.back", "!back"), DOORS["!home"]), EXITS))


def _end(tool: Tool, end: Outcome, state: Trying) -> Say:
    lines = (Text(end.texts.get(state.talk.audience) or end.texts[""]), *(_kept(tool, state) if tool.keeps else ()))
    tell = door("button.tell-this", "tell-this") if filled(tool, state.answers) else DOORS["!tell"]
    again = (door("button.again", "again"), DOORS["!home"])
    rows = (*buttons("c", end.choices, 1), (tell,), again, *rated(f"tool:{tool.id}"))
    return Say((*lines, DID_IT_HELP), (*rows, EXITS))


def _kept(tool: Tool, state: Trying) -> tuple[Text, ...]:
    """Every option of the lists, ticked or still open, as one text to copy or keep."""
    listed = [(step, o) for step in applying_steps(tool, state.answers) if step.several for o in step.options]
    return tuple(
        Text(
            "tool.ticked" if o.key in state.answers.get(step.id, ()) else "tool.open", {"line": Text(o.line or o.label)}
        )
        for step, o in listed
    )

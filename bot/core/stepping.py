"""From one step of a tool to the next: what a press means, and where the end leads."""

from dataclasses import replace

from bot.core.effects import Class, Effect, Say, Text
from bot.core.flow import Flow
from bot.core.helplines import number_lines
from bot.core.state import Browsing, Talk, Trying
from bot.core.tools import Option, Step, Tool, applying_steps, outcome, waiting
from bot.core.turn import Turn, settle


def begin(flow: Flow, talk: Talk, tool: str) -> Turn:
    return settle(flow, Trying(talk, tool))


def chose(flow: Flow, state: Trying, key: str) -> Turn | None:
    """A button of a step or of the end; none when the button leads out of the tool (then `way_out` says where)."""
    tool = flow.tools[state.tool]
    step = waiting(tool, state.answers)
    kind, _, value = key.partition(":")
    match kind:
        case "!back":
            return settle(flow, _step_back(tool, state))
        case "again":
            return settle(flow, Trying(state.talk, state.tool))
        case "done" if step is not None and step.several:
            return _answered(flow, state, tool, step, state.marked)
        case "a" if step is not None and (option := step.option(value)):
            if step.several:
                return settle(
                    flow, replace(state, marked=_toggled(state.marked, value)), first=_numbers(flow, state, option)
                )
            return _answered(flow, state, tool, step, (value,))
    return None


def way_out(flow: Flow, state: Trying, key: str) -> str:
    """Where a button of the end leads; "" when it is no such button (forged, or of an older release)."""
    tool = flow.tools[state.tool]
    if waiting(tool, state.answers) is not None:
        return ""
    choices = outcome(tool, state.answers).choices
    return next((c.goto or "" for c in choices if key == f"c:{c.key}"), "")


def _answered(flow: Flow, state: Trying, tool: Tool, step: Step, keys: tuple[str, ...]) -> Turn:
    following = Trying(state.talk, state.tool, {**state.answers, step.id: keys})
    pressed = [o for o in step.options if o.key in keys]
    notices = tuple(Text(o.says) for o in pressed if o.says and not step.several)
    first = _numbers(flow, state, *pressed) if not step.several else ()
    if not first and waiting(tool, following.answers) is None and outcome(tool, following.answers).numbers:
        first = (_number_say(flow, state),)
    return settle(flow, following, *notices, first=first)


def _step_back(tool: Tool, state: Trying) -> Browsing | Trying:
    answered = [step.id for step in applying_steps(tool, state.answers) if step.id in state.answers]
    if not answered:
        return Browsing(state.talk, f"tool:{tool.id}")
    kept = {id: keys for id, keys in state.answers.items() if id in answered[:-1]}
    return Trying(state.talk, state.tool, kept)


def _toggled(marked: tuple[str, ...], key: str) -> tuple[str, ...]:
    return tuple(k for k in marked if k != key) if key in marked else (*marked, key)


def _numbers(flow: Flow, state: Trying, *pressed: Option) -> tuple[Effect, ...]:
    return (_number_say(flow, state),) if any(o.numbers for o in pressed) else ()


def _number_say(flow: Flow, state: Trying) -> Say:
    return Say(number_lines(flow, state.talk.region), kind=Class.URGENT)

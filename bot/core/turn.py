"""The outcome of one event: where the talk is now and what the shell must do, in order."""

from dataclasses import dataclass, replace

from bot.core.effects import Effect, Say, Text
from bot.core.flow import Flow
from bot.core.screens import picture
from bot.core.state import State, with_talk


@dataclass(frozen=True, slots=True)
class Turn:
    state: State
    effects: tuple[Effect, ...]


def settle(flow: Flow, state: State, *notices: Text, first: tuple[Effect, ...] = ()) -> Turn:
    """Return the turn that ends in the prompt of `state`, with fresh buttons; `notices` stand above the prompt's own words."""
    state = with_talk(state, state.talk.next_turn())
    return Turn(state, (*first, picture(flow, state, notices)))


def noticed(turn: Turn, *notices: Text) -> Turn:
    """The same turn with `notices` above its newest message."""
    if not notices:
        return turn
    effects = list(turn.effects)
    for at in range(len(effects) - 1, -1, -1):
        say = effects[at]
        if isinstance(say, Say):
            effects[at] = _headed(say, notices)
            break
    return replace(turn, effects=tuple(effects))


def _headed(say: Say, notices: tuple[Text, ...]) -> Say:
    stand_in = _headed(say.stand_in, notices) if say.stand_in else None
    return replace(say, lines=(*notices, *say.lines), stand_in=stand_in)

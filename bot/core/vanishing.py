"""What does not stay in the chat: a case code never, what was told where others read the phone, there also all of it (S41).

The words are sealed by then; what vanishes is their picture on the screen.  A channel deletes what it may, and says before
that a phone keeps traces which nobody can delete from afar.
"""

from dataclasses import replace

from bot.core.effects import Class, Effect, Say
from bot.core.state import LEFT, Browsing, State
from bot.core.turn import Turn

LIVES_S = 15 * 60
PHONE = "phone"
"""The question who else reads this phone; its answers are `ALONE`, `OTHERS` and `ALL`."""

ALONE, OTHERS, ALL = "alone", "others", "all"
"""Nobody else; others, so what was told vanishes; others, and everything in this chat vanishes."""

_TELLING_SCREENS = ("draft",)


def vanishing(turn: Turn) -> Turn:
    """The same turn; each of its messages knows how long it stays."""
    talk = turn.state.talk
    if isinstance(turn.state, Browsing) and turn.state.screen == LEFT:
        return turn  # the harmless words may stay
    shared = talk.shared if talk.shared in (OTHERS, ALL) else ""
    if not shared and not any(isinstance(e, Say) and e.kind is Class.CODE for e in turn.effects):
        return turn
    everything = shared == ALL or (shared == OTHERS and tells(turn.state))
    return replace(turn, effects=tuple(_fading(effect, everything) for effect in turn.effects))


def words_live_s(state: State) -> int:
    """How long a message of the reporter stays, in seconds; 0: as long as they leave it there."""
    return LIVES_S if state.talk.shared in (OTHERS, ALL) else 0


def tells(state: State) -> bool:
    """Whether the screen shows what a reporter told or was answered, or asks for it."""
    return not isinstance(state, Browsing) or state.screen in _TELLING_SCREENS


def _fading(effect: Effect, everything: bool) -> Effect:
    if isinstance(effect, Say) and (everything or effect.kind is Class.CODE):
        return replace(effect, vanish=LIVES_S)
    return effect

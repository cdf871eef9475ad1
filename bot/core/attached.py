"""Pictures and files that come into a chat: never fetched there, and what is said instead.

Opening a stranger's picture is where programs break, so it happens on the child's own device, never in the process that holds
other children's words (S32, S34): where the private page takes pictures, it is offered.
"""

from dataclasses import replace

from bot.core.effects import Class, Effect, Say
from bot.core.flow import Flow
from bot.core.state import LEFT, Asking, Browsing, State
from bot.core.turn import Turn

OFFER = "private.offer-picture"
"""What is said of the private page below a picture that was not taken."""


def refusal(flow: Flow, what: str) -> str:
    """Id of what is said of it."""
    if not flow.voice_notes:
        return "say.attachment"
    return "note.not-voice" if what == "voice" else "say.picture"


def led_to_the_page(flow: Flow, state: State, turn: Turn) -> Turn:
    """The same turn with the private page offered, where it takes pictures and nothing was told here that it would lack."""
    draft, left = state.talk.draft, isinstance(state, Browsing) and state.screen == LEFT
    told = draft is not None and not draft.hidden and bool(draft.worded or draft.notes)
    if not flow.pictures or told or left or not isinstance(state, Browsing | Asking) or not state.talk.lang:
        return turn
    return replace(turn, effects=tuple(_offering(effect) for effect in turn.effects))


def _offering(effect: Effect) -> Effect:
    return replace(effect, private=OFFER) if isinstance(effect, Say) and effect.kind is Class.PROMPT else effect

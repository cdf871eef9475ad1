"""To be told that there is an answer: asked for by the child, never by itself, and never on a phone that others read (D10).

It is the one lasting link from a chat to a case.  So it ends with the mailbox, after thirty days, when the talk is left fast,
and as soon as a reporter says that others read this phone.
"""

from dataclasses import replace

from bot.core.effects import ForgetNotices, Sweep
from bot.core.events import MailboxOpened
from bot.core.flow import Flow
from bot.core.state import State, Talk
from bot.core.turn import Turn
from bot.core.vanishing import ALL, OTHERS

LIVES_DAYS = 30


def notice_of(flow: Flow, talk: Talk, event: MailboxOpened) -> str:
    """Whether a chat is told of answers ("on", "off"), or "" where that cannot be asked for."""
    if event.noticed:
        return "on"
    return "off" if flow.notices and event.reachable and talk.shared not in (OTHERS, ALL) else ""


def forgetting(flow: Flow, before: State, turn: Turn) -> Turn:
    """The same turn; what was left, or is read by others, is told nothing by itself any more."""
    shared = turn.state.talk.shared
    newly_read = shared in (OTHERS, ALL) and shared != before.talk.shared
    left = any(isinstance(effect, Sweep) and effect.all for effect in turn.effects)
    if not flow.notices or not (newly_read or left):
        return turn
    return replace(turn, effects=(*turn.effects, ForgetNotices()))

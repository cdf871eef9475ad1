"""Children's own voice: a face pressed, what is the matter with a page, and what grown-ups should change.

Words written here go to the feedback readers and nowhere else: a draft of a report is neither read nor touched.
"""

from dataclasses import replace

from bot.core.counting import count
from bot.core.effects import Class, Count, Effect, Feedback, Routing, Say, Text
from bot.core.events import Wrote
from bot.core.flow import Flow
from bot.core.helplines import number_lines
from bot.core.listening import LISTEN
from bot.core.screens import picture
from bot.core.state import Browsing, Reading, State, Talk, Trying, Voicing, with_talk
from bot.core.tools import waiting
from bot.core.turn import Turn, settle
from bot.core.voice import (
    ANSWERED,
    FACE_ROW,
    HELPED,
    MATTERS,
    OWN_WORDS,
    PRESSES,
    PROPOSAL,
    SAID,
    SAY,
    WORDS,
    concern_of,
    item_key,
)

OPEN_S = 30 * 60
"""After this long without a word what is written is no longer feedback: it may be somebody's first cry for help."""


def propose(flow: Flow, talk: Talk) -> Turn:
    """The door "what should grown-ups change?"."""
    return _open(flow, talk, PROPOSAL)


def pressed(flow: Flow, state: State, key: str) -> Turn:
    """A face, or "this is wrong or missing", below whatever stands there now; elsewhere it is an old or forged button."""
    about = rated_of(flow, state)
    if not about:
        return settle(flow, state, Text("say.stale"))
    if key == SAY.key:
        return _open(flow, state.talk, about) if known(flow, about) else settle(flow, state, Text("say.stale"))
    return _faced(flow, state, about, key.partition(":")[2])


def chose(flow: Flow, state: Voicing, key: str) -> Turn:
    """What is the matter, or back to where it was said of."""
    kind, _, matter = key.partition(":")
    if key == "!back":
        return settle(flow, back_from(flow, state))
    if kind == "m" and matter in MATTERS and not state.said and not state.kept:
        counted = count(flow, SAID, item_key(state.about, matter))
        if counted:
            return settle(flow, replace(state, said=matter), first=counted)
    return settle(flow, state, Text("say.stale"))


def wrote(flow: Flow, state: Voicing, event: Wrote) -> Turn:
    """Words are sealed to the feedback readers and counted, never shown; one may write again.

    Where they sound like danger the numbers come first, in this one message only (D18).
    """
    sealed = Feedback(
        about=state.about,
        said=state.said,
        words=event.words,
        concern=concern_of(state.about),
        language=state.talk.lang,
        routing=Routing((), concern_of(state.about), team=flow.feedback_team),
    )
    counted = count(flow, SAID, item_key(state.about, WORDS))
    kept = replace(state, kept=True, opened=state.talk.touched)
    turn = settle(flow, kept, first=(sealed, *map(_unlinked, counted)))
    return _numbers_first(flow, turn) if event.leads.danger else turn


def rated_of(flow: Flow, state: State) -> str:
    """What stands there to be rated, or nothing."""
    match state:
        case Browsing(_, screen):
            return flow.screens[screen].rated if screen in flow.screens else ""
        case Trying(_, tool, answers) if waiting(flow.tools[tool], answers) is None:
            return f"tool:{tool}"
        case Reading(answered=True):
            return ANSWERED
        case _:
            return ""


def known(flow: Flow, about: str) -> bool:
    return bool(count(flow, SAID, item_key(about, WORDS)))


def back_from(flow: Flow, state: Voicing) -> Browsing:
    """The page it was about; home for what is about no page."""
    return Browsing(state.talk, state.about if state.about in flow.screens else "home")


def _open(flow: Flow, talk: Talk, about: str) -> Turn:
    return settle(flow, Voicing(talk, about, opened=talk.touched))


def _faced(flow: Flow, state: State, about: str, face: str) -> Turn:
    """Thanks in a message of its own; where the talk is stays as it was, a mailbox open and a list ticked."""
    counted = count(flow, ANSWERED, face) if about == ANSWERED else count(flow, HELPED, item_key(about, face))
    if not counted:
        return settle(flow, state, Text("say.stale"))
    if isinstance(state, Reading):
        counted = tuple(map(_unlinked, counted))
    there = with_talk(state, state.talk.next_turn())
    plain = picture(flow, there)
    lines = (Text("voice.thanks"), *(plain.lines if isinstance(state, Reading) else ()))
    left_out = {LISTEN} | PRESSES
    rows = tuple(row for row in plain.rows if row != FACE_ROW and row[0].key not in left_out)
    return Turn(there, (*counted, Say(lines, ((OWN_WORDS,), *rows), turn=there.talk.turn)))


def _unlinked(effect: Effect) -> Effect:
    """Counted without language and audience: too few are answered, or write, for these to say nothing of a case."""
    return replace(effect, alone=True) if isinstance(effect, Count) and _about_a_case(effect) else effect


def _about_a_case(count: Count) -> bool:
    return count.kind == ANSWERED or count.item == item_key(ANSWERED, WORDS)


def _numbers_first(flow: Flow, turn: Turn) -> Turn:
    """One message, so that what waits in the outbox does not tell how the words sounded."""
    *first, last = turn.effects
    assert isinstance(last, Say)
    lines = (*number_lines(flow, turn.state.talk.region), *last.lines)
    return Turn(turn.state, (*first, replace(last, lines=lines, kind=Class.URGENT, stand_in=last)))

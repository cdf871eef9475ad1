"""Telling by voice: taken wherever words are, said to be kept only when it is, and never a word about it after leaving.

A note is fetched and sealed after the turn (`FetchVoice`); `kept` and `lost` are what the talk hears of it then.
"""

from dataclasses import replace

from bot.core.answering import answered
from bot.core.effects import Class, FetchVoice, Say, Text
from bot.core.flow import Flow, Kind
from bot.core.helplines import number_lines
from bot.core.mailbox import reading_on
from bot.core.note import MOST_NOTES, MOST_SECONDS, VoiceNote
from bot.core.state import Asking, Browsing, Entering, Keeping, Reading, Reviewing, State, Trying, Voicing, with_talk
from bot.core.telling import named, worded
from bot.core.turn import Turn, noticed, settle
from bot.core.voicing import back_from

_Told = Browsing | Trying | Asking | Reviewing | Keeping | Entering

HEARD = Text("note.heard")
AGAIN = Text("note.again")
NOT_VOICE = Text("note.not-voice")
TOO_LONG = Text("note.too-long", {"minutes": MOST_SECONDS // 60})
TOO_MANY = Text("note.too-many", {"count": MOST_NOTES})


def sent(flow: Flow, state: State, voice: VoiceNote, *, moves: bool = True) -> Turn:
    """Take a voice note where words would be taken.  `moves`: it answers the question that stands; else words come with it."""
    if voice.too_long:
        return settle(flow, state, TOO_LONG)
    if notes_of(state) >= MOST_NOTES:
        return settle(flow, state, TOO_MANY)
    if isinstance(state, Reading):
        fetch = FetchVoice("", voice, state.talk.turn, back=True)
        return settle(flow, replace(reading_on(state), notes=state.notes + 1), HEARD, first=(fetch,))
    if isinstance(state, Voicing):
        # It may be a cry for help, and nobody can look into it here: it goes into a report, not to the readers of feedback.
        state = back_from(flow, state)
    return _into_draft(flow, state, voice, moves)


def notes_of(state: State) -> int:
    """How many notes the report has that this one would be added to."""
    if isinstance(state, Reading):
        return state.notes
    return state.talk.draft.notes if state.talk.draft else 0


def kept(state: State, turn: int, *, sent: bool) -> Say | None:
    """What is said once it is committed.  `turn`: of the note; `sent`: it is with officers, else it waits in the draft."""
    return _told(state, turn, Text("note.sent" if sent else "note.kept"))


def lost(state: State, turn: int, why: Text) -> Say | None:
    """What is said of a note that could not be fetched or is none."""
    return _told(state, turn, why)


def uncounted(state: State) -> State:
    """A note that was lost does not count as one of the report's."""
    draft = state.talk.draft
    if draft is None:
        return state
    return with_talk(state, replace(state.talk, draft=replace(draft, notes=max(0, draft.notes - 1))))


def _told(state: State, turn: int, text: Text) -> Say | None:
    """Nothing when the talk was left since, or begun anew: somebody else may hold the phone."""
    return Say((text,), kind=Class.SAVED) if state.talk.left <= turn <= state.talk.turn else None


def _into_draft(flow: Flow, state: _Told, voice: VoiceNote, moves: bool) -> Turn:
    fetch = FetchVoice(state.ask if isinstance(state, Asking) else "opening", voice, state.talk.turn)
    if isinstance(state, Asking) and moves and (state.naming or flow.ask(state.ask).kind is Kind.WORDS):
        turn = noticed(_answering(flow, state, fetch), HEARD)
    else:
        turn = settle(flow, _after(state), HEARD, first=(fetch,))
    if notes_of(state) == 0:  # nobody can look for danger in it: whoever begins by voice gets the numbers
        numbers = Say(number_lines(flow, state.talk.region), kind=Class.URGENT)
        turn = replace(turn, effects=(numbers, *turn.effects))
    return replace(turn, state=_counted(turn.state))


def _answering(flow: Flow, state: Asking, fetch: FetchVoice) -> Turn:
    if state.naming:
        return named(flow, state, fetch)
    return answered(flow, worded(state, state.ask), None, fetch)


def _after(state: _Told) -> State:
    """Where the talk is after a note that nobody asked for; a draft that was left is not hinted at."""
    if not isinstance(state, Browsing):
        return worded(state, "opening")
    hidden = state.talk.draft is not None and state.talk.draft.hidden
    talk = worded(state, "opening").talk
    return Browsing(talk, "home" if hidden else "draft" if talk.lang else "language")


def _counted(state: State) -> State:
    draft = state.talk.draft
    assert draft is not None
    return with_talk(state, replace(state.talk, draft=replace(draft, notes=draft.notes + 1)))

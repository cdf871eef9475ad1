"""The conversation: `advance(flow, state, event) -> Turn`, pure and total.

One `match` over the event; what a press or a word means depends on the state and is decided in `browsing`,
`telling` and `mailbox`.  Leaving and help work from everywhere; words are never dropped.
"""

from dataclasses import replace
from typing import assert_never

from bot.core import browsing, keeping, mailbox, noting, telling, voicing
from bot.core.answering import next_state
from bot.core.asking import ABROAD
from bot.core.attached import led_to_the_page, refusal
from bot.core.effects import Class, DropDraft, Effect, Say, Sweep, Text
from bot.core.events import (
    AskedHelp,
    Chose,
    CodeMade,
    CodeMistyped,
    Event,
    Failed,
    Left,
    Looked,
    MailboxMissing,
    MailboxOpened,
    Sent,
    Started,
    Wrote,
)
from bot.core.flow import Flow
from bot.core.helplines import number_lines
from bot.core.listening import LISTEN
from bot.core.mailbox_screens import PROOF, STEPS
from bot.core.note import VoiceNote
from bot.core.notices import forgetting
from bot.core.pointing import page_of
from bot.core.rows import DOORS
from bot.core.screens import is_own
from bot.core.state import (
    LEFT,
    Asking,
    Browsing,
    Draft,
    Entering,
    Keeping,
    Reading,
    Reviewing,
    State,
    Talk,
    Trying,
    Voicing,
    with_talk,
)
from bot.core.turn import Turn, noticed, settle
from bot.core.vanishing import vanishing
from bot.core.voice import PRESSES
from bot.core.words import always_word, code_like, digits_only

DRAFT_LIVES_S = 24 * 3600
MAILBOX_OPEN_S = 10 * 60


def advance(flow: Flow, state: State, event: Event, *, mailbox_gone: bool = False) -> Turn:
    """Return the next state and the effects of one event; every pair has an answer.

    `mailbox_gone`: the open mailbox was closed on another phone, or deleted with its case.
    """
    known = state
    state, lapsed, first = _lapse(flow, _still_there(flow, known), event.at, mailbox_gone)
    if state is not known and isinstance(event, Chose) and event.key == LISTEN:
        event = Looked(event.at)  # the screen it was pressed on is over: show what there is now
    turn = _advance(flow, with_talk(state, state.talk.at(event.at)), event)
    if lapsed and (not isinstance(turn.state, Browsing) or turn.state.screen != LEFT):
        turn = noticed(turn, *lapsed)
    turn = vanishing(forgetting(flow, known, turn))
    return replace(turn, effects=(*first, *turn.effects)) if first else turn


def _advance(flow: Flow, state: State, event: Event) -> Turn:
    match event:
        case Left():
            return _leave(state)
        case AskedHelp():
            return _help(flow, state)
        case Started(_, campaign, hint):
            return browsing.start(flow, state, campaign, hint)
        case Chose(_, key, turn):
            return _chose(flow, state, key, turn)
        case Wrote(_, words):
            match always_word(words.reveal(), flow.always):
                case "leave":
                    return _leave(state)
                case "help":
                    return _help(flow, state)
            return _wrote(flow, state, event)
        case Sent():
            return _sent(flow, state, event)
        case Looked():
            return telling.looked(flow, state, event)
        case CodeMade(_, code):
            return keeping.code_made(state, code)
        case CodeMistyped() | MailboxOpened() | MailboxMissing():
            return mailbox.found(flow, state, event)
        case Failed():
            return settle(flow, state, Text("say.failed"), first=(_numbers(flow, state.talk),))
        case _ as unreachable:
            assert_never(unreachable)


def _chose(flow: Flow, state: State, key: str, turn: int) -> Turn:
    if key == "!leave":
        return _leave(state)
    if key == "!help":
        return _help(flow, state)
    if key in DOORS or key == "!region":
        return browsing.open_door(flow, state, key)
    if page := page_of(flow, key):
        return browsing.open_page(flow, state, page)
    if turn != state.talk.turn:
        return settle(flow, state, Text("say.stale"))
    if key in PRESSES:
        return voicing.pressed(flow, state, key)
    match state:
        case Browsing():
            return browsing.chose(flow, state, key)
        case Trying():
            return browsing.chose_in_tool(flow, state, key)
        case Asking():
            return telling.chose(flow, state, key)
        case Reviewing():
            return telling.chose_in_review(flow, state, key)
        case Keeping():
            return keeping.chose(flow, state, key)
        case Voicing():
            return voicing.chose(flow, state, key)
        case Entering():
            return mailbox.chose_while_entering(flow, state, key)
        case Reading():
            return mailbox.chose(flow, state, key)
        case _ as unreachable:
            assert_never(unreachable)


def _wrote(flow: Flow, state: State, event: Wrote) -> Turn:
    """Words are kept wherever they come; a case code opens the messages, except where words or a name are asked for."""
    words = event.words.reveal()
    match state:
        case Entering() if digits_only(words):
            return mailbox.entered(state, event.words)
        case Browsing() | Trying() | Reading() | Voicing() if code_like(words) and not event.edited:
            return mailbox.entered(Entering(state.talk), event.words)
        case Voicing() if not event.edited:
            return voicing.wrote(flow, state, event)
        case Reading():
            return mailbox.wrote(flow, state, event)
        case Keeping() if code_like(words):
            return settle(flow, state, Text("say.code-like"))
        case Browsing() | Trying() | Asking() | Reviewing() | Keeping() | Entering() | Voicing():
            # what was edited while feedback is asked for may be words of a report: it must not reach other readers
            return telling.wrote(flow, state, event)
        case _ as unreachable:
            assert_never(unreachable)


def _sent(flow: Flow, state: State, event: Sent) -> Turn:
    """Pictures and files are never fetched; whoever sends one may be in danger, so the numbers come along."""
    if event.voice and flow.voice_notes:
        return _voiced(flow, state, event, event.voice)
    attached = event.what in ("voice", "picture", "file")
    notice = Text(refusal(flow, event.what) if attached else "say.puzzled")
    first = (_numbers(flow, state.talk),) if attached else ()
    if not event.words:
        turn = settle(flow, state, notice, first=first)
        return led_to_the_page(flow, state, turn) if event.what == "picture" else turn
    turn = noticed(_advance(flow, state, Wrote(event.at, event.words, leads=event.leads)), notice)
    return replace(turn, effects=(*first, *turn.effects))


def _voiced(flow: Flow, state: State, event: Sent, voice: VoiceNote) -> Turn:
    """A voice note; words that came with it are words, and it is they that answer a question."""
    if not event.words:
        return noting.sent(flow, state, voice)
    note = noting.sent(flow, state, voice, moves=False)
    turn = _advance(flow, note.state, Wrote(event.at, event.words, leads=event.leads))
    taken = tuple(e for e in note.effects if not (isinstance(e, Say) and e.kind is Class.PROMPT))
    if not (isinstance(turn.state, Browsing) and turn.state.screen == LEFT):
        turn = noticed(turn, *_notices(note))
    return replace(turn, effects=(*taken, *turn.effects))


def _notices(note: Turn) -> tuple[Text, ...]:
    """What the turn of a voice note says above its prompt."""
    said = [e for e in note.effects if isinstance(e, Say) and e.kind is Class.PROMPT]
    return said[-1].lines[:1]


def _help(flow: Flow, state: State) -> Turn:
    """Numbers before anything else, and the place in the talk is kept."""
    if isinstance(state, Browsing):
        return settle(flow, Browsing(state.talk, "help"))
    return settle(flow, state, first=(_numbers(flow, state.talk),))


def _leave(state: State) -> Turn:
    """Sweep the talk away and show something harmless; a draft stays sealed for its day, and nothing hints at it."""
    talk = state.talk
    draft = replace(talk.draft, hidden=True) if talk.draft else None
    turn = talk.turn + 1
    left = Browsing(
        Talk(lang=talk.lang, turn=turn, touched=talk.touched, draft=draft, left=turn, shared=talk.shared), LEFT
    )
    return Turn(left, (Sweep(all=True), Say((Text("left.neutral"),), kind=Class.CODE)))


def _numbers(flow: Flow, talk: Talk) -> Say:
    return Say(number_lines(flow, talk.region), kind=Class.URGENT)


def _still_there(flow: Flow, state: State) -> State:
    """A talk outlives a release: its language, screen, question or step may be gone since."""
    talk = state.talk
    if talk.lang and not flow.speaks(talk.lang):
        state = with_talk(state, replace(talk, lang=""))
    match state:
        case Browsing(talk, screen) if screen not in flow.screens and not is_own(screen):
            return _home(talk)
        case Trying(talk, tool) if tool not in flow.tools:
            return _home(talk)
        case Voicing(talk, about) if not voicing.known(flow, about):
            return _home(talk)
        case Asking(talk, ask) if not flow.has_ask(ask):
            return next_state(flow, talk)
        case Asking(talk, ask, within) if within not in ("", ABROAD) and within not in flow.places:
            return Asking(talk, ask)
        case Keeping(talk, made, step) if step not in ("", *PROOF):
            return Keeping(talk, made)
        case Reading(step=step) if step and step not in STEPS:
            return replace(state, step="")
        case _:
            return state


def _lapse(
    flow: Flow, state: State, now: int, mailbox_gone: bool
) -> tuple[State, tuple[Text, ...], tuple[Effect, ...]]:
    """End what is over: a draft after 24 hours, a question about us after thirty minutes, an open mailbox after ten,
    or when there is none any more.
    """
    draft = state.talk.draft
    notices: tuple[Text, ...] = ()
    if isinstance(state, Reading) and now - state.opened > MAILBOX_OPEN_S:
        state, notices = _home(state.talk), (Text("mail.lapsed"),)
    elif isinstance(state, Reading) and mailbox_gone:
        state, notices = Entering(state.talk), (Text("mail.gone"),)
    if isinstance(state, Voicing) and now - state.opened > voicing.OPEN_S:
        state, notices = voicing.back_from(flow, state), (Text("voice.lapsed"),)
    if draft is None or now - draft.began <= DRAFT_LIVES_S:
        return state, notices, ()
    told = (Text("draft.gone"),) if _was_told(draft) else ()
    return _without_draft(state), (*notices, *told), (DropDraft(),)


def _without_draft(state: State) -> State:
    talk = replace(state.talk, draft=None)
    match state:
        case Browsing(_, "draft") | Asking() | Reviewing() | Keeping():
            return _home(talk)
        case _:
            return with_talk(state, talk)


def _home(talk: Talk) -> State:
    return Browsing(talk, "home" if talk.lang else "language")


def _was_told(draft: Draft) -> bool:
    """Whether anything of it would be missed; after leaving fast nothing is said of it."""
    return bool(draft.worded or draft.answers) and not draft.hidden

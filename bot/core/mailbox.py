"""Hearing back, and control over one's own report: what can be done with the case code, from any phone.

Everything that cannot be undone is said plainly and confirmed once; whatever is written meanwhile goes to the helpers.
"""

from dataclasses import replace

from bot.core.case import Wish
from bot.core.choices import Rows
from bot.core.effects import (
    AskNotice,
    Class,
    CloseMailbox,
    Effect,
    EmptyMailbox,
    EndNotice,
    FindMailbox,
    Say,
    Sweep,
    TellWish,
    Text,
    WriteBack,
)
from bot.core.events import CodeMistyped, MailboxMissing, MailboxOpened, Wrote
from bot.core.flow import Flow
from bot.core.mailbox_screens import ANSWER, NO_NOTICE, NOTICE, QUESTION, STEPS, date_of, mailbox_rows
from bot.core.notices import notice_of
from bot.core.private import Private
from bot.core.state import Browsing, Entering, Reading, State
from bot.core.turn import Turn, settle
from bot.core.voice import FACE_ROW
from bot.core.voice_screens import WERE_YOU_HEARD

_ANSWERED = ("answered", "closed")

SCREENS = ("lost-code", "wrote-before")
"""Screens of the content that the code screen leads to."""


def entered(state: Entering, words: Private) -> Turn:
    """Something was typed where a code is awaited: look for it; the answer comes as an event of its own."""
    return Turn(state, (Say((Text("mail.looking"),), turn=state.talk.turn), FindMailbox(words)))


def chose_while_entering(flow: Flow, state: Entering, key: str) -> Turn:
    """Whoever has no code to type."""
    screen = key.removeprefix("go:")
    if key.startswith("go:") and screen in SCREENS:
        return settle(flow, Browsing(state.talk, screen))
    return settle(flow, state, Text("say.stale"))


def found(flow: Flow, state: State, event: CodeMistyped | MailboxMissing | MailboxOpened) -> Turn:
    """Show what the look-up brought, unless the reporter went elsewhere meanwhile.

    Replies are never queued: they are shown to whoever just typed the code, or not at all.
    """
    if not isinstance(state, Entering | Reading):
        return Turn(state, ())
    match event:
        case CodeMistyped():
            return settle(flow, state, Text("mail.mistyped"))
        case MailboxMissing():
            return settle(flow, state, Text("mail.missing"))
        case MailboxOpened():
            return _open(flow, state, event)


def wrote(flow: Flow, state: Reading, event: Wrote) -> Turn:
    """Words go to the helpers at every step; where the question or its answer was asked for, they are kept as that."""
    step = "" if event.edited else state.step
    following = ANSWER if step == QUESTION else ""
    ask, said = STEPS[step].wrote if step in STEPS else ("", "mail.written")
    return settle(flow, reading_on(state, following), Text(said), first=(WriteBack(event.words, ask),))


def chose(flow: Flow, state: Reading, key: str) -> Turn:
    """A button of an open mailbox; two presses for whatever deletes or stops something."""
    step = STEPS.get(key)
    if key == NO_NOTICE and state.step == "" and state.notice == "on":
        return settle(flow, replace(reading_on(state), notice="off"), Text("notice.ended"), first=(EndNotice(),))
    if key == NOTICE and state.notice != "off":
        return settle(flow, state, Text("say.stale"))
    if state.step == "" and step is not None and step.offered(state.stopped):
        return settle(flow, replace(state, step=key))
    if state.step and key == "!back":
        return settle(flow, replace(state, step=""))
    if state.step == "" and key == "go-on" and state.stopped:
        return _told(flow, state, stop=False)
    if key == "yes":
        return _confirmed(flow, state)
    return settle(flow, state, Text("say.stale"))


def _confirmed(flow: Flow, state: Reading) -> Turn:
    match state.step:
        case "empty":
            # First the answers, then what the chat shows of them.
            gone: tuple[Effect, ...] = (EmptyMailbox(), Sweep(all=False))
            return settle(flow, reading_on(state), Text("mail.emptied"), first=gone)
        case "close":
            closed: tuple[Effect, ...] = (CloseMailbox(), Sweep(all=False))
            home = Browsing(state.talk, "home" if state.talk.lang else "language")
            return settle(flow, home, Text("mail.shut"), first=closed)
        case "notice" if state.notice == "off":
            on = replace(reading_on(state), notice="on")
            return settle(flow, on, Text("notice.kept"), first=(AskNotice(),))
        case "stop":
            return _told(flow, state, stop=True)
        case _:
            return settle(flow, state, Text("say.stale"))


def _told(flow: Flow, state: Reading, *, stop: bool) -> Turn:
    said = Text("mail.stopped" if stop else "mail.goes-on")
    return settle(flow, replace(reading_on(state), stopped=stop), said, first=(TellWish(stop),))


def reading_on(state: Reading, step: str = "") -> Reading:
    """Whoever does something has ten minutes more."""
    return replace(state, opened=state.talk.touched, step=step)


def _open(flow: Flow, state: Entering | Reading, event: MailboxOpened) -> Turn:
    """The honest state, the answers, and how long they stay; nothing of the question that proves who is writing (S54)."""
    lines = [Text(f"mail.status.{event.status}")]
    if event.wish is not Wish.NONE:
        lines.append(Text("mail.is-stopped" if event.wish is Wish.STOP else "mail.is-overruled"))
    nothing = Text("mail.empty-since" if event.emptied else "mail.empty")
    lines += [Text("mail.reply", {"text": reply}) for reply in event.replies] or [nothing]
    if event.until is not None:
        lines.append(Text("mail.until", {"date": date_of(flow.hours, event.until)}))
    lines.append(Text("mail.write"))
    talk = state.talk.next_turn()
    answered = event.status in _ANSWERED
    reading = Reading(talk, event.at, answered, stopped=event.wish is not Wish.NONE, notes=event.notes)
    reading = replace(reading, notice=notice_of(flow, talk, event))
    rows: Rows = mailbox_rows(reading)
    if answered:
        lines.append(WERE_YOU_HEARD)
        rows = (FACE_ROW, *rows)
    return Turn(reading, (Say(tuple(lines), rows, Class.CODE, talk.turn),))

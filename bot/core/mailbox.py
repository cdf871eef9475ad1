"""Hearing back: the case code is typed, the honest state and the answers are shown, words are written back."""

from dataclasses import replace

from bot.core.effects import Class, FindMailbox, Say, Text, WriteBack
from bot.core.events import CodeMistyped, MailboxMissing, MailboxOpened
from bot.core.flow import Flow
from bot.core.private import Private
from bot.core.rows import DOORS, EXITS
from bot.core.state import Entering, Reading, State
from bot.core.turn import Turn, settle


def entered(state: Entering, words: Private) -> Turn:
    """Something was typed where a code is awaited: look for it; the answer comes as an event of its own."""
    return Turn(state, (Say((Text("mail.looking"),), turn=state.talk.turn), FindMailbox(words)))


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
            return _open(state, event)


def wrote(flow: Flow, state: Reading, words: Private) -> Turn:
    return settle(flow, reading_on(state), Text("mail.written"), first=(WriteBack(words),))


def reading_on(state: Reading) -> Reading:
    """The mailbox stays open for another ten minutes."""
    return replace(state, opened=state.talk.touched)


def _open(state: Entering | Reading, found: MailboxOpened) -> Turn:
    lines = [Text(f"mail.status.{found.status}")]
    lines += [Text("mail.reply", {"text": reply}) for reply in found.replies] or [Text("mail.empty")]
    lines.append(Text("mail.write"))
    talk = replace(state.talk, turn=state.talk.turn + 1)
    rows = ((DOORS["!home"],), EXITS)
    return Turn(Reading(talk, found.at, found.notes), (Say(tuple(lines), rows, Class.CODE, talk.turn),))

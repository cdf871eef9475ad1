"""Hearing back: the case code is typed, the honest state and the answers are shown, words are written back."""

from dataclasses import replace

from bot.core.choices import Rows
from bot.core.effects import Class, FindMailbox, Say, Text, WriteBack
from bot.core.events import CodeMistyped, MailboxMissing, MailboxOpened
from bot.core.flow import Flow
from bot.core.private import Private
from bot.core.rows import DOORS, EXITS
from bot.core.state import Entering, Reading, State
from bot.core.turn import Turn, settle
from bot.core.voice import FACE_ROW
from bot.core.voice_screens import WERE_YOU_HEARD

_ANSWERED = ("answered", "closed")


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
        case MailboxOpened(at, status, replies):
            return _open(state, at, status, replies)


def wrote(flow: Flow, state: Reading, words: Private) -> Turn:
    still = replace(state, opened=state.talk.touched)
    return settle(flow, still, Text("mail.written"), first=(WriteBack(words),))


def _open(state: Entering | Reading, at: int, status: str, replies: tuple[Private, ...]) -> Turn:
    lines = [Text(f"mail.status.{status}")]
    lines += [Text("mail.reply", {"text": reply}) for reply in replies] or [Text("mail.empty")]
    lines.append(Text("mail.write"))
    talk = replace(state.talk, turn=state.talk.turn + 1)
    answered = status in _ANSWERED
    rows: Rows = ((DOORS["!home"],), EXITS)
    if answered:
        lines.append(WERE_YOU_HEARD)
        rows = (FACE_ROW, *rows)
    return Turn(Reading(talk, at, answered), (Say(tuple(lines), rows, Class.CODE, talk.turn),))

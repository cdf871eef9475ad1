"""What a state looks like: the one prompt that belongs to it, with its buttons.

A pure picture of the state, so that any turn, a lost message or a reload can show it again.
"""

from typing import assert_never

from bot.core.asking import ask_picture
from bot.core.directory import directory_picture, is_directory
from bot.core.effects import Button, Class, PlaceName, Say, Text
from bot.core.flow import Flow, Screen, applying
from bot.core.helplines import home_places, number_lines
from bot.core.listening import can_be_heard
from bot.core.rows import DOORS, EXITS, door, stacked
from bot.core.state import Asking, Browsing, Draft, Entering, Keeping, Reading, Reviewing, State, Talk, Trying
from bot.core.trying import try_picture

_OWN_SCREENS = frozenset({"help", "help-region", "draft", "left"})

MISSING = "page:missing-child"
"""The page that stands beside the numbers, where content has one: a family in that hour looks there first."""

YOUNGEST = "u12"
"""The audience that sees pictures: readers of pages in the words of the youngest."""

_RESUMES_FROM_NOWHERE = frozenset({"language", "who", "home", "left", "draft", "sent"})
"""Screens that never hint at a report being told: the first ones a stranger sees, and those with doors of their own."""


def is_own(screen: str) -> bool:
    """Whether a screen is the engine's own; all others are content."""
    return screen in _OWN_SCREENS or is_directory(screen)


def picture(flow: Flow, state: State, notices: tuple[Text, ...] = ()) -> Say:
    """Return the prompt of `state`; `notices` go above it."""
    match state:
        case Browsing(talk, screen):
            say = _browsing(flow, talk, screen)
        case Trying():
            say = try_picture(flow, state)
        case Asking():
            say = ask_picture(flow, state)
        case Reviewing(talk, choosing):
            say = _reviewing(flow, talk, choosing)
        case Keeping(_, made):
            saved, again = door("button.code-saved", "code-saved"), door("button.code-again", "code-again")
            say = Say((Text("code.again"),), ((saved,), (again,), EXITS))
            if not made:
                say = Say((Text("code.why"),), ((again,), EXITS))
        case Entering():
            say = Say((Text("mail.ask"),), ((DOORS["!home"],), EXITS))
        case Reading():
            say = Say((Text("mail.write"),), ((DOORS["!home"],), EXITS))
        case _ as unreachable:
            assert_never(unreachable)
    say = can_be_heard(flow, state.talk.lang, say)
    return Say((*notices, *say.lines), say.rows, say.kind, state.talk.turn, picture=say.picture)


def _browsing(flow: Flow, talk: Talk, screen: str) -> Say:
    match screen:
        case "language":
            return _language(flow, talk)
        case "left":
            return Say((Text("left.neutral"),))
        case "help":
            return _help(flow, talk)
        case "help-region":
            return _help_region(flow)
        case "draft":
            return _draft()
        case _ if is_directory(screen):
            return directory_picture(flow, talk, screen)
        case _:
            return _screen(talk, flow.screens[screen])


def _language(flow: Flow, talk: Talk) -> Say:
    buttons = [Button(f"lang:{tag}", name, chosen=tag == talk.lang) for tag, name in flow.languages]
    return Say((Text("screen.language"),), (*stacked(buttons, 2), EXITS))


def _help(flow: Flow, talk: Talk) -> Say:
    missing = ((Button(f"go:{MISSING}", Text("page.missing-child.title")),),) if MISSING in flow.screens else ()
    rows = (
        (door("button.province", "!region"),),
        *missing,
        (door("button.directory", "!directory"),),
        (DOORS["!tell"], DOORS["!home"]),
        (DOORS["!leave"],),
    )
    return Say(number_lines(flow, talk.region), rows, Class.URGENT)


def _help_region(flow: Flow) -> Say:
    buttons = [Button(f"r:{code}", PlaceName(code)) for code in home_places(flow)]
    return Say((Text("help.choose-region"),), (*stacked(buttons, 2), EXITS), Class.URGENT)


def _draft() -> Say:
    rows = (
        (door("button.resume", "resume"),),
        (door("button.erase", "erase", danger=True), DOORS["!home"]),
        EXITS,
    )
    return Say((Text("draft.waiting"),), rows)


def _screen(talk: Talk, screen: Screen) -> Say:
    text = screen.texts.get(talk.audience) or screen.texts.get("") or next(iter(screen.texts.values()))
    rows = screen.rows_for(talk.audience)
    if _hints_at(talk.draft) and screen.id not in _RESUMES_FROM_NOWHERE:
        rows = ((door("button.resume", "resume"),), *rows)
    shown = screen.picture if talk.audience == YOUNGEST else ""
    return Say((Text(text), *screen.more), (*rows, EXITS), picture=shown)


def _hints_at(draft: Draft | None) -> bool:
    return draft is not None and not draft.hidden


def _reviewing(flow: Flow, talk: Talk, choosing: bool) -> Say:
    draft = talk.draft or Draft(0)
    asks = [a for a in applying(flow, draft.answers) if a.listed and draft.seen(a.id)]
    if choosing:
        buttons = [Button(f"e:{a.id}", Text(a.title)) for a in asks]
        return Say((Text("review.choose"),), (*stacked(buttons, 2), (door("button.back", "!back"),), EXITS))
    lines = [Text("review.intro")]
    for ask in asks:
        told = "written" if ask.id in draft.worded else "answered" if draft.answers.get(ask.id) else "skipped"
        lines.append(Text(f"review.{told}", {"title": Text(ask.title)}))
    send, change = door("button.send", "send"), door("button.change", "change")
    return Say(tuple(lines), ((send,), (change, door("button.erase", "erase", danger=True)), EXITS))

"""Looking around: language, who is writing, home, pages, numbers, and the doors between them."""

from dataclasses import replace

from bot.core import stepping, telling, voicing
from bot.core.choices import Answers
from bot.core.counting import CALL, START, count
from bot.core.effects import DropDraft, Say, Text
from bot.core.flow import Flow
from bot.core.listening import voices_of
from bot.core.picking import hinted
from bot.core.screens import is_own, picture
from bot.core.state import Browsing, Entering, State, Trying
from bot.core.tools import filled
from bot.core.turn import Turn, settle

TRY = "try:"
"""Before the id of a tool: a button that opens its first step."""


def start(flow: Flow, state: State, campaign: str, hint: str) -> Turn:
    """Open the talk, or come back to it; the client's language hint orders the picker, never decides.

    A known campaign waits in the state until the language is chosen, so that it is counted once, and by language.
    """
    if state.talk.lang:
        return _counted(flow, _go(flow, state, "home"), campaign)
    known = campaign if count(flow, START, campaign) else state.talk.campaign
    turn = settle(flow, Browsing(replace(state.talk, campaign=known), "language"))
    return replace(turn, effects=tuple(hinted(e, hint) if isinstance(e, Say) else e for e in turn.effects))


def chose(flow: Flow, state: Browsing, key: str) -> Turn:
    """A button of a screen; unknown keys (forged or of an older release) get a kind answer."""
    talk = state.talk
    match key.split(":", 1):
        case ["lang", tag] if tag in dict(flow.languages):
            spoken = Browsing(replace(talk, lang=tag, campaign=""), state.screen)
            return _counted(flow, _go(flow, spoken, "home" if talk.audience else "who"), talk.campaign)
        case ["r", code] if code in flow.places:
            return _go(flow, Browsing(replace(talk, region=code), state.screen), "help")
        case ["d", code] if code in flow.places:
            return _go(flow, Browsing(replace(talk, region=code), state.screen), "directory")
        case ["worked", called]:
            return _called(flow, state, called)
        case ["go", screen] if is_own(screen) or screen in flow.screens:
            return _go(flow, state, screen)
        case ["resume"] if talk.draft:
            return telling.resume(flow, talk)
        case ["erase"] if talk.draft:
            erased = Browsing(replace(talk, draft=None), "home")
            return settle(flow, erased, Text("draft.erased"), first=(DropDraft(),))
        case ["c", choice_key]:
            return _chose_of_screen(flow, state, choice_key)
    return settle(flow, state, Text("say.stale"))


def _called(flow: Flow, state: Browsing, called: str) -> Turn:
    """How a call went: counted by entry, and forgotten who said it."""
    page, _, rest = called.partition(":")
    counted = count(flow, CALL, rest)
    said = Text("directory.thanks" if counted else "say.stale")
    return settle(flow, Browsing(state.talk, f"directory:{page}" if counted else state.screen), said, first=counted)


def chose_in_tool(flow: Flow, state: Trying, key: str) -> Turn:
    """A button of a tool; what was pressed in it goes into a report only if the reporter says so."""
    if key == "tell-this":
        return telling.begin(flow, state.talk, filled(flow.tools[state.tool], state.answers))
    goto = stepping.way_out(flow, state, key)
    if goto:
        return _go(flow, state, goto)
    return stepping.chose(flow, state, key) or settle(flow, state, Text("say.stale"))


def open_door(flow: Flow, state: State, door: str, fills: Answers | None = None) -> Turn:
    """A door works from everywhere; a draft is kept behind it.  `fills`: what a report begun here already holds."""
    talk = state.talk
    match door:
        case "!tell":
            return telling.begin(flow, talk, fills or {})
        case "!listen":
            return _listen(flow, state)
        case "!propose" if talk.lang:
            return voicing.propose(flow, talk)
        case "!mail":
            return settle(flow, Entering(talk))
        case "!region":
            return settle(flow, Browsing(talk, "help-region"))
        case "!language" | "!learn" | "!help" | "!directory":
            return settle(flow, Browsing(talk, door[1:]))
        case _:
            return settle(flow, Browsing(talk, "home" if talk.lang else "language"))


def _listen(flow: Flow, state: State) -> Turn:
    """Play what stands there; state and prompt stay, so the buttons on the screen go on working."""
    speak = voices_of(flow, state.talk.lang, picture(flow, state))
    return settle(flow, state, Text("say.unheard")) if speak is None else Turn(state, (speak,))


def open_page(flow: Flow, state: State, goto: str) -> Turn:
    """A page found by words: it opens from everywhere, so that each of the pages of an answer can be read."""
    return settle(flow, Browsing(state.talk, goto))


def _chose_of_screen(flow: Flow, state: Browsing, key: str) -> Turn:
    screen = flow.screens.get(state.screen)
    choice = next((c for c in screen.choices if c.key == key), None) if screen else None
    if screen is None or choice is None or choice.goto is None:
        return settle(flow, state, Text("say.stale"))
    talk = replace(state.talk, audience=_remembered(choice.key)) if screen.sets == "audience" else state.talk
    return _go(flow, replace(state, talk=talk), choice.goto, choice.fills)


def _remembered(key: str) -> str:
    return "" if key == "skip" else key


def _go(flow: Flow, state: State, goto: str, fills: Answers | None = None) -> Turn:
    if goto.startswith("!"):
        return open_door(flow, state, goto, fills)
    if goto.startswith(TRY):
        return stepping.begin(flow, state.talk, goto.removeprefix(TRY))
    return settle(flow, Browsing(state.talk, goto))


def _counted(flow: Flow, turn: Turn, campaign: str) -> Turn:
    return replace(turn, effects=(*count(flow, START, campaign), *turn.effects))

"""Looking around: language, who is writing, home, pages, numbers, and the doors between them."""

from dataclasses import replace

from bot.core import telling
from bot.core.counting import START, count
from bot.core.effects import DropDraft, Say, Text
from bot.core.flow import Flow
from bot.core.listening import voices_of
from bot.core.picking import hinted
from bot.core.screens import picture
from bot.core.state import Browsing, Entering, State
from bot.core.turn import Turn, settle


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
        case ["resume"] if talk.draft:
            return telling.resume(flow, talk)
        case ["erase"] if talk.draft:
            erased = Browsing(replace(talk, draft=None), "home")
            return settle(flow, erased, Text("draft.erased"), first=(DropDraft(),))
        case ["c", choice_key]:
            return _chose_of_screen(flow, state, choice_key)
    return settle(flow, state, Text("say.stale"))


def open_door(flow: Flow, state: State, door: str) -> Turn:
    """A door works from everywhere; a draft is kept behind it."""
    talk = state.talk
    match door:
        case "!tell":
            return telling.begin(flow, talk)
        case "!listen":
            return _listen(flow, state)
        case "!mail":
            return settle(flow, Entering(talk))
        case "!region":
            return settle(flow, Browsing(talk, "help-region"))
        case "!language" | "!learn" | "!help":
            return settle(flow, Browsing(talk, door[1:]))
        case _:
            return settle(flow, Browsing(talk, "home" if talk.lang else "language"))


def _listen(flow: Flow, state: State) -> Turn:
    """Play what stands there; state and prompt stay, so the buttons on the screen go on working."""
    speak = voices_of(flow, state.talk.lang, picture(flow, state))
    return settle(flow, state, Text("say.unheard")) if speak is None else Turn(state, (speak,))


def _chose_of_screen(flow: Flow, state: Browsing, key: str) -> Turn:
    screen = flow.screens.get(state.screen)
    choice = next((c for c in screen.choices if c.key == key), None) if screen else None
    if screen is None or choice is None or choice.goto is None:
        return settle(flow, state, Text("say.stale"))
    talk = replace(state.talk, audience=_remembered(choice.key)) if screen.sets == "audience" else state.talk
    return _go(flow, replace(state, talk=talk), choice.goto)


def _remembered(key: str) -> str:
    return "" if key == "skip" else key


def _go(flow: Flow, state: State, goto: str) -> Turn:
    if goto.startswith("!"):
        return open_door(flow, state, goto)
    return settle(flow, Browsing(state.talk, goto))


def _counted(flow: Flow, turn: Turn, campaign: str) -> Turn:
    return replace(turn, effects=(*count(flow, START, campaign), *turn.effects))

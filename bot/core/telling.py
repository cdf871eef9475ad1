"""Telling somebody: the questions and the review; the case code and the sending are in `keeping`.

Place and "keep it away from" are asked before words, so that readers are known early; words that come before are sealed
all the same (D11).  Nothing goes anywhere until the reporter presses send.
"""

from dataclasses import replace
from typing import TypeVar

from bot.core.answering import answered, fixing, go_back, next_state, revise
from bot.core.asking import ABROAD, last_page
from bot.core.choices import Answers
from bot.core.effects import Class, DropDraft, Effect, MakeCode, Say, Seal, Text
from bot.core.events import NO_LEADS, Looked, Wrote
from bot.core.flow import Ask, Flow, Kind
from bot.core.helplines import number_lines
from bot.core.mailbox_screens import ANSWER, QUESTION, STEPS
from bot.core.pointing import answer
from bot.core.state import Asking, Browsing, Draft, Entering, Keeping, Reviewing, State, Talk, Trying, Voicing
from bot.core.turn import Turn, noticed, settle
from bot.core.vanishing import PHONE

_Told = TypeVar("_Told", bound=Browsing | Trying | Asking | Reviewing | Keeping | Entering | Voicing)

_AFTER_WORDS = ("draft", "language")
"""Where words typed while looking around lead."""

SEVERAL_AT_MOST = 12
"""Answers one question may hold: a forged flood of presses must not grow the state."""


def begin(flow: Flow, talk: Talk, fills: Answers) -> Turn:
    """The door "tell somebody": a kept draft is offered first, else the first question that is not answered by `fills`.

    What no question asks for joins a kept draft all the same.
    """
    if talk.draft and (talk.draft.answers or talk.draft.worded):
        facts = {id: keys for id, keys in fills.items() if flow.has_ask(id) and not flow.ask(id).asked}
        kept = replace(talk.draft, hidden=False, answers={**facts, **talk.draft.answers})
        return settle(flow, Browsing(replace(talk, draft=kept), "draft"))
    known = {PHONE: (talk.shared,)} if talk.shared and flow.has_ask(PHONE) else {}
    return settle(flow, next_state(flow, replace(talk, draft=Draft(talk.touched, {**known, **fills}))))


def resume(flow: Flow, talk: Talk) -> Turn:
    """Go on where the draft stopped."""
    state = next_state(flow, talk)
    state, first = fixing(flow, state)
    return settle(flow, state, first=first)


def chose(flow: Flow, state: Asking, key: str) -> Turn:
    """A button of a question."""
    ask = flow.ask(state.ask)
    kind, _, value = key.partition(":")
    match kind:
        case "!back":
            return go_back(flow, state)
        case "skip" if ask.skippable:
            return answered(flow, state, ())
        case "a":
            return _pressed(flow, state, ask, value)
        case "done" if ask.kind in (Kind.SEVERAL, Kind.AVOID):
            return answered(flow, state, _given(state))
        case "o" if ask.kind is Kind.AVOID and value in dict(flow.offices):
            return _toggle(flow, state, f"office:{value}")
        case "name-person" if ask.kind is Kind.AVOID:
            return settle(flow, replace(state, naming=True))
        case "page" if ask.kind in (Kind.PLACE, Kind.AVOID):
            page = min(last_page(flow, ask, state.within), max(0, state.page + (1 if value == "+" else -1)))
            return settle(flow, replace(state, page=page))
        case "p" | "here" if ask.kind is Kind.PLACE:
            return _placed(flow, state, kind, value)
    return settle(flow, state, Text("say.stale"))


def wrote(flow: Flow, state: _Told, event: Wrote) -> Turn:
    """Words at any step are sealed into the draft, asked for or not; only a question for words moves on."""
    if isinstance(state, Asking) and not event.edited:
        if state.naming:
            return named(flow, state, Seal(state.ask, event.words))
        if flow.ask(state.ask).kind is Kind.WORDS:
            return answered(flow, worded(state, state.ask), None, Seal(state.ask, event.words))
    if isinstance(state, Keeping) and state.step and not event.edited:
        return _proof(flow, state, event)
    step = state.ask if isinstance(state, Asking) else "opening"
    seal = Seal(step, event.words, event.edited)
    kept = worded(state, "opening")
    if not isinstance(kept, Browsing):
        return settle(flow, kept, Text("say.edited" if event.edited else "draft.kept"), first=(seal,))
    if state.talk.draft and state.talk.draft.hidden:  # somebody else may hold the phone now: hint at nothing
        home = Browsing(kept.talk, "home")
        return (
            answer(flow, home, event.leads, (), (seal,))
            if event.leads != NO_LEADS
            else settle(flow, home, first=(seal,))
        )
    opened = Browsing(kept.talk, "draft" if kept.talk.lang else "language")
    return answer(flow, opened, event.leads, (Text("draft.opened"),), (seal,))


def looked(flow: Flow, state: State, event: Looked) -> Turn:
    """Where we are, again; words kept already are answered again, for the numbers may have been lost with the answer."""
    draft = state.talk.draft
    if event.words and draft and not draft.hidden and isinstance(state, Browsing) and state.screen in _AFTER_WORDS:
        return answer(flow, state, event.leads, (Text("draft.opened"),), ())
    return settle(flow, state)


def chose_in_review(flow: Flow, state: Reviewing, key: str) -> Turn:
    talk = state.talk
    match key.split(":", 1):
        case ["send"] if talk.draft:
            why = Say((Text("code.why"), Text("code.making")), turn=talk.turn)
            return Turn(Keeping(talk), (why, MakeCode()))
        case ["change"]:
            return settle(flow, Reviewing(talk, choosing=True))
        case ["!back"]:
            return settle(flow, Reviewing(talk))
        case ["erase"]:
            erased = Browsing(replace(talk, draft=None), "home")
            return settle(flow, erased, Text("draft.erased"), first=(DropDraft(),))
        case ["e", id] if talk.draft and talk.draft.seen(id) and any(a.id == id for a in flow.asks):
            return settle(flow, Asking(talk, id, back=True))
    return settle(flow, state, Text("say.stale"))


def _pressed(flow: Flow, state: Asking, ask: Ask, key: str) -> Turn:
    choice = next((c for c in ask.choices if c.key == key), None)
    if choice is None:
        return settle(flow, state, Text("say.stale"))
    first = (Say(number_lines(flow, state.talk.region), kind=Class.URGENT),) if choice.numbers else ()
    if choice.goto:
        return settle(flow, Browsing(state.talk, choice.goto), first=first)
    if ask.kind in (Kind.SEVERAL, Kind.AVOID) and key != "nobody":
        turn = _toggle(flow, state, key)
        return replace(turn, effects=(*first, *turn.effects))
    return answered(flow, state, (key,), *first)


def _placed(flow: Flow, state: Asking, kind: str, value: str) -> Turn:
    if kind == "here" and state.within in flow.places:
        return answered(flow, state, (state.within,))
    if value == ABROAD or (value in flow.places and flow.children.get(value) and value != state.within):
        return settle(flow, replace(state, within=value, page=0))
    if value in flow.places:
        return answered(flow, state, (value,))
    return settle(flow, state, Text("say.stale"))


def _toggle(flow: Flow, state: Asking, key: str) -> Turn:
    given = [k for k in _given(state) if k != "nobody"]
    if key in given:
        given.remove(key)
    elif key.startswith("office:") and {f"office:{id}" for id, _ in flow.offices} <= {*given, key}:
        return settle(flow, state, Text("ask.avoid-last"))  # a report is never for nobody
    elif len(given) < SEVERAL_AT_MOST:
        given.append(key)
    talk, notices, dropped = revise(flow, state.talk, state.ask, tuple(given))
    return settle(flow, replace(state, talk=talk), *notices, first=dropped)


def named(flow: Flow, state: Asking, sealed: Effect) -> Turn:
    """A person to keep it from: the name is `sealed`, and the duty pair alone will read."""
    keys = tuple(dict.fromkeys((*(k for k in _given(state) if k != "nobody"), "person")))
    talk, notices, dropped = revise(flow, state.talk, state.ask, keys)
    following = worded(replace(state, talk=talk, naming=False), state.ask)
    return noticed(answered(flow, following, None, *dropped, sealed), *notices)


def _proof(flow: Flow, state: Keeping, event: Wrote) -> Turn:
    """The question that only the reporter can answer, or its answer: sealed with the report (S54)."""
    ask, said = STEPS[state.step].wrote
    following = replace(worded(state, ask), step=ANSWER if state.step == QUESTION else "")
    return settle(flow, following, Text(said), first=(Seal(ask, event.words),))


def _given(state: Asking) -> tuple[str, ...]:
    return state.talk.draft.answers.get(state.ask, ()) if state.talk.draft else ()


def worded(state: _Told, step: str) -> _Told:
    """The same place, with `step` answered in the reporter's own words."""
    draft = state.talk.draft or Draft(state.talk.touched)
    steps = draft.worded if step in draft.worded else (*draft.worded, step)
    return replace(state, talk=replace(state.talk, draft=replace(draft, worded=steps)))

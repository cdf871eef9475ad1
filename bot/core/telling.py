"""Telling somebody: the questions, the review, the case code and the sending.

Place and "keep it away from" are asked before words, so that readers are known early; words that come before are sealed
all the same (D11).  Nothing goes anywhere until the reporter presses send.
"""

from dataclasses import replace
from typing import TypeVar

from bot.core.answering import answered, fixing, go_back, next_state, revise, routing_of
from bot.core.asking import ABROAD, last_page
from bot.core.choices import Answers
from bot.core.effects import Class, Cover, Deliver, DropDraft, Effect, LocalTime, MakeCode, Say, Seal, Text
from bot.core.events import NO_LEADS, Looked, Wrote
from bot.core.flow import Ask, Flow, Kind, standing
from bot.core.helplines import number_lines
from bot.core.pointing import answer
from bot.core.private import Private
from bot.core.rows import DOORS, EXITS, door
from bot.core.state import Asking, Browsing, Draft, Entering, Keeping, Reviewing, State, Talk, Trying
from bot.core.triage import triage
from bot.core.turn import Turn, noticed, settle

_Told = TypeVar("_Told", bound=Browsing | Trying | Asking | Reviewing | Keeping | Entering)

_AFTER_WORDS = ("draft", "language")
"""Where words typed while looking around lead."""

SEVERAL_AT_MOST = 12
"""Answers one question may hold: a forged flood of presses must not grow the state."""


def begin(flow: Flow, talk: Talk, fills: Answers) -> Turn:
    """The door "tell somebody": a kept draft is offered first, else the first question that is not answered by `fills`."""
    if talk.draft and (talk.draft.answers or talk.draft.worded):
        shown = replace(talk, draft=replace(talk.draft, hidden=False))
        return settle(flow, Browsing(shown, "draft"))
    return settle(flow, next_state(flow, replace(talk, draft=Draft(talk.touched, dict(fills)))))


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


def chose_in_keeping(flow: Flow, state: Keeping, key: str) -> Turn:
    match key:
        case "code-again":
            return Turn(Keeping(state.talk), (Say((Text("code.making"),), turn=state.talk.turn), MakeCode()))
        case "code-saved" if state.made and state.talk.draft:
            return _deliver(flow, state.talk, state.talk.draft)
    return settle(flow, state, Text("say.stale"))


def code_made(state: State, code: Private) -> Turn:
    """Show the code once; it is in nobody's memory afterwards but the reporter's."""
    if not isinstance(state, Keeping):
        return Turn(state, ())  # the reporter went elsewhere meanwhile
    talk = replace(state.talk, turn=state.talk.turn + 1)
    saved, again = door("button.code-saved", "code-saved"), door("button.code-again", "code-again")
    lines = (Text("code.show", {"code": code}),)
    rows = ((saved,), (again,), EXITS)
    return Turn(Keeping(talk, made=True), (Say(lines, rows, Class.CODE, talk.turn),))


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


def _given(state: Asking) -> tuple[str, ...]:
    return state.talk.draft.answers.get(state.ask, ()) if state.talk.draft else ()


def worded(state: _Told, step: str) -> _Told:
    """The same place, with `step` answered in the reporter's own words."""
    draft = state.talk.draft or Draft(state.talk.touched)
    steps = draft.worded if step in draft.worded else (*draft.worded, step)
    return replace(state, talk=replace(state.talk, draft=replace(draft, worded=steps)))


def _deliver(flow: Flow, talk: Talk, draft: Draft) -> Turn:
    answers = standing(flow, draft.answers)
    urgency, reasons = triage(flow.rules, answers)
    routing = routing_of(flow, draft)
    concern = routing.concern
    age = (answers.get("age") or ("unknown",))[0]
    deliver = Deliver(
        cover=Cover(age, reasons, concern, answers),
        language=talk.lang,
        region=routing.places[0] if routing.places else "",
        concern=concern,
        urgency=urgency,
        routing=routing,
    )
    sent = Browsing(replace(talk, draft=None, turn=talk.turn + 1), "home")
    rows = ((DOORS["!mail"], DOORS["!home"]), EXITS)
    return Turn(sent, (deliver, Say(_sent_lines(flow, talk, urgency), rows, Class.SAVED, sent.talk.turn)))


def _sent_lines(flow: Flow, talk: Talk, urgency: str) -> tuple[Text, ...]:
    """Thanks, when somebody will read (honestly, at night too), and what comes next."""
    lines = [Text("sent.thanks")]
    if urgency in ("U0", "U1"):
        lines += [Text("sent.urgent"), *number_lines(flow, talk.region)[1:]]
    opening = flow.hours.next_opening(talk.touched)
    if flow.hours.open_at(talk.touched):
        lines.append(Text("sent.now"))
    elif opening is None:
        lines.append(Text("sent.unknown-time"))
    else:
        today = flow.hours.local_day(talk.touched) == opening.date()
        when = LocalTime(opening.hour, opening.minute, None if today else opening.weekday())
        lines.append(Text("sent.later", {"time": when}))
    return (*lines, Text("sent.next"))

"""From one question to the next: what an answer changes, which question follows, when readers are known."""

from dataclasses import replace

from bot.core.choices import Answers
from bot.core.effects import DropDraft, Effect, FixReaders, Routing, Text
from bot.core.flow import Flow, Kind, applying, standing
from bot.core.routing import bucket
from bot.core.state import Asking, Browsing, Draft, Reviewing, State, Talk
from bot.core.turn import Turn, settle
from bot.core.vanishing import PHONE

CONCERN = "concern"
"""The question whose answer is the kind of concern, one of D11's clear fields."""


def answered(flow: Flow, state: Asking, keys: tuple[str, ...] | None, *first: Effect) -> Turn:
    """Take `keys` as the answer (none: it was given in words, or stands already) and go on to the next question."""
    talk = state.talk
    notices: tuple[Text, ...] = ()
    dropped: tuple[Effect, ...] = ()
    if keys is not None:
        talk, notices, dropped = revise(flow, talk, state.ask, keys)
    following, fixes = fixing(flow, next_state(flow, talk))
    return settle(flow, following, *notices, first=(*dropped, *first, *fixes))


def revise(
    flow: Flow, talk: Talk, ask: str, keys: tuple[str, ...]
) -> tuple[Talk, tuple[Text, ...], tuple[Effect, ...]]:
    """Return the talk with `keys` as the answer to `ask`, and what that costs.

    A changed answer that decides who may read makes words already sealed useless to the new readers: they are erased, the
    reporter is asked to write them again, and told so.  Nobody but the old readers could have moved them.
    """
    draft = talk.draft or Draft(talk.touched)
    changed = draft.answering(ask, keys)
    notices: tuple[Text, ...] = ()
    dropped: tuple[Effect, ...] = ()
    if draft.fixed and routing_of(flow, changed) != routing_of(flow, draft):
        notices, dropped = ((Text("draft.restart-words"),) if draft.worded else ()), (DropDraft(),)
        kept = {k: v for k, v in changed.answers.items() if k == ask or k not in draft.worded}
        changed = replace(changed, answers=kept, worded=(), fixed=False, notes=0)
    region = next(iter(_places(flow, changed.answers)), talk.region)
    if ask == PHONE and keys:
        talk = replace(talk, shared=keys[0])
    return talk.telling(changed, region), notices, dropped


def next_state(flow: Flow, talk: Talk) -> State:
    """The first question that applies and was not yet met; the review when there is none."""
    draft = talk.draft or Draft(talk.touched)
    unmet = (ask.id for ask in applying(flow, draft.answers) if ask.asked and not draft.seen(ask.id))
    first = next(unmet, None)
    return Reviewing(talk) if first is None else Asking(talk, first)


def go_back(flow: Flow, state: Asking) -> Turn:
    """One step back: out of a district list, to the review one came from, to the question before, or home."""
    if state.within or state.naming:
        return settle(flow, replace(state, within="", page=0, naming=False))
    if state.back:
        return answered(flow, state, None)
    draft = state.talk.draft or Draft(state.talk.touched)
    asks = [ask.id for ask in flow.asks]
    met = (ask.id for ask in applying(flow, draft.answers) if ask.asked)
    earlier = [id for id in met if asks.index(id) < asks.index(state.ask)]
    if not earlier:
        return settle(flow, Browsing(state.talk, "home"))
    return settle(flow, Asking(state.talk, earlier[-1]))


def fixing(flow: Flow, state: State) -> tuple[State, tuple[Effect, ...]]:
    """Once the questions that choose readers are behind, the readers are fixed and the case key leaves our hands (D11)."""
    draft = state.talk.draft
    wordy = isinstance(state, Asking) and flow.ask(state.ask).kind is Kind.WORDS
    if draft is None or draft.fixed or not (wordy or isinstance(state, Reviewing)):
        return state, ()
    talk = replace(state.talk, draft=replace(draft, fixed=True))
    return replace(state, talk=talk), (FixReaders(routing_of(flow, draft)),)


def routing_of(flow: Flow, draft: Draft) -> Routing:
    """Who must be able to read it, as the pressed answers say."""
    answers = standing(flow, draft.answers)
    avoid = [key for id in flow.of_kind[Kind.AVOID] for key in answers.get(id, ())]
    return Routing(
        places=_places(flow, draft.answers),
        concern=(answers.get(CONCERN) or ("",))[0],
        avoid_offices=tuple(k.removeprefix("office:") for k in avoid if k.startswith("office:")),
        pair_only="person" in avoid,
    )


def _places(flow: Flow, answers: Answers) -> tuple[str, ...]:
    """The provinces or countries of the places that were pressed and still count."""
    ids = flow.of_kind[Kind.PLACE]
    given = [code for ask in applying(flow, answers) if ask.id in ids for code in answers.get(ask.id, ())]
    return tuple(dict.fromkeys([place for place in [bucket(flow.places, code) for code in given] if place]))

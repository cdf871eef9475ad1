"""How a question looks: its words, its progress and its buttons, places and offices included."""

from collections.abc import Sequence
from typing import TypeVar

from bot.core.effects import Button, PlaceName, Say, Text
from bot.core.flow import Ask, Flow, Kind, applying
from bot.core.rows import EXITS, door, stacked
from bot.core.state import Asking, Draft

T = TypeVar("T")

PER_PAGE = 8
"""Places or offices shown at once: a thumb's reach on a small phone, and far below any channel's limit."""

ABROAD = "*"
"""`Asking.within` while a country is being chosen."""

OFFER = "private.offer"
"""What is said of the private page where a report begins."""


def ask_picture(flow: Flow, state: Asking) -> Say:
    """The prompt of a question; its kind decides the buttons."""
    ask, draft = flow.ask(state.ask), state.talk.draft or Draft(state.talk.touched)
    lines = [*_progress(flow, ask, draft), Text(ask.text)]
    match ask.kind:
        case Kind.CHOICE:
            rows = _choice_rows(ask, draft)
        case Kind.PLACE:
            if state.within not in ("", ABROAD):
                lines.append(Text("ask.place-within", {"place": PlaceName(state.within)}))
            rows = _place_rows(flow, ask, state, draft)
        case Kind.AVOID:
            rows = _avoid_rows(flow, ask, state, draft)
            lines += [Text("ask.name-person")] if state.naming else []
        case Kind.WORDS:
            lines.append(Text("ask.write"))
            rows = ()
        case Kind.SEVERAL:
            lines.append(Text("ask.several"))
            rows = (*_choice_rows(ask, draft), (door("button.done", "done"),))
    begins = ask is flow.asks[0] and not draft.worded  # words told here would not come along to the private page
    return Say(tuple(lines), (*rows, *_ways_on(ask)), private=OFFER if begins else "")


def _progress(flow: Flow, ask: Ask, draft: Draft) -> tuple[Text, ...]:
    if not ask.listed:
        return ()
    asks = [a.id for a in applying(flow, draft.answers) if a.listed]
    at = asks.index(ask.id) + 1 if ask.id in asks else len(asks)
    return (Text("ask.progress", {"step": at, "steps": len(asks)}),)


def _ways_on(ask: Ask) -> tuple[tuple[Button, ...], ...]:
    return _SKIP_OR_BACK if ask.skippable else _BACK


_BACK = ((door("button.back", "!back"),), EXITS)
_SKIP_OR_BACK = ((door("button.skip", "skip"), *_BACK[0]), EXITS)


def _choice_rows(ask: Ask, draft: Draft) -> tuple[tuple[Button, ...], ...]:
    chosen = draft.answers.get(ask.id)
    if not chosen:
        return ask.rows
    return stacked([Button(f"a:{c.key}", Text(c.label), chosen=c.key in chosen) for c in ask.choices], ask.per_row)


def _place_rows(flow: Flow, ask: Ask, state: Asking, draft: Draft) -> tuple[tuple[Button, ...], ...]:
    codes = place_codes(flow, state.within)
    rows = stacked([Button(f"p:{code}", PlaceName(code)) for code in _on_page(codes, state.page)], 2)
    extra: list[Button] = []
    if state.within == "":
        extra += [Button(f"p:{code}", PlaceName(code)) for code in _earlier(flow, ask, draft)]
        extra.append(door("button.other-country", f"p:{ABROAD}"))
    elif state.within != ABROAD:
        extra.append(door("button.here", "here"))
    choices = _choice_rows(ask, draft) if state.within == "" else ()
    return (*rows, *_turning(len(codes), state.page), *stacked(extra, 2), *choices)


def _on_page(listed: Sequence[T], page: int) -> Sequence[T]:
    return listed[page * PER_PAGE : (page + 1) * PER_PAGE]


def _turning(listed: int, page: int) -> tuple[tuple[Button, ...], ...]:
    """The row that turns the pages of a long list; none for a short one."""
    row = [door("button.previous", "page:-")] if page else []
    if (page + 1) * PER_PAGE < listed:
        row.append(door("button.more", "page:+"))
    return (tuple(row),) if row else ()


def last_page(flow: Flow, ask: Ask, within: str) -> int:
    """Number of the last page of a question's list, from 0."""
    listed = len(flow.offices) if ask.kind is Kind.AVOID else len(place_codes(flow, within))
    return max(0, (listed - 1) // PER_PAGE)


def place_codes(flow: Flow, within: str) -> tuple[str, ...]:
    """What can be chosen: the home country's provinces, the places inside `within`, or all countries, common ones first."""
    if within == "":
        return flow.children.get(flow.home_country, ())
    if within != ABROAD:
        return flow.children.get(within, ())
    countries = [p for p in flow.places.values() if p.level == 0 and p.code != flow.home_country]
    return tuple(p.code for p in sorted(countries, key=lambda p: (not p.common, p.name)))


def _earlier(flow: Flow, ask: Ask, draft: Draft) -> tuple[str, ...]:
    """Places given in earlier place questions, to press again instead of choosing anew."""
    provinces = flow.children.get(flow.home_country, ())
    given = (c for a in flow.asks if a.kind is Kind.PLACE and a.id != ask.id for c in draft.answers.get(a.id, ()))
    return tuple(c for c in dict.fromkeys(given) if c in flow.places and c not in provinces)


def _avoid_rows(flow: Flow, ask: Ask, state: Asking, draft: Draft) -> tuple[tuple[Button, ...], ...]:
    if state.naming:
        return ()
    chosen = draft.answers.get(ask.id, ())
    shown = _on_page(flow.offices, state.page)
    offices = stacked([Button(f"o:{id}", name, chosen=f"office:{id}" in chosen) for id, name in shown], 1)
    turning = _turning(len(flow.offices), state.page)
    person = door("button.name-person", "name-person")
    return (*_choice_rows(ask, draft), *offices, *turning, (person,), (door("button.done", "done"),))

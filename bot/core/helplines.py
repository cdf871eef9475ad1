"""Which numbers a child sees, and in which order (DESIGN §4.10): child lines first, then police, then the rest."""

from bot.core.effects import Number, PlaceName, Text
from bot.core.flow import Flow, Helpline

SHOWN_AT_MOST = 6
"""A wall of numbers helps nobody in danger (helpline practice §6)."""

CHILD_LINES_FIRST = 2
"""Then police and ambulance: a child must not search for them below a list."""

_SHOWN = ("high", "medium")
"""Low-confidence entries stay hidden until somebody dialled them."""


def numbers_for(flow: Flow, region: str) -> tuple[Helpline, ...]:
    """The entries for a place ("" = the home country, province unknown), best first, each number once."""
    country = region[:2] or flow.home_country
    found = [
        h
        for h in flow.helplines
        if h.country == country
        and h.dial
        and h.confidence in _SHOWN
        and (h.region in ("", region) or (h.child_line and region in ("", country)))
    ]
    found.sort(key=lambda h: (_SHOWN.index(h.confidence), h.region != region))
    once = {(h.dial, h.then): h for h in reversed(found)}
    each = [h for h in found if once[h.dial, h.then] is h]
    children, others = [h for h in each if h.child_line], [h for h in each if not h.child_line]
    others.sort(key=lambda h: not h.emergency)
    return (*children[:CHILD_LINES_FIRST], *others, *children[CHILD_LINES_FIRST:])[:SHOWN_AT_MOST]


def number_lines(flow: Flow, region: str) -> tuple[Text, ...]:
    """The numbers as text, one line each, with a calm line first; web addresses where a place has no number."""
    entries = numbers_for(flow, region)
    where = Text("help.region", {"place": PlaceName(region)}) if region else Text("help.country")
    lines = [Text("help.calm"), where, *(_line(entry) for entry in entries)]
    if entries:
        lines.append(Text("help.unchecked"))  # until a service has dialled them (DESIGN §4.10)
    else:
        lines += [_line(h) for h in flow.helplines if h.country == "ZZ" and h.web and h.confidence in _SHOWN][:2]
    return tuple(lines)


def _line(entry: Helpline) -> Text:
    named = {"name": Text(entry.name), "for": Text(entry.who_for)}
    if not entry.dial:
        return Text("help.web", {**named, "web": Number(entry.web)})
    if entry.then:
        return Text("help.line-then", {**named, "phone": Number(entry.dial), "then": Number(entry.then)})
    return Text("help.line", {**named, "phone": Number(entry.dial)})

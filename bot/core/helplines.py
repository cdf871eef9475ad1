"""Which numbers a child sees, and in which order (DESIGN §4.10): child lines first, then police, then the rest."""

from bot.core.effects import Number, PlaceName, Text
from bot.core.flow import Flow, Helpline

SHOWN_AT_MOST = 6
"""A wall of numbers helps nobody in danger (helpline practice §6)."""

CONFIDENCE = ("high", "medium", "low")
"""How sure we are of an entry, best first."""

CHILD_LINES_FIRST = 2
"""Then police and ambulance: a child must not search for them below a list."""

ABROAD_AND_ONLINE = "ZZ"
"""The country code of services for every country."""


def numbers_for(flow: Flow, region: str) -> tuple[Helpline, ...]:
    """The entries for a place ("" = the home country, province unknown), best first, each number once."""
    country = region[:2] or flow.home_country
    found = [
        h
        for h in shown(flow)
        if h.country == country and h.dial and (h.region in ("", region) or (h.child_line and region in ("", country)))
    ]
    found.sort(key=lambda h: (CONFIDENCE.index(h.confidence), h.region != region))
    once = {(h.dial, h.then): h for h in reversed(found)}
    each = [h for h in found if once[h.dial, h.then] is h]
    children, others = [h for h in each if h.child_line], [h for h in each if not h.child_line]
    others.sort(key=lambda h: not h.emergency)
    return (*children[:CHILD_LINES_FIRST], *others, *children[CHILD_LINES_FIRST:])[:SHOWN_AT_MOST]


def shown(flow: Flow) -> tuple[Helpline, ...]:
    """The entries a child may see: confident enough for this service, and checked not too long ago.

    Where everything of a country is stale the stale ones stand: a child must never meet an empty list (DESIGN §4.10).
    """
    sure = [h for h in flow.helplines if h.confidence in flow.shown_confidence]
    fresh = {h.country for h in sure if not h.stale}
    return tuple(h for h in sure if not h.stale or h.country not in fresh)


def directory_for(flow: Flow, region: str) -> tuple[Helpline, ...]:
    """Everything for a place: what is for that province first, then the country's, then for all.

    Where the province is not known ("") a provincial child line stands once for each number, other provincial ones do not.
    """
    country = region[:2] or flow.home_country
    here = [
        h for h in shown(flow) if h.country == country and (h.region in ("", region) or (h.child_line and not region))
    ]
    here.sort(key=lambda h: (h.region != region, not h.child_line, not h.emergency, CONFIDENCE.index(h.confidence)))
    here = list({(h.dial, h.then, h.web): h for h in reversed(here)}.values())[::-1]
    return (*here, *(h for h in shown(flow) if h.country == ABROAD_AND_ONLINE))


def home_places(flow: Flow) -> tuple[str, ...]:
    """Where numbers can be asked for: the home country's provinces, then the other countries we have some of."""
    provinces = flow.children.get(flow.home_country, ())
    abroad = sorted({h.country for h in flow.helplines if h.country in flow.places} - {flow.home_country})
    return (*provinces, *abroad)


def number_lines(flow: Flow, region: str) -> tuple[Text, ...]:
    """The numbers as text, one line each, with a calm line first; web addresses where a place has no number."""
    entries = numbers_for(flow, region)
    where = Text("help.region", {"place": PlaceName(region)}) if region else Text("help.country")
    lines = [Text("help.calm"), where, *(entry_line(entry) for entry in entries)]
    if entries and all(entry.dialled for entry in entries):
        return tuple(lines)
    if entries:
        lines.append(Text("help.unchecked"))  # until a service has dialled them (DESIGN §4.10)
    else:
        lines += [entry_line(h) for h in shown(flow) if h.country == ABROAD_AND_ONLINE and h.web][:2]
    return tuple(lines)


def entry_line(entry: Helpline) -> Text:
    """One entry as a child reads it."""
    named = {"name": Text(entry.name), "for": Text(entry.who_for)}
    if not entry.dial:
        return Text("help.web", {**named, "web": Number(entry.web)})
    if entry.then:
        return Text("help.line-then", {**named, "phone": Number(entry.dial), "then": Number(entry.then)})
    return Text("help.line", {**named, "phone": Number(entry.dial)})

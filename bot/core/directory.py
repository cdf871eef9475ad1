"""The help directory: every number and service we know for a place, some at a time, and how calling it went.

The screens are the engine's own: "directory" and "directory:2" are pages of the list, "worked:2" asks about the entries of
that page, "worked:2:pk-police" about one of them.
"""

from bot.core.counting import OUTCOMES, outcome_key
from bot.core.effects import Button, PlaceName, Say, Text
from bot.core.flow import Flow, Helpline
from bot.core.helplines import directory_for, entry_line, home_places
from bot.core.rows import DOORS, EXITS, door, stacked
from bot.core.state import Talk

PER_PAGE = 5
"""Entries at once: a screen and a half on a small phone, far below the 4,096 characters of a message (Bot API)."""


def is_directory(screen: str) -> bool:
    return screen.split(":", 1)[0] in ("directory", "directory-region", "worked")


def directory_picture(flow: Flow, talk: Talk, screen: str) -> Say:
    """Any of the directory's screens; an entry or a page that is gone shows the list."""
    kind, _, rest = screen.partition(":")
    if kind == "directory-region":
        buttons = [Button(f"d:{code}", PlaceName(code)) for code in home_places(flow)]
        return Say((Text("help.choose-region"),), (*stacked(buttons, 2), _back("directory"), EXITS))
    page, _, entry = rest.partition(":")
    number = int(page) if page.isdecimal() and len(page) < 3 else 0
    shown = shown_on(flow, talk.region, number)
    if kind == "worked" and any(h.id == entry for h in shown):
        return _asked(next(h for h in shown if h.id == entry), number)
    if kind == "worked" and shown:
        buttons = [Button(f"go:worked:{number}:{h.id}", Text(h.name)) for h in shown]
        return Say((Text("directory.which"),), (*stacked(buttons, 1), _back(f"directory:{number}"), EXITS))
    return _list(flow, talk.region, number if shown else 0)


def shown_on(flow: Flow, region: str, page: int) -> tuple[Helpline, ...]:
    return directory_for(flow, region)[page * PER_PAGE : (page + 1) * PER_PAGE]


def _list(flow: Flow, region: str, page: int) -> Say:
    every, shown = directory_for(flow, region), shown_on(flow, region, page)
    where = Text("help.region", {"place": PlaceName(region)}) if region else Text("help.country")
    turning = [Button(f"go:directory:{page - 1}", Text("button.previous"))] if page else []
    turning += [Button(f"go:directory:{page + 1}", Text("button.more"))] if len(every) > (page + 1) * PER_PAGE else []
    asking = (
        Button("go:directory-region", Text("button.province")),
        Button(f"go:worked:{page}", Text("button.worked")),
    )
    unchecked = () if all(h.dialled for h in shown) else (Text("help.unchecked"),)
    rows = (*stacked(turning, 2), asking if shown else asking[:1], (DOORS["!tell"], DOORS["!home"]), EXITS)
    return Say((where, *map(_full, shown), *unchecked), rows)


def _full(entry: Helpline) -> Text:
    """The entry with what we know of its hours and its price."""
    details = [Text(entry.hours)] if entry.hours else []
    details += [Text("directory.free")] if entry.free else []
    line = entry_line(entry)
    for detail in details:
        line = Text("directory.detail", {"line": line, "detail": detail})
    return line


def _asked(entry: Helpline, page: int) -> Say:
    rows = stacked([Button(f"worked:{page}:{outcome_key(entry.id, o)}", Text(f"button.call-{o}")) for o in OUTCOMES], 1)
    return Say((Text("directory.how", {"name": Text(entry.name)}),), (*rows, _back(f"worked:{page}"), EXITS))


def _back(screen: str) -> tuple[Button, ...]:
    return (door("button.back", f"go:{screen}"),)

"""Every goto leads somewhere; every screen is reached, and can be left by a button of its own."""

from collections.abc import Iterator

from bot.content.finding import Finding
from bot.content.model import Content
from bot.core.browsing import TRY
from bot.core.choices import Choice
from bot.core.flow import Screen
from bot.core.tools import Outcome

DOORS = ("!help", "!tell", "!mail", "!leave", "!home", "!language", "!learn", "!directory", "!propose")
"""What the engine opens by itself."""

KEY_BYTES = 40
"""A button's key travels with a prefix and a number in Telegram's 64 bytes (Bot API, callback_data)."""

MOST_BUTTONS = 8
"""Buttons of a screen's own; help and leaving come below them."""

_ENTRANCES = ("language", "who", "home", "learn", "lost-code", "wrote-before")
"""Screens the engine shows without a goto of ours."""

_CHOSEN_BY_ENGINE = ("language",)
"""Its buttons are the languages."""


_FOLDERS = {"page": "pages", "story": "stories", "tool": "tools"}


def link_findings(content: Content) -> Iterator[Finding]:
    yield from _entrances(content)
    yield from _dead_links(content)
    yield from _misplaced(content)
    yield from _unreached(content)
    yield from _no_way_out(content)
    yield from _crowded(content)
    yield from _keys(content)


def _entrances(content: Content) -> Iterator[Finding]:
    for id in _ENTRANCES:
        if id not in content.screens:
            yield Finding(
                "screens.toml", "missing-screen", f'the screen "{id}" is missing', "the engine opens it; add it"
            )


def _dead_links(content: Content) -> Iterator[Finding]:
    for where, choice in _choices(content):
        if choice.goto is None or choice.goto in content.screens or choice.goto in DOORS or _tool(content, choice.goto):
            continue
        remedy = "correct the goto, add the screen, page, story or tool, or use a door: " + " ".join(DOORS)
        yield Finding(where, "dead-link", f'"{choice.key}" goes to "{choice.goto}", which does not exist', remedy)


def _misplaced(content: Content) -> Iterator[Finding]:
    listed = [(f"page:{id}", page.on) for id, page in content.pages.items()]
    listed += [(f"story:{id}", story.on) for id, story in content.stories.items()]
    for item, screens in listed:
        for screen in screens:
            if screen not in content.screens or ":" in screen:
                what, remedy = (
                    f'it stands on "{screen}", which is no screen',
                    "name a screen of screens.toml, as stories",
                )
                yield Finding(_where(item), "misplaced", what, remedy)


def _unreached(content: Content) -> Iterator[Finding]:
    reached: set[str] = set()
    waiting = [id for id in _ENTRANCES if id in content.screens]
    waiting += [to for ask in content.asks for to in _gotos(content, ask.choices)]
    while waiting:
        id = waiting.pop()
        if id not in reached:
            reached.add(id)
            waiting += _gotos(content, content.screens[id].choices)
            waiting += [to for end in _ends(content, id) for to in _gotos(content, end.choices)]
    for id in content.screens.keys() - reached:
        yield Finding(
            _where(id),
            "unreached",
            f'nothing leads to "{id}"',
            "say in `on` which screen lists it, link it from a screen, or remove it",
        )


def _gotos(content: Content, choices: tuple[Choice, ...]) -> list[str]:
    return [c.goto for c in choices if c.goto is not None and c.goto in content.screens]


def _tool(content: Content, goto: str) -> bool:
    return goto.startswith(TRY) and goto.removeprefix(TRY) in content.tools


def _ends(content: Content, screen: str) -> tuple[Outcome, ...]:
    """The ends of the tool that begins on this screen."""
    kind, _, id = screen.partition(":")
    return content.tools[id].outcomes if kind == "tool" and id in content.tools else ()


def _no_way_out(content: Content) -> Iterator[Finding]:
    for id, screen in content.screens.items():
        if id not in _CHOSEN_BY_ENGINE and not any(_leads_away(screen, c) for c in screen.choices):
            yield Finding(_where(id), "dead-end", f'"{id}" has no button that leads away', "add a choice with a goto")


def _crowded(content: Content) -> Iterator[Finding]:
    for id, screen in content.screens.items():
        most = max(len([b for row in rows for b in row]) for rows in screen.rows.values())
        if most > MOST_BUTTONS:
            what = f'"{id}" has {most} buttons, more than {MOST_BUTTONS}'
            yield Finding(_where(id), "crowded", what, "put some of them on a screen of their own")


def _leads_away(screen: Screen, choice: Choice) -> bool:
    return choice.goto is not None and choice.goto != screen.id


def _keys(content: Content) -> Iterator[Finding]:
    for where, choice in _choices(content):
        if len(choice.key.encode()) > KEY_BYTES or not choice.key:
            yield Finding(
                where, "long-key", f'the key "{choice.key}" is empty or too long', f"at most {KEY_BYTES} bytes"
            )
    for id, choices in _groups(content):
        keys = [c.key for c in choices]
        for key in {k for k in keys if keys.count(k) > 1}:
            yield Finding(id, "twice", f'the key "{key}" stands twice in "{id}"', "give each choice its own key")


def _groups(content: Content) -> Iterator[tuple[str, tuple[Choice, ...]]]:
    for id, screen in content.screens.items():
        yield _where(id), screen.choices
    for ask in content.asks:
        yield f"report.toml ({ask.id})", ask.choices
    for tool in content.tools.values():
        for end in tool.outcomes:
            yield f"tools/{tool.id}.toml ({end.id})", end.choices


def _choices(content: Content) -> Iterator[tuple[str, Choice]]:
    for where, choices in _groups(content):
        for choice in choices:
            yield where, choice


def _where(id: str) -> str:
    kind, _, rest = id.partition(":")
    return f"{_FOLDERS[kind]}/{rest.partition(':')[0]}.toml" if kind in _FOLDERS else f"screens.toml ({id})"

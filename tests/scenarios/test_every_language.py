"""The terminal walks every page, every story and every tool in every language that has a catalog: no dead end, no message
that a channel would refuse, nothing left in braces.

A walk presses every button that leads on, from the first screen; telling, messages and leaving have tests of their own.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.channels.speech import speak
from bot.channels.telegram.sender import keyboard_of, split
from bot.channels.terminal import Terminal
from bot.core.advance import advance
from bot.core.effects import Say
from bot.core.events import Chose, Event, Started
from bot.core.screens import picture
from bot.core.state import Asking, Browsing, Entering, State, Talk, Trying, Voicing, begin
from bot.wording.catalog import po_file
from bot.wording.load import load_wording
from bot.wording.registry import load_registry, locales_folder
from tests.talking import NOON, content, real_flow

LANGUAGES = [t for t in load_registry().languages if t == "en" or po_file(locales_folder(), t, "chat").is_file()]
WORDING = load_wording(content().texts, content().place_names)
NAMES = tuple((tag, load_registry().languages[tag].own) for tag in LANGUAGES)
FLOW = content().flow(hours=real_flow().hours, languages=NAMES)

MESSAGE = 4_096
BUTTON_BYTES = 64
BUTTONS = 100
"""Bot API: characters of a message, bytes of callback data, buttons of a keyboard."""

ELSEWHERE = ("!tell", "!mail", "!leave", "!language", "tell-this")


class Loopback:
    """The engine behind the terminal, without a house around it: what was heard is kept for counting."""

    def __init__(self, lang: str) -> None:
        self.state: State = begin()
        self.lang = lang
        self.say = Say(())

    async def post(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        given = body["event"]
        at = NOON
        event: Event = Started(at) if given["kind"] == "started" else Chose(at, given["key"], given["turn"])
        turn = advance(FLOW, self.state, event)
        self.state = turn.state
        said = [effect for effect in turn.effects if isinstance(effect, Say)]
        self.say = said[-1]
        return {"messages": [self._message(say) for say in said], "left": False}

    def _message(self, say: Say) -> Mapping[str, Any]:
        spoken = speak(WORDING, say, self.state.talk.lang)
        check(say, self.state.talk.lang)
        rows = [[{"key": k, "label": label, "danger": danger} for k, label, danger in row] for row in spoken.rows]
        return {"text": spoken.text, "rows": rows, "turn": say.turn}


def check(say: Say, lang: str) -> None:
    """What every channel could send, and a person read."""
    spoken = speak(WORDING, say, lang)
    assert spoken.text.strip()
    assert "{" not in spoken.text
    assert all(len(part.encode("utf-16-le")) // 2 <= MESSAGE for part in split(spoken.text))
    assert sum(len(row) for row in spoken.rows) <= BUTTONS
    for row in spoken.rows:
        for key, label, _ in row:
            assert len(f"{say.turn}:{key}".encode()) <= BUTTON_BYTES, key
            assert label.strip()
            assert len(label) <= 120
    keyboard_of(spoken, say.turn)


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_every_page_story_and_tool_is_reached_and_left(lang: str) -> None:
    printed: list[str] = []
    line = Loopback(lang)
    terminal = Terminal(line, printed.append)
    await terminal.open(lang)
    assert line.state.talk.lang == lang
    await terminal.type("[c:teen]")

    seen = await walk(terminal, line)

    assert {f"page:{id}" for id in content().pages} <= seen
    assert {f"{s}" for s in FLOW.screens if s.startswith(("story:", "laws:"))} <= seen
    ends = {f"end:{tool.id}" for tool in content().tools.values()}
    assert ends <= seen
    assert "\n".join(printed).count("{") == 0


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("audience", ["u12", "adult", "pro", ""])
def test_every_screen_fits_for_every_reader(lang: str, audience: str) -> None:
    for screen in FLOW.screens:
        check(picture(FLOW, Browsing(Talk(lang=lang, audience=audience), screen)), lang)


async def walk(terminal: Terminal, line: Loopback) -> set[str]:
    """Press every button once from every screen; a tool is pressed through once for each option of each step."""
    seen: set[str] = set()
    waiting: list[State] = [line.state]
    while waiting:
        state = waiting.pop()
        name = named(state)
        if name in seen:
            continue
        seen.add(name)
        line.state = state
        say = await shown(terminal, line)
        keys = [b.key for row in say.rows for b in row if b.key not in ELSEWHERE]
        assert any(b.key == "!leave" for row in say.rows for b in row), name
        assert len(keys) > 1, f"{name} is a dead end"
        for key in keys:
            line.state = state
            await shown(terminal, line)
            await terminal.type(f"[{key}]")
            if isinstance(line.state, (Browsing, Trying, Voicing)):
                waiting.append(line.state)
            else:
                assert isinstance(line.state, (Asking, Entering))
    return seen


async def shown(terminal: Terminal, line: Loopback) -> Say:
    """The prompt of the state, with fresh buttons in the terminal."""
    turn = line.state.talk.turn
    await terminal._tell({"kind": "chose", "key": "", "turn": turn - 1})  # an old button: "this is where we are now"
    return line.say


def named(state: State) -> str:
    """What makes two states the same for this walk: the screen, or the step of a tool and how it is about to end."""
    match state:
        case Browsing(talk, screen):
            return f"{screen}@{talk.region}" if screen.startswith(("help", "directory")) else screen
        case Trying(_, tool, answers, marked):
            steps = content().tools[tool].steps
            waits = next((s.id for s in steps if s.id not in answers), "")
            return f"try:{tool}:{waits}:{len(marked) > 0}" if waits else f"end:{tool}"
        case Voicing(_, about, said):
            return f"voicing:{about.partition(':')[0]}:{said}"
        case _:
            raise AssertionError(type(state).__name__)

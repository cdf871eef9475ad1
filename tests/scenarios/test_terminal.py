"""`hamrah chat --script` plays what the terminal printed, and a plain list of lines as well."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.channels.terminal import Terminal, typed_lines
from bot.core.errors import ContentError
from tests.helpline import open_helpline
from tests.scenarios.playing import Player, read
from tests.scenarios.test_scenarios import SCENARIOS


@dataclass
class Echo:
    """A line that only notes what was sent and always shows the same two buttons."""

    sent: list[Any] = field(default_factory=list)
    text: str = "Your code:\n\u20661234 5678 9012 3456 7890\u2069"

    async def post(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        self.sent.append(body["event"])
        rows = [[{"key": "a:yes", "label": "👍 OK"}, {"key": "a:no", "label": "✓ No"}]]
        return {"messages": [{"text": self.text, "rows": rows, "turn": 7}], "left": False}


@pytest.fixture
def echo() -> Echo:
    return Echo()


async def played(echo: Echo, *lines: str) -> list[Any]:
    terminal = Terminal(echo, lambda _: None)
    await terminal.open("")
    [_ async for _ in terminal.play(lines)]
    return echo.sent[1:]


@pytest.mark.parametrize("line", ["1", "[a:yes]", "[👍 OK]", "[a:yes] 👍 OK", "> [a:yes] as it was printed"])
async def test_a_button_is_pressed_by_number_label_or_key(echo: Echo, line: str) -> None:
    assert await played(echo, line) == [{"kind": "chose", "key": "a:yes", "turn": 7}]


async def test_a_chosen_button_goes_by_its_plain_label(echo: Echo) -> None:
    assert await played(echo, "[No]") == [{"kind": "chose", "key": "a:no", "turn": 7}]


@pytest.mark.parametrize(("line", "words"), [("hello", "hello"), ('"2', "2"), ("99", "99"), ('"[a:yes]', "[a:yes]")])
async def test_everything_else_is_words(echo: Echo, line: str, words: str) -> None:
    assert await played(echo, line) == [{"kind": "wrote", "words": words}]


async def test_a_script_stops_at_a_button_that_is_not_there(echo: Echo) -> None:
    with pytest.raises(ContentError, match="a:maybe"):
        await played(echo, "[a:maybe]")


async def test_the_code_shown_last_can_be_typed_without_knowing_it(echo: Echo) -> None:
    assert await played(echo, "{code}") == [{"kind": "wrote", "words": "1234 5678 9012 3456 7890"}]


def test_of_a_printed_talk_only_what_was_typed_is_typed_again() -> None:
    assert typed_lines(["# a talk", "> /start", "Hello", "[1] OK", "", "> hi"]) == ["/start", "hi"]
    assert typed_lines(["# a list", "/start", "", "hi"]) == ["/start", "hi"]


@pytest.mark.parametrize("file", [f for f in SCENARIOS if "@ " not in f.read_text("utf-8")], ids=lambda f: f.stem)
async def test_a_transcript_is_a_script(file: Any, tmp_path: Any) -> None:
    """One in which nothing happens elsewhere."""
    async with open_helpline(tmp_path) as helpline:
        player = Player(helpline)
        printed: list[str] = []
        terminal = Terminal(player._line, printed.append)
        await terminal.open("")
        [_ async for _ in terminal.play(read(file))]

    assert printed

"""In the terminal nothing sounds: it says which recordings would play."""

from collections.abc import Mapping
from typing import Any

from bot.channels.terminal import Terminal


class Recorded:
    """A line on which every answer plays the same."""

    async def post(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        speak = {"lang": "ur", "lines": ["screen.home"], "labels": ["button.tell"], "note": "a computer's voice"}
        return {"messages": [], "left": False, "page": {}, "speak": speak}


async def test_the_terminal_names_the_clips_in_order_and_whose_voice_it_is() -> None:
    shown: list[str] = []
    await Terminal(Recorded(), shown.append).open("ur")
    assert ["♪ ur/screen.home.ogg", "♪ ur/button.tell.ogg", "a computer's voice", ""] == shown

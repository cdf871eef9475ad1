"""Plays a transcript on the real services and writes down what was said: the same talk, line by line.

    # a comment
    > what the reporter types: words, /start, /help, /leave, or [key] of a button (its label behind it is for readers)
    @ what happens elsewhere: "amna reads", "amna answers: words", "25 hours pass", "another phone"
    every other line is what the reporter, or the officer, then sees

`hamrah chat --script FILE` plays the `>` lines of the same file.  After a change of wording or flow, run the tests once
with HAMRAH_RECORD=1 and read the difference.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bot.channels.terminal import CODE, TYPED, Terminal
from bot.channels.web.chat import Chat
from bot.lines import HouseLine
from bot.wording.load import load_wording
from tests.helpline import Helpline, Report
from tests.talking import content

ELSEWHERE = "@ "
_SECONDS = {"minutes": 60, "hours": 3600}
_CODES = re.compile(r"\b\d{4}(?: \d{4}){4}\b")
_BUTTON = re.compile(r"(\[[^]]+])")


@dataclass
class Player:
    """`lines`: the transcript as it is played."""

    helpline: Helpline
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        wording = load_wording(content().texts, content().place_names)
        helpline = self.helpline
        chat = Chat(helpline.talk, lambda: wording, lambda: helpline.flow, lambda: helpline.now)
        self._line = HouseLine(chat)
        self._phone = Terminal(self._line, self._show)

    async def play(self, script: Iterable[str]) -> str:
        """Return the transcript that follows from the comments, the typed lines and what happens elsewhere."""
        for line in script:
            if line.startswith("#"):
                self.lines.append(line)
            elif line.startswith(TYPED):
                await self._type(line.removeprefix(TYPED))
            elif line.startswith(ELSEWHERE):
                await self._happen(line.removeprefix(ELSEWHERE))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).rstrip("\n") + "\n"

    async def _type(self, text: str) -> None:
        """A button is written down with its label, so that nobody has to know keys to follow the talk."""
        at = len(self.lines)
        self.lines += ["", ""]
        label = self._phone.label_of(text)
        [_ async for _ in self._phone.play([text])]
        named = _BUTTON.match(text)
        self.lines[at + 1] = TYPED + (f"{named[1]} {label}" if named and label else text)

    async def _happen(self, what: str) -> None:
        self.lines += ["", ELSEWHERE + what]
        match what.split(" ", 2):
            case ["another", "phone"]:
                self._phone = Terminal(self._line, self._show, code=self._phone.code)
            case [number, unit, "pass"]:
                self.helpline.now += int(number) * _SECONDS[unit]
            case [officer, "answers:", words]:
                newest = (await self.helpline.officer_reads(officer))[-1]
                await self.helpline.officer_answers(newest.case, words, officer)
            case [officer, "reads"]:
                self._report(await self.helpline.officer_reads(officer))
            case _:
                raise ValueError(f"nobody knows how this happens: {what}")

    def _report(self, reports: list[Report]) -> None:
        if not reports:
            self.lines.append("  nothing")
        for r in reports:
            about = f"{r.urgency}, for {' and '.join(r.teams)}, in {r.language}, {r.region or 'place unknown'}"
            self.lines.append(f"  {about}; age {r.cover['age']}, {r.concern or 'concern unknown'}")
            self.lines += [f"  because: {reason}" for reason in r.cover["reasons"]]
            self.lines += [f"  {ask}: {words}" for ask, words in r.words]
            self.lines += [f"  later: {words}" for words in r.messages]

    def _show(self, text: str) -> None:
        self.lines += [line.rstrip() for line in _CODES.sub(CODE, text).split("\n")]


def read(file: Path) -> list[str]:
    return file.read_text("utf-8").splitlines()

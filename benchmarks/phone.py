"""A phone that tells a report through the real services: one event after the other, buttons by their keys."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.effects import Say
from bot.core.events import Chose, Event, Started, Wrote
from bot.core.private import Private
from bot.services.receive import Contact
from bot.services.talk import Talk

WORDS = "w:"
"""A step that writes instead of pressing."""

REPORT = (
    "!tell", "a:yes", "skip", "a:ok", "a:no", "p:PK-PB", "here", "a:no", "a:nobody", "a:me", "a:15-17", "a:girl", "a:work",
    "a:still", "skip", "w:They took my papers and say that I cannot leave before the debt is paid.",
    "w:It is the brick kiln behind the railway line, there are other children.", "send", "code-saved",
)  # fmt: skip
"""From the door to the sent report: every question, none skipped but one."""
DRAW = REPORT.index("send")
FIX, FREE, DELIVER = DRAW - 3, DRAW - 1, DRAW + 1
"""Steps of it: the readers are fixed and the case key sealed to them; the report is sent; words are sealed to the
case key; the case code is drawn (Argon2id)."""


@dataclass(slots=True)
class Phone:
    """`turn`: number on the newest buttons."""

    talk: Talk
    chat: int
    now: int
    turn: int = 0
    number: int = 0

    async def opens(self) -> None:
        await self.hears(Started(self.now))
        for key in ("lang:en", "c:teen"):
            await self.does(key)

    async def tells(self, steps: Sequence[str] = REPORT) -> None:
        for step in steps:
            await self.does(step)

    async def does(self, step: str) -> None:
        if step.startswith(WORDS):
            await self.hears(Wrote(self.now, Private(step.removeprefix(WORDS))))
        else:
            await self.hears(Chose(self.now, step, self.turn))

    async def hears(self, event: Event) -> None:
        self.number += 1
        who = self.chat.to_bytes(8, "big")
        numbered = self.chat * 1000 + self.number
        async for answer in self.talk.talk(Contact("telegram", who, who), event, source="bench", number=numbered):
            for message in answer.messages:
                self._reads(message.say)

    def _reads(self, say: Say) -> None:
        if say.rows:
            self.turn = say.turn

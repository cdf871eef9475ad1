"""A scripted reporter on the fake Telegram who presses buttons by what they do: `await phone.tells({"danger": "now"})`.

Knows the program's texts only to tell which question stands on the screen.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.core.effects import Text
from bot.core.flow import Flow, Kind
from bot.wording.render import Wording
from tests.fake_telegram import Child, FakeTelegram
from tests.fake_telegram.world import Note
from tests.talking import SAFE, Answer

PATIENCE_S = 10.0


class Phone(Child):
    """`wording`, `flow`: those of the helpline that is called."""

    def __init__(
        self, telegram: FakeTelegram, wording: Wording, flow: Flow, user_id: int = 555_000_001, **more: Any
    ) -> None:
        super().__init__(telegram, user_id, **more)
        self._wording, self._flow = wording, flow
        self.lang = ""

    # --- what is there ---

    def prompts(self) -> list[Note]:
        """Messages with buttons, oldest first."""
        return [note for note in self.chat.visible() if note.ours and note.buttons]

    def newest(self) -> int:
        """The id of the newest message with buttons."""
        return max((note.id for note in self.prompts()), default=0)

    def prompt(self) -> Note:
        return max(self.prompts(), key=lambda note: note.id)

    def keys(self) -> tuple[str, ...]:
        return tuple(b["callback_data"].partition(":")[2] for b in self.prompt().buttons if "callback_data" in b)

    def asked(self) -> str:
        """The id of the question on the screen, or nothing."""
        text = self.prompt().text
        return next((a.id for a in self._flow.asks if self.text(a.text) in text), "")

    def text(self, id: str, **params: Any) -> str:
        """A text of the program in the language of this talk."""
        return self._wording.say(self.lang, Text(id, params))

    # --- what a reporter does ---

    async def opens(self, lang: str = "ur") -> None:
        before = self.newest()
        await self.starts()
        await self.shown(before)
        if f"lang:{lang}" not in self.keys():
            await self.chooses("c:language")
        await self.chooses(f"lang:{lang}")
        self.lang = lang
        if "c:skip" in self.keys():
            await self.chooses("c:skip")

    async def chooses(self, *keys: str) -> None:
        """Press buttons that are there, each on the newest prompt, and wait for the next one."""
        for key in keys:
            before = self.newest()
            await self.presses_key(key)
            await self.shown(before)

    async def presses_key(self, key: str) -> None:
        prompt = self.prompt()
        assert key in self.keys(), f"no button does {key!r}, only {self.keys()}\n{self.screen()}"
        await self.presses_data(f"{_turn_of(prompt)}:{key}", prompt)

    async def says(self, words: str) -> None:
        """Write, and wait for the next prompt."""
        before = self.newest()
        await self.writes(words)
        await self.shown(before)

    async def shown(self, before: int) -> None:
        """Wait for buttons newer than message `before`."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while self.newest() <= before:
                    async with self._world.changed:
                        await self._world.changed.wait()
        except TimeoutError:
            raise AssertionError(f"no newer prompt\n{self.screen()}") from None

    async def pauses(self, for_s: float = 0.1) -> None:
        """Let happen what may still happen."""
        await asyncio.sleep(for_s)

    async def tells(self, answers: Mapping[str, Answer] | None = None) -> None:
        """Answer every question; ends at the review.  Questions without an answer are skipped."""
        given = {**SAFE, **(answers or {})}
        if "c:tell" in self.keys():
            await self.chooses("c:tell")
        if "resume" in self.keys():
            await self.chooses("resume")
        for _ in range(60):
            ask = self.asked()
            if not ask:
                return
            await self._answers(ask, given.get(ask, ()))
        raise AssertionError(f"asked again and again\n{self.screen()}")

    async def sends_report(self) -> str:
        """Send, and return the code that is shown."""
        before = self.newest()
        await self.presses_key("send")
        await self.shown(before)
        code = self.code()
        await self.chooses("code-saved")
        return code

    async def tells_all(self, answers: Mapping[str, Answer] | None = None) -> str:
        await self.tells(answers)
        return await self.sends_report()

    async def enters(self, code: str) -> None:
        """My messages, and the code."""
        await self.writes("/mail")
        await self.sees(self.text("mail.ask"))
        before = self.newest()
        await self.writes(code)
        await self.shown(before)

    def code_note(self) -> Note:
        return next(n for n in reversed(self.chat.visible()) if n.ours and "code-saved" in str(n.buttons))

    def code(self) -> str:
        """The case code on the screen: twenty digits."""
        digits = "".join(c for c in self.code_note().text if c.isdecimal())
        assert len(digits) == 20, self.screen()
        return digits

    async def _answers(self, ask: str, answer: Answer) -> None:
        keys = (answer,) if isinstance(answer, str) else tuple(answer)
        match self._flow.ask(ask).kind if keys else None:
            case None:
                await self.chooses("skip")
            case Kind.CHOICE:
                await self.chooses(f"a:{keys[0]}")
            case Kind.SEVERAL:
                await self.chooses(*(f"a:{key}" for key in keys), "done")
            case Kind.WORDS:
                await self.says(keys[0])
            case Kind.PLACE:
                for code in keys:
                    await self.chooses(f"p:{code}")
                if "here" in self.keys():
                    await self.chooses("here")
            case Kind.AVOID:
                await self.chooses(*(f"a:{k}" if k == "nobody" else f"o:{k}" for k in keys))
                if "done" in self.keys():
                    await self.chooses("done")


def _turn_of(note: Note) -> int:
    data = [str(b["callback_data"]) for b in note.buttons if "callback_data" in b]
    return int(data[0].partition(":")[0]) if data and data[0].partition(":")[0].isdecimal() else 0

"""Children who tell report after report while the server dies under them, each word unique; and what they were promised."""

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from bot.core.events import Chose, Event, Wrote
from bot.core.flow import Flow
from bot.core.private import Private
from bot.core.state import Browsing
from bot.wording.render import Wording
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.shapes import Json
from tests.fake_telegram.world import Chat, Note, Pending
from tests.phone import Phone
from tests.talking import Kept, Talk

ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "بپتٹجچحخدڈرزسشصطعغفقکگلمنو",
    "ښځڅډړژګڼبتدرسلم",
    "ٻڀٿٽڄڃڇڏڌڊڙڦڪڳڱڻ",
    "কখগঘচছজঝটঠডঢণতথদধন",
    "कखगघचछजझटठडढणतथदधन",
    "කඛගඝචජටඩණතදනපබමයරල",
    "கஙசஞடணதநபமயரலவழள",
    "ཀཁགངཅཆཇཉཏཐདནཔཕབམཙཚཛ",
)
"""Letters of nine scripts in which children write to us, none of which changes when text is normalised."""
PATIENCE_S = 3.0
_CODE = re.compile(r"[0-9](?:[  ]?[0-9]){19}")


@dataclass(slots=True)
class Marks:
    """Made-up words.  `roots`: one for each script; every word of that script begins with it, so that a scan for the
    roots finds any of them.  `names`: begins everything that an account says of its owner.
    """

    chance: Random
    roots: tuple[str, ...] = ()
    names: str = ""
    given: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.roots = tuple(self._letters(script, 9) for script in range(len(ALPHABETS)))
        self.names = self._letters(0, 12)

    def new(self) -> str:
        script = self.chance.randrange(len(ALPHABETS))
        self.given.append(f"{self.roots[script]}{self._letters(script, 9)}")
        return self.given[-1]

    def _letters(self, script: int, length: int) -> str:
        return "".join(self.chance.choice(ALPHABETS[script]) for _ in range(length))


class Teller(Phone):
    """Presses by number, without waiting for messages as long as that goes well.  `acknowledged`: words with a 2xx."""

    def __init__(
        self,
        telegram: FakeTelegram,
        wording: Wording,
        flow: Flow,
        user_id: int,
        marks: Marks,
        *,
        lang: str = "ur",
    ) -> None:
        name = f"{marks.names}first"
        super().__init__(telegram, wording, flow, user_id, name=name, language_code=f"{marks.names}lang")
        self.person |= {"last_name": f"{marks.names}last", "username": f"{marks.names}user"}
        self.lang = lang
        self._marks = marks
        self._mirror = Talk(flow)
        self.acknowledged: list[str] = []
        self.codes: set[str] = set()
        self.finished = 0
        self.pause_s = 0.0
        """Between two steps; whoever runs for hours is no load test."""

    async def tells_until(self, enough: Callable[[], bool]) -> None:
        await self._recovers_at_start()
        while not enough():
            await self.tells_one()

    async def tells_once(self) -> None:
        await self._recovers_at_start()
        await self.tells_one()

    async def tells_one(self) -> None:
        """One report from hello to thanks, whatever happens to the server meanwhile."""
        before = 0
        for event in self._events():
            await asyncio.sleep(self.pause_s)
            before = self.newest()
            match event:
                case Chose(_, key, turn):
                    await self.presses_data(f"{turn}:{key}", None)
                case Wrote(_, words, edited):
                    await self._gives(words.reveal(), edited=edited)
        await self._finishes(before)
        self.finished += 1

    # --- by number ---

    def _events(self) -> Iterator[Event]:
        """What the core would be told, up to the press of "send"; words come where they are asked for, and elsewhere."""
        talk, chance = self._mirror, self._marks.chance
        answers = {
            "place-to": chance.choice(("PK-PB", "PK-SD")),
            "danger": chance.choice(("now", "soon", "no")),
            "words-what": self._marks.new(),
            "words-more": self._marks.new(),
        }
        for event in talk.telling(answers):
            yield event
            talk.hears(event)
            if chance.random() < 0.08:
                yield from self._word_between(talk)
        send = talk.press("send")
        yield send

    def _word_between(self, talk: Talk) -> Iterator[Event]:
        edited = self._last is not None and self._marks.chance.random() < 0.3
        word = Wrote(0, Private(self._marks.new()), edited)
        yield word
        talk.hears(word)

    async def _gives(self, words: str, *, edited: bool) -> None:
        await (self.edits(words) if edited and self._last else self.writes(words))
        self.acknowledged.append(words)

    # --- by what is on the screen ---

    async def _finishes(self, before: int) -> None:
        """See the code, say that it is kept, and see the thanks; else find out where the talk is and go on.

        After a kill, what was said of the report before may be said again: its code is known, its turn is over.
        """
        earlier = frozenset(self.codes)
        while True:
            note = await self._waits_for(lambda n: "code-saved" in _keys(n) and not _codes(n) & earlier, before)
            if note is not None:
                before, turn = note.id, _turn(note)
                self.codes |= _codes(note)
                await self.presses_data(_data(note, "code-saved"), note)
                thanks = await self._waits_for(
                    lambda n, turn=turn: self.text("sent.thanks") in n.text and _turn(n) > turn,  # type: ignore[misc]
                    before,
                )
                if thanks is not None:
                    self._is_home(thanks)
                    return
            before = self.newest()
            if await self._recovers():
                return

    async def _recovers(self) -> bool:
        """Ask what is there.  True: nothing waits to be sent, so it was sent.  Else "send" was pressed again."""
        home = await self._sees_after(self.writes("/start"), lambda n: "c:tell" in _keys(n))
        if home is None:
            return False
        offer = await self._sees_pressing(home, "c:tell", lambda n: "resume" in _keys(n) or "a:yes" in _keys(n))
        if offer is None:
            return False
        if "resume" not in _keys(offer):
            self._is_home(offer)
            return True
        note = await self._sees_pressing(offer, "resume", lambda n: bool(_keys(n)))
        while note is not None and "send" not in _keys(note):
            key = next((k for k in ("a:yes", "skip", "a:ok", "skip", "code-again") if k in _keys(note)), None)
            if key is None:
                return False
            note = await self._sees_pressing(note, key, lambda n: bool(_keys(n)))
            if note is not None and "code-saved" in _keys(note):
                return False
        if note is not None:
            await self.presses_data(_data(note, "send"), note)
        return False

    async def _recovers_at_start(self) -> None:
        """Hello, and the language."""
        while True:
            note = await self._sees_after(self.writes("/start"), lambda n: bool(_keys(n)))
            if note is None:
                continue
            if "c:tell" in _keys(note):
                self._is_home(note)
                return
            await self._sees_pressing(note, f"lang:{self.lang}", lambda n: "c:skip" in _keys(n))

    def _is_home(self, note: Note) -> None:
        """The core's state, as far as the next report needs it: the turn of the newest buttons."""
        talk = replace(self._mirror.state.talk, turn=_turn(note), lang=self.lang, draft=None)
        self._mirror.state, self._mirror.kept = Browsing(talk, "home"), Kept()

    async def _sees_pressing(self, note: Note, key: str, wanted: Callable[[Note], bool]) -> Note | None:
        if key not in _keys(note):
            return None
        return await self._sees_after(self.presses_data(_data(note, key), note), wanted)

    async def _sees_after(self, act: Any, wanted: Callable[[Note], bool]) -> Note | None:
        before = self.newest()
        await act
        return await self._waits_for(wanted, before)

    async def _waits_for(self, wanted: Callable[[Note], bool], after: int) -> Note | None:
        """The newest message after `after` that is wanted, or none within a few seconds."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    for note in reversed(self.chat.visible()):
                        if note.ours and note.id > after and wanted(note):
                            return note
                    async with self._world.changed:
                        await self._world.changed.wait()
        except TimeoutError:
            return None

    async def _does(self, kind: str, content: Json, chat: Chat | None = None) -> Pending | None:
        """Wait for the 2xx as long as it takes: the server may be dead at the moment."""
        self._looked_at = self._world.order
        pending = self._world.offer(kind, content, (chat or self.chat).id)
        await self._world.announce()
        if pending is not None:
            await pending.confirmed.wait()
        return pending


def _codes(note: Note) -> set[str]:
    return {re.sub(r"\D", "", found) for found in _CODE.findall(note.text)}


def _turn(note: Note) -> int:
    """Of its buttons; -1: it has none."""
    return next((int(b["callback_data"].partition(":")[0]) for b in note.buttons if "callback_data" in b), -1)


def _keys(note: Note) -> tuple[str, ...]:
    return tuple(b["callback_data"].partition(":")[2] for b in note.buttons if "callback_data" in b)


def _data(note: Note, key: str) -> str:
    return next(str(b["callback_data"]) for b in note.buttons if str(b["callback_data"]).partition(":")[2] == key)

"""Talks that read like talks: `talk.opens()`, `talk.chooses("a:now")`, `talk.sees("help.calm")`, `talk.can_leave()`.

`Talk` drives `advance` with the real content; the state is written as JSON and read again between all turns.
`tests.helpline` has the same words for the real services.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.content.loader import load_content
from bot.content.model import Content
from bot.content.seeking import Seeker, make_seeker
from bot.core.advance import advance
from bot.core.case import Wish
from bot.core.effects import (
    AskNotice,
    Button,
    CloseMailbox,
    Count,
    Deliver,
    DropDraft,
    Effect,
    EmptyMailbox,
    EndNotice,
    Feedback,
    FetchVoice,
    FindMailbox,
    FixReaders,
    ForgetNotices,
    MakeCode,
    Number,
    Param,
    PlaceName,
    Say,
    Seal,
    Speak,
    Sweep,
    TellWish,
    Text,
    WriteBack,
)
from bot.core.events import (
    NO_LEADS,
    AskedHelp,
    Chose,
    CodeMade,
    CodeMistyped,
    Event,
    Failed,
    Leads,
    Left,
    Looked,
    MailboxMissing,
    MailboxOpened,
    Sent,
    Started,
    Wrote,
)
from bot.core.flow import Flow, Kind
from bot.core.hours import Hours
from bot.core.note import VoiceNote
from bot.core.private import Private
from bot.core.state import Reading, State, begin, dump, load

NOON = int(datetime(2026, 3, 4, 12, tzinfo=ZoneInfo("Asia/Karachi")).timestamp())
"""A Wednesday, when helpers are on duty."""
HOUR_S = 3600
DAYTIME = Hours(ZoneInfo("Asia/Karachi"), {day: (time(8), time(20)) for day in range(7)})
OFFICES = (
    ("lahore", "Lahore office"),
    ("karachi", "Karachi office"),
    ("dubai", "Dubai office"),
    ("duty", "Duty office"),
)
SAFE = {"safe-now": "yes", "limits": "ok"}
"""The two answers without which no question follows."""

Answer = str | Sequence[str]


@cache
def content() -> Content:
    """The content that comes with the program, read once."""
    return load_content()


def real_flow(
    hours: Hours = DAYTIME,
    offices: tuple[tuple[str, str], ...] = OFFICES,
    voiced: Mapping[str, frozenset[str]] | None = None,
    **more: Any,
) -> Flow:
    return content().flow(hours=hours, offices=offices, voiced=voiced, **more)


@cache
def seeker() -> Seeker:
    """What finds pages for words, made once."""
    return make_seeker(content())


def texts_in(param: Param) -> Iterator[Param]:
    """`param` and every parameter inside it."""
    yield param
    if isinstance(param, Text):
        for inner in param.params.values():
            yield from texts_in(inner)


class Ears:
    """What a reporter has been shown, and what a test says about it.  `latest`: the answer to the last event."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.latest: list[Say] = []
        self.everything: list[Say] = []

    # --- what is there ---

    @property
    def prompt(self) -> Say:
        """The newest message with buttons, or the newest at all."""
        return next((say for say in reversed(self.everything) if say.rows), self.everything[-1])

    @property
    def buttons(self) -> tuple[Button, ...]:
        return tuple(b for row in self.prompt.rows for b in row)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(b.key for b in self.buttons)

    def asked(self) -> str:
        """The id of the question that stands there, or nothing."""
        ids = [line.id for line in self.prompt.lines]
        return next((ask.id for ask in self.flow.asks if ask.text in ids), "")

    def code(self) -> str:
        """The case code shown last."""
        return next(p.reveal() for p in self._shown(self.everything[::-1]) if isinstance(p, Private))

    # --- what a test says ---

    def sees(self, *ids: str) -> None:
        """Each text is in the answer to the last event, in this order."""
        said = [p.id for p in self._shown(self.latest) if isinstance(p, Text)]
        at = 0
        for id in ids:
            assert id in said[at:], f"{id} is not among {said[at:]}"
            at += said[at:].index(id)

    def sees_nothing_of(self, *ids: str) -> None:
        said = {p.id for p in self._shown(self.latest) if isinstance(p, Text)}
        assert not said & set(ids)

    def sees_number(self, dial: str) -> None:
        assert Number(dial) in list(self._shown(self.latest))

    def sees_place(self, code: str) -> None:
        assert PlaceName(code) in list(self._shown(self.latest))

    def sees_words(self, *words: str) -> None:
        """Words that only this reporter may see: answers of an officer."""
        assert list(words) == [p.reveal() for p in self._shown(self.latest) if isinstance(p, Private)]

    def sees_question(self, id: str) -> None:
        assert id == self.asked(), f"{self.asked()!r} is asked, {[line.id for line in self.prompt.lines]}"

    def sees_button(self, *keys: str) -> None:
        assert set(keys) <= set(self.keys), f"only {self.keys}"

    def sees_no_button(self, *keys: str) -> None:
        assert not set(keys) & set(self.keys)

    def can_leave(self) -> None:
        self.sees_button("!leave")

    def sees_number_of_messages(self, count: int) -> None:
        assert count == len(self.latest)

    def has_said(self, *ids: str) -> None:
        """Each text was said at some time in this talk."""
        said = {p.id for p in self._shown(self.everything) if isinstance(p, Text)}
        assert set(ids) <= said, f"never said: {set(ids) - said}"

    def has_never_said(self, *ids: str) -> None:
        assert not {p.id for p in self._shown(self.everything) if isinstance(p, Text)} & set(ids)

    # --- what a reporter does ---

    def press(self, key: str, turn: int | None = None) -> Chose:
        newest = self.prompt.turn if self.everything else 0
        return Chose(0, key, newest if turn is None else turn)

    def pressing(self, key: str) -> Chose:
        """A press on a button that is really there."""
        self.sees_button(key)
        return self.press(key)

    def opening(self, lang: str, audience: str) -> Iterator[Event]:
        yield Started(0)
        yield self.pressing(f"lang:{lang}")
        yield self.pressing(f"c:{audience}")

    def telling(self, answers: Mapping[str, Answer]) -> Iterator[Event]:
        """From the door to the review: questions without an answer here are skipped."""
        answers = {**SAFE, **answers}
        yield self.press("!tell")
        for _ in self.flow.asks:
            if not (ask := self.asked()):
                return
            yield from self._answering(ask, answers.get(ask, ()))
        assert not self.asked(), f"{self.asked()} is asked again and again"

    def sending(self) -> Iterator[Event]:
        yield self.pressing("send")
        yield self.pressing("code-saved")

    def _answering(self, id: str, answer: Answer) -> Iterator[Event]:
        keys = (answer,) if isinstance(answer, str) else answer
        match self.flow.ask(id).kind if keys else None:
            case None:
                yield self.pressing("skip")
            case Kind.CHOICE:
                yield self.pressing(f"a:{keys[0]}")
            case Kind.SEVERAL:
                yield from (self.pressing(f"a:{key}") for key in keys)
                yield self.pressing("done")
            case Kind.WORDS:
                yield Wrote(0, Private(keys[0]))
            case Kind.PLACE:
                yield from self._placing(keys)
            case Kind.AVOID:
                yield from self._avoiding(keys)

    def _placing(self, codes: Sequence[str]) -> Iterator[Event]:
        """Each code of the way down, `here` at its end: ("PK-PB", "PK-PB-LHR") or ("PK-PB",)."""
        country = codes[0][:2]
        if country != self.flow.home_country:
            yield self.pressing("p:*")
        for code in codes:
            while f"p:{code}" not in self.keys:
                yield self.pressing("page:+")
            yield self.pressing(f"p:{code}")
        if "here" in self.keys:
            yield self.pressing("here")

    def _avoiding(self, keys: Sequence[str]) -> Iterator[Event]:
        """Office ids, "nobody", or "person:" and a name."""
        for key in keys:
            if key == "nobody":
                yield self.pressing("a:nobody")
            elif key.startswith("person:"):
                yield self.pressing("name-person")
                yield Wrote(0, Private(key.removeprefix("person:")))
            else:
                yield self.pressing(f"o:{key}")
        if "done" in self.keys:
            yield self.pressing("done")

    def _shown(self, says: Sequence[Say]) -> Iterator[Param]:
        return (p for say in says for line in say.lines for p in texts_in(line))


@dataclass(slots=True)
class Kept:
    """What the shell would hold: words by question, in the order in which they came."""

    draft: list[tuple[str, str]] = field(default_factory=list)
    fixed: FixReaders | None = None
    delivered: list[Deliver] = field(default_factory=list)
    delivered_words: list[list[tuple[str, str]]] = field(default_factory=list)
    written_back: list[str] = field(default_factory=list)
    written_as: list[str] = field(default_factory=list)
    wishes: list[bool] = field(default_factory=list)
    emptied: int = 0
    closed: int = 0
    notices: list[str] = field(default_factory=list)
    swept: bool = False
    tidied: bool = False
    spoken: list[Speak] = field(default_factory=list)
    counted: list[tuple[str, str, str]] = field(default_factory=list)
    feedback: list[Feedback] = field(default_factory=list)
    fetched: list[FetchVoice] = field(default_factory=list)


class Talk(Ears):
    """One reporter and the pure core.  `codes`: case code → (status, answers) of the mailboxes that exist."""

    def __init__(self, flow: Flow | None = None, at: int = NOON) -> None:
        super().__init__(flow or real_flow())
        self.at = at
        self.state: State = begin()
        self.kept = Kept()
        self.effects: list[Effect] = []
        self.codes: dict[str, tuple[str, tuple[str, ...]]] = {}
        self.codes_fail = False
        self.open_code = ""
        self.until: int | None = None
        self.wish = Wish.NONE
        self._made = 0

    def opens(self, lang: str = "en", audience: str = "skip") -> "Talk":
        self._play(self.opening(lang, audience))
        return self

    def starts(self, hint: str = "", campaign: str = "") -> None:
        self.hears(Started(self.at, campaign, hint))

    def chooses(self, *keys: str) -> None:
        """Press buttons that are there, one after another."""
        for key in keys:
            self.hears(self.pressing(key))

    def presses(self, key: str, turn: int | None = None) -> None:
        """Press anything, there or not, with the newest or any other turn."""
        self.hears(self.press(key, turn))

    def writes(self, words: str, *, edited: bool = False, leads: Leads = NO_LEADS) -> None:
        self.hears(Wrote(self.at, Private(words), edited, leads))

    def sends(self, what: str, caption: str = "") -> None:
        self.hears(Sent(self.at, what, Private(caption) if caption else None))

    def sends_voice(self, voice: VoiceNote, caption: str = "") -> None:
        self.hears(Sent(self.at, "voice", Private(caption) if caption else None, voice=voice))

    def asks_help(self) -> None:
        self.hears(AskedHelp(self.at))

    def leaves(self) -> None:
        self.hears(Left(self.at))

    def looks(self) -> None:
        self.hears(Looked(self.at))

    def waits(self, seconds: int) -> None:
        self.at += seconds

    def tells(self, answers: Mapping[str, Answer] | None = None) -> None:
        """Answer every question; ends at the review."""
        self._play(self.telling(answers or {}))

    def sends_report(self) -> Deliver:
        self._play(self.sending())
        return self.kept.delivered[-1]

    def hears(self, event: Event) -> None:
        """One turn, and the errands that follow from it."""
        self.latest, self.effects = [], []
        self._turn(event)

    def _play(self, events: Iterator[Event]) -> None:
        for event in events:
            self.hears(event)

    def _turn(self, event: Event) -> None:
        gone = isinstance(self.state, Reading) and self.open_code not in ("", *self.codes)
        turn = advance(self.flow, self.state, replace(event, at=self.at), mailbox_gone=gone)
        self.state = load(json.loads(json.dumps(dump(turn.state))))
        assert turn.state == self.state
        follow: list[Event] = []
        self.effects += turn.effects
        for effect in turn.effects:
            follow += self._perform(effect)
        for event in follow:
            self._turn(event)

    def _perform(self, effect: Effect) -> list[Event]:
        match effect:
            case Say():
                self.latest.append(effect)
                self.everything.append(effect)
            case Seal(ask, words):
                self.kept.draft.append((ask, words.reveal()))
            case FixReaders():
                assert self.kept.fixed is None, "the case key was given away before"
                self.kept.fixed = effect
            case DropDraft():
                self.kept.draft, self.kept.fixed = [], None
            case Deliver():
                assert self.kept.fixed is not None, "sent before anybody could read it"
                assert effect.routing == self.kept.fixed.routing, "sent to others than it was sealed to"
                self.kept.delivered.append(effect)
                self.kept.delivered_words.append(self.kept.draft)
                self.kept.draft, self.kept.fixed = [], None
            case FetchVoice():
                self.kept.fetched.append(effect)
            case WriteBack(words, ask):
                self.kept.written_back.append(words.reveal())
                self.kept.written_as.append(ask)
            case TellWish(stop):
                self.kept.wishes.append(stop)
                self.wish = Wish.STOP if stop else Wish.NONE
            case EmptyMailbox():
                assert self.open_code in self.codes, "emptied while nothing was open"
                self.kept.emptied += 1
                self.codes[self.open_code] = (self.codes[self.open_code][0], ())
            case CloseMailbox():
                self.kept.closed += 1
                del self.codes[self.open_code]
            case AskNotice() | EndNotice() | ForgetNotices():
                self.kept.notices.append(type(effect).__name__)
            case Sweep(all):
                self.kept.swept, self.kept.tidied = self.kept.swept or all, self.kept.tidied or not all
            case Speak():
                self.kept.spoken.append(effect)
            case Count(kind, item, alone):
                self.kept.counted.append((kind, item, "" if alone else self.state.talk.lang))
            case Feedback():
                self.kept.feedback.append(effect)
            case MakeCode():
                return [self._make_code()]
            case FindMailbox(code):
                return [self._look_behind(code.reveal())]
        return []

    def _make_code(self) -> Event:
        self._made += 1
        return (
            Failed(self.at) if self.codes_fail else CodeMade(self.at, Private(f"7700 0000 0000 0000 {self._made:04}"))
        )

    def _look_behind(self, typed: str) -> Event:
        digits = "".join(c for c in typed if c.isdecimal())
        if len(digits) != 20:
            return CodeMistyped(self.at)
        if digits not in self.codes:
            return MailboxMissing(self.at)
        status, answers = self.codes[digits]
        self.open_code = digits
        return MailboxOpened(
            self.at, status, tuple(map(Private, answers)), self.until, self.wish, self.kept.emptied > 0
        )

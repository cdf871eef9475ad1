"""Where a talk is; never what was written.

Frozen values in a closed union, written and re-read between any two turns.  The service encrypts them under a key of the
day, so that even the coarse answers branching needs are not readable at rest (D11, S10).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, assert_never

from bot.core.choices import Answers

VERSION = 2
LEFT = "left"
"""The harmless screen after leaving fast: nothing more is said there than it says itself."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A report being told.  `answers`: keys pressed, by question; `worded`: questions answered in words, sealed elsewhere.

    An empty answer is a skipped question.  `began`: epoch seconds, a draft lives 24 h.  `fixed`: the readers are known and
    the case key is out of our hands.  `hidden`: the reporter left fast, so nothing hints at it until they ask to tell.
    `notes`: how many voice notes were taken for it.
    """

    began: int
    answers: Answers = field(default_factory=dict)
    worded: tuple[str, ...] = ()
    fixed: bool = False
    hidden: bool = False
    notes: int = 0

    def answering(self, ask: str, keys: tuple[str, ...]) -> "Draft":
        return Draft(self.began, {**self.answers, ask: keys}, self.worded, self.fixed, self.hidden, self.notes)

    def seen(self, ask: str) -> bool:
        return ask in self.answers or ask in self.worded


@dataclass(frozen=True, slots=True)
class Talk:
    """What every state carries.  `turn`: number on the newest buttons; `touched`: epoch seconds of the last event.

    `campaign`: whose link opened the talk, until it is counted with the language.  `left`: the turn at which it was left fast.
    `shared`: what was last said of who else reads this phone, "" where nobody was asked (`vanishing`).
    """

    lang: str = ""
    audience: str = ""
    region: str = ""
    turn: int = 0
    touched: int = 0
    draft: Draft | None = None
    campaign: str = ""
    left: int = 0
    shared: str = ""

    def at(self, now: int) -> "Talk":
        return Talk(
            self.lang, self.audience, self.region, self.turn, now, self.draft, self.campaign, self.left, self.shared
        )

    def next_turn(self) -> "Talk":
        turn = self.turn + 1
        return Talk(
            self.lang, self.audience, self.region, turn, self.touched, self.draft, self.campaign, self.left, self.shared
        )

    def telling(self, draft: Draft, region: str) -> "Talk":
        return Talk(
            self.lang, self.audience, region, self.turn, self.touched, draft, self.campaign, self.left, self.shared
        )


@dataclass(frozen=True, slots=True)
class Browsing:
    """Looking at a screen or a page."""

    talk: Talk
    screen: str


@dataclass(frozen=True, slots=True)
class Trying:
    """Working through a tool.  `answers`: keys pressed, by step; `marked`: ticked so far at a step that takes several."""

    talk: Talk
    tool: str
    answers: Answers = field(default_factory=dict)
    marked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    """At a question.  `within`: the place opened so far, `page`: which page of its list; `back`: return to the review after it.

    `naming`: a person to keep it from is being typed.
    """

    talk: Talk
    ask: str
    within: str = ""
    page: int = 0
    back: bool = False
    naming: bool = False


@dataclass(frozen=True, slots=True)
class Reviewing:
    talk: Talk
    choosing: bool = False


@dataclass(frozen=True, slots=True)
class Keeping:
    """The case code step.  `made`: a code was derived and is waiting to be confirmed.

    `step`: "question" or "answer" while the words that prove who is writing are asked for (S54).
    """

    talk: Talk
    made: bool = False
    step: str = ""


@dataclass(frozen=True, slots=True)
class Entering:
    """A case code is awaited."""

    talk: Talk


@dataclass(frozen=True, slots=True)
class Reading:
    """A mailbox is open for ten minutes.  `opened`: epoch seconds of opening it or of the last thing done in it.

    `answered`: the helpers have answered or closed it, so it can be asked whether somebody felt heard.  `step`: what is
    being written or confirmed, see `mailbox_screens.STEPS`; "" shows what can be done.  `stopped`: the report was taken
    back.  `notes`: how many voice notes its case holds, those under way included.  `notice`: whether a chat is told of answers,
    "on" or "off"; "" where it cannot be asked for.
    """

    talk: Talk
    opened: int
    answered: bool = False
    step: str = ""
    stopped: bool = False
    notes: int = 0
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Voicing:
    """Saying what one thinks of this service, for half an hour.  `about`: a page, story, tool, "answered" or "proposal".

    `said`: what was pressed about it; `kept`: words were written, and more may follow.  `opened`: epoch seconds of opening it
    or of the last words.
    """

    talk: Talk
    about: str
    said: str = ""
    kept: bool = False
    opened: int = 0


State = Browsing | Trying | Asking | Reviewing | Keeping | Entering | Reading | Voicing


def begin() -> State:
    """The state of somebody who has never written."""
    return Browsing(Talk(), "language")


def with_talk(state: State, talk: Talk) -> State:
    """The same place in another talk; written out, for every turn does it twice."""
    match state:
        case Browsing(_, screen):
            return Browsing(talk, screen)
        case Asking(_, ask, within, page, back, naming):
            return Asking(talk, ask, within, page, back, naming)
        case _:
            return replace(state, talk=talk)


def dump(state: State) -> dict[str, Any]:
    """Return plain data (for JSON) with its version."""
    talk = state.talk
    plain: dict[str, Any] = {
        "v": VERSION,
        "t": [talk.lang, talk.audience, talk.region, talk.turn, talk.touched],
    }
    if talk.draft is not None:
        d = talk.draft
        plain["d"] = [d.began, {k: list(v) for k, v in d.answers.items()}, list(d.worded), d.fixed, d.hidden]
        if d.notes:
            plain["n"] = d.notes
    if talk.campaign:
        plain["c"] = talk.campaign
    if talk.left:
        plain["l"] = talk.left
    if talk.shared:
        plain["o"] = talk.shared
    match state:
        case Browsing(_, screen):
            plain["s"] = ["browsing", screen]
        case Trying(_, tool, answers, marked):
            plain["s"] = ["trying", tool, {k: list(v) for k, v in answers.items()}, list(marked)]
        case Asking(_, ask, within, page, back, naming):
            plain["s"] = ["asking", ask, within, page, back, naming]
        case Reviewing(_, choosing):
            plain["s"] = ["reviewing", choosing]
        case Keeping(_, made, step):
            plain["s"] = ["keeping", made, step]
        case Entering():
            plain["s"] = ["entering"]
        case Reading(_, opened, answered, step, stopped, notes, notice):
            plain["s"] = ["reading", opened, answered, step, stopped, notes, notice]
        case Voicing(_, about, said, kept, opened):
            plain["s"] = ["voicing", about, said, kept, opened]
        case _ as unreachable:
            assert_never(unreachable)
    return plain


def load(plain: Mapping[str, Any]) -> State:
    """The state that `dump` wrote, of this or an older version.  Raises `ValueError` when it is of a newer one."""
    while plain["v"] < VERSION:
        plain = _LIFTS[plain["v"]](plain)
    if plain["v"] != VERSION:
        raise ValueError(f"state version {plain['v']} is newer than {VERSION}")
    name, *rest = plain["s"]
    return _SHAPES[name](_load_talk(plain), *rest)


def _load_talk(plain: Mapping[str, Any]) -> Talk:
    draft = None
    if "d" in plain:
        began, answers, worded, fixed, hidden = plain["d"]
        answers = {k: tuple(v) for k, v in answers.items()}
        draft = Draft(began, answers, tuple(worded), fixed, hidden, plain.get("n", 0))
    lang, audience, region, turn, touched = plain["t"]
    return Talk(lang, audience, region, turn, touched, draft, plain.get("c", ""), plain.get("l", 0), plain.get("o", ""))


def _load_trying(talk: Talk, tool: str, answers: Mapping[str, list[str]], marked: list[str]) -> Trying:
    return Trying(talk, tool, {k: tuple(v) for k, v in answers.items()}, tuple(marked))


_SHAPES: Mapping[str, Callable[..., State]] = {
    "browsing": Browsing,
    "trying": _load_trying,
    "asking": Asking,
    "reviewing": Reviewing,
    "keeping": Keeping,
    "entering": Entering,
    "reading": Reading,
    "voicing": Voicing,
}


def _with_steps(plain: Mapping[str, Any]) -> Mapping[str, Any]:
    """Version 1: code and mailbox had one screen each; whether a mailbox was answered was told later than the rest."""
    name, *fields = plain["s"]
    if name == "reading":
        opened, answered = [*fields, False][:2]
        fields = [opened, answered, "", False]
    elif name == "keeping":
        fields = [*fields, ""]
    return {**plain, "v": 2, "s": [name, *fields]}


_LIFTS: Mapping[int, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {1: _with_steps}
"""Version n → a function that makes version n + 1 of it."""

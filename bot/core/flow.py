"""What a talk is made of: screens to look at, questions to answer, rules to decide by.

All of it is data built by `content` (and, for teams and hours, by the service); keys are stable and stored, labels are for eyes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from bot.core.choices import UNSAID, Answers, Choice, Condition, Rows, TextId, buttons, holds
from bot.core.effects import Text
from bot.core.hours import Hours
from bot.core.tools import Tool
from bot.core.voice import rated


class Kind(Enum):
    """How a question is answered."""

    CHOICE = "choice"
    SEVERAL = "several"
    PLACE = "place"
    AVOID = "avoid"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Screen:
    """Something to look at.  `texts`: audience → text id ("" is the text for everybody); `page`: an information page.

    `more`: further lines, the same for everybody.  `per_row`: buttons in one row.  `sets`: what pressing a choice remembers
    ("lang", "audience" or nothing).  `rows`: audience → its choices as buttons, made once ("" for all others).
    `title`: what a button to it says, where a child's own words may lead to it.
    `rated`: under which id its readers may say whether it helped, and what is wrong with it; none: they are not asked.
    `picture`: id of a picture that the youngest see above the words, "" where content has none.
    """

    id: str
    texts: Mapping[str, TextId]
    choices: tuple[Choice, ...]
    page: bool = False
    sets: str = ""
    per_row: int = 1
    more: tuple[Text, ...] = ()
    title: TextId = ""
    rated: str = ""
    picture: str = ""
    rows: Mapping[str, Rows] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        audiences = {"", *(reader for choice in self.choices for reader in choice.readers)} - {UNSAID}
        seen = {a: tuple(c for c in self.choices if c.seen_by(a)) for a in audiences}
        rows = {a: (*buttons("c", choices, self.per_row), *rated(self.rated)) for a, choices in seen.items()}
        object.__setattr__(self, "rows", rows)

    def rows_for(self, audience: str) -> Rows:
        return self.rows.get(audience) or self.rows[""]


@dataclass(frozen=True, slots=True)
class Ask:
    """One question of the report.  `when`: asked only if this holds; `unless`: and not if this does.  `title`: its name in
    the review.

    `asked`: whether it is ever asked; if not, only a button elsewhere fills it.
    `role`: for places, PO/PT/PD of the coding scheme.  A question without `skippable` has a way to say no among its choices.
    `rows`: its choices as buttons while none of them is chosen, made once.
    """

    id: str
    kind: Kind
    text: TextId
    title: TextId
    choices: tuple[Choice, ...] = ()
    when: Condition = field(default_factory=dict)
    unless: Condition = field(default_factory=dict)
    skippable: bool = True
    role: str = ""
    per_row: int = 1
    listed: bool = True
    asked: bool = True
    rows: Rows = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", buttons("a", self.choices, self.per_row))

    def applies(self, answers: Answers) -> bool:
        return holds(self.when, answers) and not (self.unless and holds(self.unless, answers))


@dataclass(frozen=True, slots=True)
class Helpline:
    """`dial` is what a telephone dials, `then` what to press afterwards; `region` empty means the whole country.

    `free`: the source says that calling costs nothing.  `dialled`: this service has called it.  `stale`: not checked lately.
    """

    id: str
    name: TextId
    who_for: TextId
    country: str
    region: str
    dial: str
    then: str = ""
    web: str = ""
    confidence: str = "high"
    child_line: bool = False
    emergency: bool = False
    hours: TextId = ""
    free: bool = False
    dialled: bool = False
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A code of ISO 3166 or a district P-code and its parent; `level` 0 country, 1 province, 2 district."""

    code: str
    parent: str
    level: int
    name: str
    common: bool = False


@dataclass(frozen=True, slots=True)
class UrgencyRule:
    """If `when` holds the report is at least this urgent, and officers are told why in words."""

    when: Condition
    urgency: str
    reason: str


@dataclass(frozen=True, slots=True)
class Flow:
    """Everything `advance` may ask about; immutable, pinned for one turn.

    `always`: normalised word → "help" or "leave" (DESIGN §4.13).  `children`: place code → codes below it.
    `shown_confidence`: which helplines children see (DESIGN §4.10).
    `offices`: (team id, name) of the roster, for "keep it away from".  `of_kind`: ids of the questions of each kind.
    `deciding`: the questions on whose answers others depend, in order; `remembered`: which questions follow from their
    answers, found once for each combination that content allows.  `voiced`: language → texts that have a recording.
    `countable`: what is counted → the ids that may be.  `feedback_team`: whose readers get what is said of this service.
    `voice_notes`: whether voice is taken where a channel offers it.  `spoken`: languages that are not offered (any more), but in
    which a talk that has begun can go on.  `notices`: whether a chat may be told that there is an answer.
    `pictures`: whether the private page takes some (D16).
    """

    screens: Mapping[str, Screen]
    asks: tuple[Ask, ...]
    helplines: tuple[Helpline, ...]
    places: Mapping[str, Place]
    children: Mapping[str, tuple[str, ...]]
    rules: tuple[UrgencyRule, ...]
    always: Mapping[str, str]
    languages: tuple[tuple[str, TextId], ...]
    hours: Hours
    offices: tuple[tuple[str, str], ...] = ()
    home_country: str = "PK"
    tools: Mapping[str, Tool] = field(default_factory=dict)
    shown_confidence: tuple[str, ...] = ("high", "medium")
    voiced: Mapping[str, frozenset[TextId]] = field(default_factory=dict)
    countable: Mapping[str, frozenset[str]] = field(default_factory=dict)
    feedback_team: str = ""
    voice_notes: bool = False
    pictures: bool = False
    spoken: frozenset[str] = frozenset()
    notices: bool = False
    of_kind: Mapping[Kind, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    deciding: tuple[Ask, ...] = field(init=False, repr=False, compare=False)
    remembered: dict[tuple[tuple[str, ...] | None, ...], tuple[Ask, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _by_id: Mapping[str, Ask] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_kind = {kind: tuple(ask.id for ask in self.asks if ask.kind is kind) for kind in Kind}
        named = {id for ask in self.asks for id in (*ask.when, *ask.unless)}
        object.__setattr__(self, "of_kind", by_kind)
        object.__setattr__(self, "deciding", tuple(ask for ask in self.asks if ask.id in named))
        object.__setattr__(self, "_by_id", {ask.id: ask for ask in self.asks})

    def ask(self, id: str) -> Ask:
        return self._by_id[id]

    def has_ask(self, id: str) -> bool:
        return id in self._by_id

    def offers(self, lang: str) -> bool:
        return any(tag == lang for tag, _ in self.languages)

    def speaks(self, lang: str) -> bool:
        """Whether a talk in `lang` goes on: nobody loses the language they began in."""
        return lang in self.spoken or self.offers(lang)


def applying(flow: Flow, answers: Answers) -> tuple[Ask, ...]:
    """The questions that this reporter meets, as far as the answers so far tell."""
    decided = tuple([answers.get(ask.id) for ask in flow.deciding])
    met = flow.remembered.get(decided)
    if met is None:
        met = flow.remembered[decided] = _applying(flow, answers)
    return met


def _applying(flow: Flow, answers: Answers) -> tuple[Ask, ...]:
    kept: dict[str, tuple[str, ...]] = {}
    for ask in flow.deciding:
        if ask.id in answers and ask.applies(kept):
            kept[ask.id] = answers[ask.id]
    return tuple(ask for ask in flow.asks if ask.applies(kept))


def standing(flow: Flow, answers: Answers) -> dict[str, tuple[str, ...]]:
    """The answers that count: a changed answer may have made others pointless."""
    return {ask.id: answers[ask.id] for ask in applying(flow, answers) if ask.id in answers}

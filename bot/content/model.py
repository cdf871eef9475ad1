"""Everything the helpline says and asks, as frozen values; `flow` gives the part that a talk runs on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time

from bot.content.hearing import Rules
from bot.content.seek_terms import Terms
from bot.core import voice
from bot.core.choices import Answers, Choice, TextId
from bot.core.flow import Ask, Flow, Helpline, Place, Screen, UrgencyRule
from bot.core.hours import Hours
from bot.core.tools import Tool

CHAT = "chat"
CONSOLE = "console"

STALE_DAYS = 365
"""A number that nobody looked at for a year is not shown as long as there is a fresher one."""


@dataclass(frozen=True, slots=True)
class TextSource:
    """A text in English.  `note`: for translators.  `limit`: longest allowed, in characters.  `where`: file and line.

    `critical`: danger, consent, limits, codes, numbers; a second person reviews its translation.
    """

    en: str
    note: str
    limit: int | None
    critical: bool
    where: str
    domain: str = CHAT


def to_children(id: str, source: TextSource) -> bool:
    """Whether a child reads this text: in the chat, or as a prepared answer of an officer."""
    return source.domain == CHAT or id.startswith("console.begin.")


@dataclass(frozen=True, slots=True)
class Page:
    """An information page.  `checked`: the day somebody last read its `sources` (ISO date).

    `readers`: the audiences it has words for.  `to_check`: facts a person has to confirm before a service opens.
    `fills`: answers that a report begun on this page already holds.  `on`: screens that list it below what they list.
    """

    id: str
    title: TextId
    texts: Mapping[str, TextId]
    checked: str
    sources: tuple[str, ...]
    readers: tuple[str, ...] = ("u12", "teen", "adult")
    to_check: tuple[str, ...] = ()
    fills: Answers = field(default_factory=dict)
    on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """`texts`: version ("girl", "boy", "any") → text id; "any" is always there.  An `end` has no choices of its own."""

    id: str
    texts: Mapping[str, TextId]
    choices: tuple[Choice, ...]
    end: bool


@dataclass(frozen=True, slots=True)
class Story:
    """A decision story; it begins with its first scene.  `on`: screens that list it below what they list."""

    id: str
    title: TextId
    scenes: tuple[Scene, ...]
    readers: tuple[str, ...]
    checked: str
    sources: tuple[str, ...]
    on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Law:
    """An age in the law of a place.  `ages`: "age", or "girls" and "boys", or "from" and "to", in years.

    `remark`: text id, or "".  `source_date`: when it was made or last read there, as exactly as the source tells.
    """

    topic: str
    place: str
    ages: Mapping[str, int]
    remark: str
    source: str
    source_date: str
    confidence: str


@dataclass(frozen=True, slots=True)
class HelplineEntry:
    """A helpline as a talk shows it, and what stands behind it.

    `source_date`: as the source gives it, "" when undated; `read_on`: the day we read it; `dialled_on`: the day this service
    last called it, "" if never (ISO dates).  `note`: for officers, not shown.  `silent`: calling it failed twice.
    """

    line: Helpline
    dialled_on: str
    source: str
    source_date: str
    read_on: str
    toll_free: str
    languages: str
    contact: str
    note: str
    silent: bool = False

    def stale(self, today: date) -> bool:
        """Whether it was neither called nor read in its source for too long, or nobody answers there."""
        if self.silent:
            return True
        checked = max(filter(None, (self.dialled_on, self.read_on)), default="")
        return not checked or (today - date.fromisoformat(checked)).days > STALE_DAYS


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """What a place is called: `names` by language, `others` are further spellings, `confidence` of code and names."""

    names: Mapping[str, str]
    others: tuple[str, ...] = ()
    confidence: str = "high"


@dataclass(frozen=True, slots=True)
class RoutingRules:
    """`climb_after_s`: urgency → seconds after which an unopened case goes one level up.  `week`: default duty hours.

    `feedback_team`: id of the team that reads what is said of this service.
    """

    climb_after_s: Mapping[str, int]
    answer_within_s: Mapping[str, int]
    week: Mapping[int, tuple[time, time]]
    zone: str
    feedback_team: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Content:
    """All content of a deployment; immutable, loaded once at start.  `pictures`: id → SVG, as the file holds it.

    `answers`: prepared answers officers are offered, in order.
    """

    texts: Mapping[str, TextSource]
    screens: Mapping[str, Screen]
    pages: Mapping[str, Page]
    stories: Mapping[str, Story]
    tools: Mapping[str, Tool]
    laws: tuple[Law, ...]
    asks: tuple[Ask, ...]
    concern_codes: Mapping[str, tuple[str, ...]]
    reporter_codes: Mapping[str, tuple[str, ...]]
    rules: tuple[UrgencyRule, ...]
    answers: tuple[TextId, ...]
    routing: RoutingRules
    helplines: tuple[HelplineEntry, ...]
    places: Mapping[str, Place]
    children: Mapping[str, tuple[str, ...]]
    place_names: Mapping[str, PlaceNames]
    always: Mapping[str, str]
    spellings: Mapping[str, Mapping[str, tuple[str, ...]]]
    coding: Mapping[str, TextId]
    unsaid: Mapping[str, Mapping[str, tuple[str, ...]]]
    seeking: Mapping[str, Terms]
    pictures: Mapping[str, bytes]

    def rated(self) -> frozenset[str]:
        """Everything a reader may say something of: pages, stories, tables of laws, tools."""
        shown = {screen.rated for screen in self.screens.values() if screen.rated}
        return frozenset(shown | {f"tool:{id}" for id in self.tools})

    hearing: Rules

    def flow(
        self,
        *,
        hours: Hours,
        offices: tuple[tuple[str, str], ...] = (),
        languages: tuple[tuple[str, str], ...] = (("en", "English"), ("ur", "اردو")),
        home_country: str = "PK",
        shown_confidence: tuple[str, ...] = ("high", "medium"),
        today: date | None = None,
        voiced: Mapping[str, frozenset[TextId]] | None = None,
        countable: Mapping[str, frozenset[str]] | None = None,
        voice_notes: bool = False,
        pictures: bool = False,
        spoken: frozenset[str] = frozenset(),
        notices: bool = False,
    ) -> Flow:
        """Return what `advance` runs on.

        `today`: entries that nobody checked for `STALE_DAYS` count as stale; without it none does.

        `offices`: (team id, name) of the verified roster.  `languages`: (tag, own name) as offered, in order.
        `voiced`: language → texts that have a recording.  `countable`: what is counted → the ids that may be.
        `spoken`: languages in which a talk that has begun can go on.  `notices`: whether a chat may be told of answers.
        """
        return Flow(
            screens=self.screens,
            asks=self.asks,
            helplines=tuple(replace(e.line, stale=e.stale(today)) if today else e.line for e in self.helplines),
            shown_confidence=shown_confidence,
            places=self.places,
            children=self.children,
            rules=self.rules,
            always=self.always,
            languages=languages,
            hours=hours,
            offices=offices,
            home_country=home_country,
            tools=self.tools,
            voiced=voiced or {},
            countable={**voice.countable(self.rated()), **(countable or {})},
            feedback_team=self.routing.feedback_team,
            voice_notes=voice_notes,
            pictures=pictures,
            spoken=spoken,
            notices=notices,
        )

"""Everything the helpline says and asks, as frozen values; `flow` gives the part that a talk runs on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from bot.core.flow import Ask, Flow, Helpline, Place, Screen, TextId, UrgencyRule
from bot.core.hours import Hours

CHAT = "chat"
CONSOLE = "console"


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


@dataclass(frozen=True, slots=True)
class Page:
    """An information page.  `checked`: the day somebody last read its `sources` (ISO date).

    `readers`: the audiences it has words for.  `to_check`: facts a person has to confirm before a service opens.
    """

    id: str
    title: TextId
    texts: Mapping[str, TextId]
    checked: str
    sources: tuple[str, ...]
    readers: tuple[str, ...] = ("u12", "teen", "adult")
    to_check: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HelplineEntry:
    """A helpline as a talk shows it, and what stands behind it.

    `source_date`: as the source gives it, "" when undated; `read_on`: the day we read it.  `note`: for officers, not shown.
    """

    line: Helpline
    source: str
    source_date: str
    read_on: str
    toll_free: str
    languages: str
    contact: str
    note: str


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """What a place is called: `names` by language, `others` are further spellings, `confidence` of code and names."""

    names: Mapping[str, str]
    others: tuple[str, ...] = ()
    confidence: str = "high"


@dataclass(frozen=True, slots=True)
class RoutingRules:
    """`climb_after_s`: urgency → seconds after which an unopened case goes one level up.  `week`: default duty hours."""

    climb_after_s: Mapping[str, int]
    answer_within_s: Mapping[str, int]
    week: Mapping[int, tuple[time, time]]
    zone: str


@dataclass(frozen=True, slots=True)
class Content:
    """All content of a deployment; immutable, loaded once at start."""

    texts: Mapping[str, TextSource]
    screens: Mapping[str, Screen]
    pages: Mapping[str, Page]
    asks: tuple[Ask, ...]
    concern_codes: Mapping[str, tuple[str, ...]]
    reporter_codes: Mapping[str, tuple[str, ...]]
    rules: tuple[UrgencyRule, ...]
    routing: RoutingRules
    helplines: tuple[HelplineEntry, ...]
    places: Mapping[str, Place]
    children: Mapping[str, tuple[str, ...]]
    place_names: Mapping[str, PlaceNames]
    always: Mapping[str, str]
    spellings: Mapping[str, Mapping[str, tuple[str, ...]]]
    coding: Mapping[str, TextId]
    unsaid: Mapping[str, Mapping[str, tuple[str, ...]]]

    def flow(
        self,
        *,
        hours: Hours,
        offices: tuple[tuple[str, str], ...] = (),
        languages: tuple[tuple[str, str], ...] = (("en", "English"), ("ur", "اردو")),
        home_country: str = "PK",
        voiced: Mapping[str, frozenset[TextId]] | None = None,
        countable: Mapping[str, frozenset[str]] | None = None,
    ) -> Flow:
        """Return what `advance` runs on.

        `offices`: (team id, name) of the verified roster.  `languages`: (tag, own name) as offered, in order.
        `voiced`: language → texts that have a recording.  `countable`: what is counted → the ids that may be.
        """
        return Flow(
            screens=self.screens,
            asks=self.asks,
            helplines=tuple(entry.line for entry in self.helplines),
            places=self.places,
            children=self.children,
            rules=self.rules,
            always=self.always,
            languages=languages,
            hours=hours,
            offices=offices,
            home_country=home_country,
            voiced=voiced or {},
            countable=countable or {},
        )

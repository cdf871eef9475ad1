"""The report as data, in one language: the private page runs the same questions, conditions and rules as the chat.

Nothing here depends on who asks, so each answer is made once for each flow and language.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

from bot.channels.speech import Wording
from bot.core.choices import Choice, Condition
from bot.core.effects import Text
from bot.core.flow import Ask, Flow, Place, UrgencyRule
from bot.core.helplines import ABROAD_AND_ONLINE, entry_line, home_places, number_lines, shown
from bot.core.mailbox import SCREENS
from bot.core.note import MOST_BYTES, MOST_SECONDS
from bot.core.triage import DEFAULT, URGENCIES
from bot.sealing.submission import MOST_PICTURES, MOST_SPOKEN_BYTES
from bot.services.report import GIST

ABROAD: Final = "*"
"""Instead of a region: numbers for a country we have none for."""

TELL: Final = "!tell"
"""Where a button leads that begins a report."""

TEXTS: Final = (
    "button.back", "button.begin", "button.change", "button.code-again", "button.code-saved", "button.done", "button.erase",
    "button.help", "button.here", "button.leave", "button.lost-code", "button.mail",
    "button.more", "button.name-person", "button.other-country",
    "button.send", "button.skip", "button.wrote-before",
    "button.close", "button.empty", "button.yes-close", "button.yes-empty", "mail.ask-close", "mail.ask-empty",
    "button.add", "button.check", "button.go-on", "button.stop", "button.yes-stop",
    "check.ask-answer", "check.ask-question", "check.kept", "check.question-kept",
    "mail.ask-add", "mail.ask-stop", "mail.goes-on", "mail.gone", "mail.stopped", "mail.write", "mail.written",
    "private.emptied", "private.shut",
    "mail.ask", "mail.empty", "mail.empty-since", "mail.is-overruled", "mail.is-stopped", "mail.lapsed", "mail.looking",
    "mail.missing", "mail.mistyped", "mail.reply", "mail.until", "mail.status.answered", "mail.status.closed",
    "mail.status.opened", "mail.status.passed_on", "mail.status.received",
    "ask.avoid-last", "ask.name-person", "ask.place-within", "ask.progress", "ask.several", "ask.write",
    "review.intro", "code.why", "code.making", "code.show", "web.write", "web.leave-hint",
    "private.about", "private.already", "private.cannot-seal", "private.code-kept", "private.code-page",
    "private.failed", "private.in-messenger", "private.keeps-nothing", "private.mail-chat",
    "private.mail-failed", "private.name", "private.next",
    "private.not-sent", "private.numbers", "private.numbers-away", "private.place-missing", "private.review-title",
    "private.saved", "private.sealing", "private.skipped", "private.to-chat", "private.unsure-readers",
    "private.your-report", "private.no-microphone", "private.record", "private.record-away", "private.record-full",
    "private.record-stop", "private.recording", "private.voice",
    "private.picture", "private.picture-full", "private.picture-heic", "private.picture-hint", "private.picture-kind",
    "private.picture-off", "private.picture-one", "private.picture-wait",
)  # fmt: skip
"""What the page says around the questions; gaps are filled by the page."""


_PICTURES: Final = {"pictures": MOST_PICTURES, "bytes": MOST_SPOKEN_BYTES, "file": MOST_BYTES}


class Names(Wording, Protocol):
    def place_name(self, lang: str, code: str) -> str: ...


def report_data(flow: Flow, wording: Names, lang: str) -> dict[str, Any]:
    """Everything the page needs to ask in `lang`, but the places inside a province or abroad."""

    def say(id: str) -> str:
        return wording.say(lang, Text(id))

    return {
        "lang": lang,
        "dir": wording.direction(lang),
        "asks": [_ask(ask, say) for ask in flow.asks],
        "rules": [_rule(rule) for rule in flow.rules],
        "urgencies": URGENCIES,
        "normal": DEFAULT,
        "gist": GIST,
        "home": flow.home_country,
        "places": places_data(flow, wording, lang, ""),
        "screens": dict(_screens(flow, wording, lang)),
        "again": dict(_again(flow, say)),
        "numbers": dict(_numbers(flow, wording, lang)),
        "voice": {"seconds": MOST_SECONDS, "bytes": MOST_SPOKEN_BYTES} if flow.voice_notes else None,
        "pictures": _PICTURES if flow.pictures else None,
        "texts": {id: say(id) for id in TEXTS},
    }


def places_data(flow: Flow, wording: Names, lang: str, within: str) -> list[dict[str, Any]] | None:
    """The places inside a province, all countries ("*") or the home country's provinces (""); none for what holds none."""
    if within == ABROAD:
        countries = [p for p in flow.places.values() if p.level == 0 and p.code != flow.home_country]
        listed = sorted(countries, key=lambda p: (not p.common, wording.place_name(lang, p.code)))
    else:
        listed = [flow.places[code] for code in flow.children.get(within or flow.home_country, ())]
    return [_place(flow, place, wording, lang) for place in listed] or None


def _ask(ask: Ask, say: Callable[[str], str]) -> dict[str, Any]:
    made = {
        "id": ask.id,
        "kind": ask.kind.value,
        "text": say(ask.text),
        "title": say(ask.title),
        "choices": [_choice(choice, say) for choice in ask.choices],
        "when": _condition(ask.when),
        "unless": _condition(ask.unless),
        "skippable": ask.skippable,
        "listed": ask.listed,
    }
    return made if ask.asked else {**made, "unasked": True}


def _choice(choice: Choice, say: Callable[[str], str]) -> dict[str, Any]:
    made: dict[str, Any] = {"key": choice.key, "label": say(choice.label)}
    if choice.goto:
        made["goto"] = choice.goto
    if choice.numbers:
        made["numbers"] = True
    return made


def _condition(condition: Condition) -> dict[str, list[str]]:
    return {ask: sorted(wanted) for ask, wanted in condition.items()}


def _rule(rule: UrgencyRule) -> dict[str, Any]:
    return {"when": _condition(rule.when), "urgency": rule.urgency, "reason": rule.reason}


def _place(flow: Flow, place: Place, wording: Names, lang: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "code": place.code,
        "parent": place.parent,
        "level": place.level,
        "name": wording.place_name(lang, place.code),
    }
    if place.common:
        made["common"] = True
    if flow.children.get(place.code):
        made["within"] = True
    return made


def _screens(flow: Flow, wording: Names, lang: str) -> Iterator[tuple[str, str]]:
    """What a choice of a question leads out to; read on the page, for leaving it would end the report.

    Beside them what the code screen leads to.
    """
    asides = [c.goto for ask in flow.asks for c in ask.choices if c.goto]
    for id in dict.fromkeys((*asides, *(id for id in SCREENS if id in flow.screens))):
        screen = flow.screens[id]
        yield id, wording.lines(lang, (Text(screen.texts[""]), *screen.more))


def _again(flow: Flow, say: Callable[[str], str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The button that begins a new report without the code, and what the report then says of the earlier one."""
    for id in (id for id in SCREENS if id in flow.screens):
        for choice in flow.screens[id].choices:
            if choice.goto == TELL:
                yield id, {"label": say(choice.label), "fills": {ask: list(keys) for ask, keys in choice.fills.items()}}


def _numbers(flow: Flow, wording: Names, lang: str) -> Iterator[tuple[str, list[str]]]:
    """The lines that the chat shows, by region; they are at hand without asking the server again."""
    for region in ("", *home_places(flow)):
        yield region, [wording.say(lang, line) for line in number_lines(flow, region)]
    online = [entry_line(h) for h in shown(flow) if h.country == ABROAD_AND_ONLINE and h.web][:2]
    yield ABROAD, [wording.say(lang, line) for line in (Text("help.calm"), *online)]

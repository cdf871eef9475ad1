"""The report can be walked through: conditions name real answers, readers are known before words, rules can fire."""

from collections.abc import Iterator

from bot.content.finding import Finding
from bot.content.model import Content
from bot.core.choices import Condition
from bot.core.flow import Ask, Kind

_NEEDED = ("age", "concern")
"""Questions whose answers the cover and the routing read by name."""

_CHOSEN_BY_ENGINE = {Kind.AVOID: ("person",)}
"""Answers the engine gives itself, beside the keys that stand in the file."""


def report_findings(content: Content) -> Iterator[Finding]:
    yield from _needed(content)
    for n, ask in enumerate(content.asks):
        yield from _one(ask, content.asks[:n])
    yield from _readers_before_words(content)
    yield from _rules(content)
    yield from _hints(content)


def _needed(content: Content) -> Iterator[Finding]:
    ids = [ask.id for ask in content.asks]
    for id in _NEEDED:
        if id not in ids:
            yield Finding("report.toml", "missing-ask", f'the question "{id}" is missing', "the cover needs it; add it")
    for id in {i for i in ids if ids.count(i) > 1}:
        yield Finding("report.toml", "twice", f'the question "{id}" stands twice', "give each question its own id")


def _one(ask: Ask, earlier: tuple[Ask, ...]) -> Iterator[Finding]:
    where = f"report.toml ({ask.id})"
    if ask.kind in (Kind.CHOICE, Kind.SEVERAL) and not any(c.goto is None for c in ask.choices):
        yield Finding(where, "dead-end", f'"{ask.id}" has no answer that goes on', "add a choice without a goto")
    if not ask.skippable and ask.kind not in (Kind.CHOICE, Kind.SEVERAL):
        yield Finding(where, "dead-end", f'"{ask.id}" can be neither pressed nor skipped', "make it skippable")
    if (ask.kind is Kind.PLACE) != bool(ask.role):
        yield Finding(
            where, "role", f'"{ask.id}": a place needs a role, and only a place', "use PO, PT or PD for places"
        )
    for what in (*_impossible(ask.when, earlier), *_impossible(ask.unless, earlier)):
        yield Finding(where, "unreached", f'"{ask.id}" is never asked: {what}', "correct its when")


def _impossible(when: Condition, asks: tuple[Ask, ...]) -> Iterator[str]:
    """Say what keeps a condition from ever holding, or names an answer that nobody can give."""
    given = {ask.id: _answers(ask) for ask in asks}
    for id, wanted in when.items():
        if id not in given:
            yield f'"{id}" is not asked before it'
        elif not wanted:
            yield f'no answer of "{id}" is named'
        else:
            for key in sorted(wanted - given[id]):
                yield f'"{id}" has no answer "{key}"'


def _answers(ask: Ask) -> frozenset[str]:
    """A choice with a goto leaves the report, so it is never an answer."""
    return frozenset((*(c.key for c in ask.choices if c.goto is None), *_CHOSEN_BY_ENGINE.get(ask.kind, ())))


def _readers_before_words(content: Content) -> Iterator[Finding]:
    """Place, "keep it away from" and the concern choose the readers: they are asked before any words (D11)."""
    ids = [ask.id for ask in content.asks]
    words = next((n for n, ask in enumerate(content.asks) if ask.kind is Kind.WORDS), len(ids))
    for n, ask in enumerate(content.asks):
        if n > words and (ask.kind in (Kind.PLACE, Kind.AVOID) or ask.id == "concern"):
            where = f"report.toml ({ask.id})"
            yield Finding(where, "order", f'"{ask.id}" chooses readers but is asked after words', "move it before them")


def _rules(content: Content) -> Iterator[Finding]:
    for rule in content.rules:
        for what in _impossible(rule.when, content.asks):
            yield Finding(f"triage.toml ({rule.reason})", "rule", f"the rule cannot fire: {what}", "correct its when")
        if not rule.when:
            where = f"triage.toml ({rule.reason})"
            yield Finding(where, "rule", "the rule always fires", "name at least one question and answer")


def _hints(content: Content) -> Iterator[Finding]:
    for answers in (content.concern_codes, content.reporter_codes):
        for key, codes in answers.items():
            for code in codes:
                if code not in content.coding:
                    yield Finding("report.toml", "code", f'"{key}" hints at "{code}"', "use a code of coding.toml")

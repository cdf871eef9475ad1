"""A number or a fact shows only with a source and a date (DESIGN §4.10)."""

from collections.abc import Iterator
from datetime import date

from bot.content.finding import Finding
from bot.content.model import Content

_NO_PLACE = ("EU", "ZZ")
"""Helplines of many countries, and of all."""


def source_findings(content: Content) -> Iterator[Finding]:
    yield from _helplines(content)
    yield from _home_has_numbers(content)
    yield from _pages(content)
    yield from _places(content)
    yield from _always(content)


def _helplines(content: Content) -> Iterator[Finding]:
    for entry in content.helplines:
        line, where = entry.line, f"helplines.toml ({entry.line.id})"
        if not entry.source.strip():
            yield Finding(where, "source", f'"{line.id}" has no source', "add the page on which the number was read")
        if not entry.source_date and not _is_day(entry.read_on):
            yield Finding(
                where, "source", f'"{line.id}" has no date', "add source_date, or read_on = the day it was read"
            )
        if line.country not in content.places and line.country not in _NO_PLACE:
            yield Finding(where, "place", f'"{line.country}" is no country', "use a code of countries.toml, EU or ZZ")
        if line.region and line.region not in content.places:
            yield Finding(where, "place", f'"{line.region}" is no region', "use a code of regions.toml")


def _home_has_numbers(content: Content) -> Iterator[Finding]:
    """A child must never meet an empty list."""
    shown = [e.line for e in content.helplines if e.line.country == "PK" and e.line.confidence != "low" and e.line.dial]
    if not any(line.region == "" and line.emergency for line in shown):
        remedy = "add one with confidence high or medium"
        yield Finding("helplines.toml", "numbers", "no emergency number for the whole country PK", remedy)


def _pages(content: Content) -> Iterator[Finding]:
    for page in content.pages.values():
        where = f"pages/{page.id}.toml"
        if not page.sources:
            yield Finding(where, "source", f'"{page.id}" has no sources', "add what its facts rest on")
        if not _is_day(page.checked):
            yield Finding(where, "source", f'"{page.id}" has no day of checking', 'write checked = "2026-11-22"')
        for audience in page.readers:
            if audience not in page.texts:
                yield Finding(where, "audience", f'"{page.id}" has no text for {audience}', f"add text.{audience}")


def _places(content: Content) -> Iterator[Finding]:
    for place in content.places.values():
        if place.parent and place.parent not in content.places:
            where = f"regions.toml ({place.code})"
            yield Finding(
                where, "place", f'"{place.code}" lies in "{place.parent}"', "which does not exist; correct it"
            )


def _always(content: Content) -> Iterator[Finding]:
    for language, words in content.spellings.items():
        for meaning, listed in words.items():
            if not listed:
                yield Finding(f"words.toml ({language})", "word", f'no word for "{meaning}"', "add at least one")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True

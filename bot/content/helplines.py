"""Where to call or write now: numbers as data, each with its source and date (DESIGN §4.10)."""

import re
from dataclasses import replace

from bot.content.model import HelplineEntry
from bot.content.tables import Table
from bot.content.text_book import TextBook
from bot.core.flow import Helpline

_DIAL = re.compile(r"^\+?[0-9][0-9 -]{1,18}$")
_CONFIDENCE = ("high", "medium", "low")
_HOURS = {
    "": "",
    "always": "helpline.hours.always",
    "day": "helpline.hours.day",
}


_FREE = ("yes", "free")
"""How the field `toll_free` begins where a source says that calling costs nothing."""


def read_helplines(table: Table, book: TextBook) -> tuple[HelplineEntry, ...]:
    """Read `helplines.toml`.  An entry without a source, or without a way to reach it, does not load."""
    note = "When a helpline answers."
    book.add("helpline.hours.always", "At any time, day and night", at=table, note=note, critical=True)
    book.add("helpline.hours.day", "In the daytime", at=table, note=note, critical=True)
    read_on = table.text("read_on")
    entries = tuple(_read_entry(entry, book, read_on) for entry in table.tables("helpline"))
    table.close()
    return entries


def _read_entry(entry: Table, book: TextBook, read_on: str) -> HelplineEntry:
    toll_free, dialled_on = entry.text("toll_free", ""), entry.text("dialled_on", "")
    line = replace(_read_line(entry, book), free=toll_free.startswith(_FREE), dialled=bool(dialled_on))
    read = HelplineEntry(
        line=line,
        dialled_on=dialled_on,
        source=entry.text("source"),
        source_date=entry.text("source_date", ""),
        read_on=entry.text("read_on", read_on),
        toll_free=toll_free,
        languages=entry.text("languages", ""),
        contact=entry.text("contact", ""),
        note=entry.text("note", ""),
    )
    entry.close()
    return read


def _read_line(entry: Table, book: TextBook) -> Helpline:
    id, dial, web = entry.text("id"), entry.text("dial", ""), entry.text("web", "")
    confidence, hours = entry.text("confidence"), entry.text("hours", "")
    if not dial and not web:
        raise entry.wrong(f'"{id}" cannot be reached', 'add dial = "..." or web = "..."')
    if dial and not _DIAL.match(dial):
        raise entry.wrong(
            f'"{id}": dial is no phone number', "digits, spaces and hyphens; what to press later goes to then"
        )
    if confidence not in _CONFIDENCE:
        raise entry.wrong(f'"{id}": confidence is unknown', f"use one of {', '.join(_CONFIDENCE)}")
    if hours not in _HOURS:
        raise entry.wrong(f'"{id}": hours are unknown', 'use "always" or "day", or leave them out')
    name = f"helpline.{id}.name"
    book.add(name, entry.text("name"), at=entry, note="Name of a helpline. Keep its own name.", critical=True)
    who = f"helpline.{id}.for"
    book.add(who, entry.text("for"), at=entry, note="Whom the helpline is for. Promise no more.", critical=True)
    return Helpline(
        id=id,
        name=name,
        who_for=who,
        country=entry.text("country"),
        region=entry.text("region", ""),
        dial=dial,
        then=entry.text("then", ""),
        web=web,
        confidence=confidence,
        child_line=entry.flag("child_line"),
        emergency=entry.flag("emergency"),
        hours=_HOURS[hours],
    )

"""The questions of a report, and the hints they give to officers."""

from dataclasses import dataclass

from bot.content.screens import read_choices
from bot.content.tables import Table
from bot.content.text_book import BUTTON_LIMIT, TextBook
from bot.core.choices import Condition
from bot.core.flow import Ask, Kind

_KINDS = {kind.value: kind for kind in Kind}
_ROLES = ("", "PO", "PT", "PD")
"""Origin, transit, destination: the roles of a place in the coding scheme."""


@dataclass(frozen=True, slots=True)
class ReadAsk:
    """A question, and for each answer the codes that it hints at."""

    ask: Ask
    codes: dict[str, tuple[str, ...]]


def read_report(table: Table, book: TextBook) -> tuple[ReadAsk, ...]:
    """Read `report.toml`, in the order in which a reporter is asked."""
    asks = tuple(_read_ask(entry, book) for entry in table.tables("ask"))
    table.close()
    return asks


def read_condition(entry: Table, key: str = "when") -> Condition:
    """Read `when = { question = ["answer", …] }` (or `unless`); absent means always (never)."""
    when = entry.table(key)
    return {ask: frozenset(when.texts(ask)) for ask in when.names()}


def _read_ask(entry: Table, book: TextBook) -> ReadAsk:
    id, kind, role = entry.text("id"), entry.text("kind"), entry.text("role", "")
    if kind not in _KINDS:
        raise entry.wrong(f'"{kind}" is no kind of question', f"use one of {', '.join(_KINDS)}")
    if role not in _ROLES:
        raise entry.wrong(f'"{role}" is no role of a place', "use PO, PT or PD")
    note, critical = entry.text("note", ""), entry.flag("critical")
    text = book.add(f"ask.{id}", entry.text("text"), at=entry, note=f"Question. {note}".strip(), critical=critical)
    short = "Short name of this question, in the list before sending."
    title = book.add(f"ask.{id}.title", entry.text("title"), at=entry, note=short, limit=BUTTON_LIMIT)
    codes = dict(_codes(entry))
    ask = Ask(
        id=id,
        kind=_KINDS[kind],
        text=text,
        title=title,
        choices=read_choices(entry, book, f"ask.{id}", critical=critical),
        when=read_condition(entry),
        unless=read_condition(entry, "unless"),
        skippable=entry.flag("skippable", True),
        role=role,
        per_row=entry.number("per_row", 1) or 1,
        listed=entry.flag("listed", True),
        asked=entry.flag("asked", True),
    )
    entry.close()
    return ReadAsk(ask, codes)


def _codes(entry: Table) -> list[tuple[str, tuple[str, ...]]]:
    return [(choice.text("key"), choice.texts("codes")) for choice in entry.peek_tables("choice")]

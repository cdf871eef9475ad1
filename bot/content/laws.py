"""Ages in the law, by place: rows of data that become the lines of a screen for each topic."""

from bot.content.model import Law
from bot.content.screens import listed_on
from bot.content.tables import Table
from bot.content.text_book import BUTTON_LIMIT, TextBook
from bot.core.choices import Choice, TextId
from bot.core.effects import PlaceName, Text
from bot.core.flow import Screen

_CONFIDENCE = ("high", "medium", "low")
SHOWN = ("high", "medium")
"""Rows of low confidence are not shown (a wrong age could cost a child a wedding that a court would stop)."""


def read_laws(table: Table, book: TextBook) -> tuple[dict[str, TextId], tuple[Law, ...]]:
    """Read `laws.toml`; return the titles of its topics ("laws:marriage-age" → text) and its rows."""
    titles: dict[str, TextId] = {}
    for entry in table.tables("topic"):
        id, note = entry.text("id"), entry.text("note")
        title, said = entry.text("title"), entry.text("text")
        titles[f"laws:{id}"] = book.add(
            f"laws.{id}.title", title, at=entry, note="Button: a table of ages in the law.", limit=BUTTON_LIMIT
        )
        book.add(f"laws.{id}", said, at=entry, note=note)
        entry.close()
    rows = tuple(_read_law(entry, book, titles) for entry in table.tables("law"))
    table.close()
    return titles, rows


def law_screens(titles: dict[str, TextId], rows: tuple[Law, ...], screens: dict[str, Screen]) -> tuple[Screen, ...]:
    """A screen for each topic: a headline, a line for each place, and from when we know it."""
    made = []
    for id in titles:
        topic = id.removeprefix("laws:")
        shown = [row for row in rows if row.topic == topic and row.confidence in SHOWN]
        # Slashes, because phones and our own page take digits with hyphens for a number to dial.
        newest = max((row.source_date for row in shown), default="").replace("-", "/")
        more = (*map(_line, shown), Text("laws.read", {"date": newest}))
        back = Choice("back", "button.back", listed_on(id, screens))
        made.append(Screen(id, {"": f"laws.{topic}"}, (back,), more=more, rated=id))
    return tuple(made)


def _read_law(entry: Table, book: TextBook, titles: dict[str, TextId]) -> Law:
    topic, place = entry.text("topic"), entry.text("place")
    if f"laws:{topic}" not in titles:
        raise entry.wrong(f'"{topic}" is no topic', "add a [[topic]] or correct it")
    ages = {name: age for name in ("age", "girls", "boys", "from", "to") if (age := entry.number(name)) is not None}
    if set(ages) not in ({"age"}, {"girls", "boys"}, {"from", "to"}):
        raise entry.wrong("the ages are not clear", "give age, or girls and boys, or from and to")
    remark = ""
    if "remark" in entry:
        remark = f"laws.{topic}.{place}".lower()
        book.add(remark, entry.text("remark"), at=entry, note="Remark in brackets behind an age in the law.")
    law = Law(topic, place, ages, remark, entry.text("source"), entry.text("source_date"), entry.text("confidence"))
    if law.confidence not in _CONFIDENCE:
        raise entry.wrong(f'"{law.confidence}" is no confidence', "use one of " + ", ".join(_CONFIDENCE))
    entry.close()
    return law


def _line(row: Law) -> Text:
    kind = "age" if "age" in row.ages else "ages" if "girls" in row.ages else "span"
    line = Text(f"laws.row-{kind}", {"place": PlaceName(row.place), **row.ages})  # plain numbers: nobody dials an age
    return Text("laws.remarked", {"row": line, "remark": Text(row.remark)}) if row.remark else line

"""Tools to work through: checks, lists and lessons, a file each."""

from collections.abc import Mapping

from bot.content.report import read_condition
from bot.content.screens import Screens, audience_texts, listed_on, read_choices, read_fills
from bot.content.tables import Table
from bot.content.text_book import BUTTON_LIMIT, TextBook
from bot.core.choices import Choice, TextId
from bot.core.flow import Screen
from bot.core.tools import Option, Outcome, Step, Tool

STEP_LIMIT = 700
LINE_LIMIT = 120
"""Characters of a line in a kept list."""


def read_tool(table: Table, book: TextBook) -> tuple[Tool, Mapping[str, TextId]]:
    """Read one file of `tools/`; return the tool and the texts of its first screen, by audience."""
    id, note = table.text("id"), table.text("note")
    critical = table.flag("critical")
    what = f"Title of a small tool or lesson. {note}"
    title = book.add(f"tool.{id}.title", table.text("title"), at=table, note=what, limit=BUTTON_LIMIT)
    readers = table.texts("readers")
    table.text("checked"), table.texts("sources")
    intro = audience_texts(f"tool.{id}.intro", table, book, note=note, critical=critical, limit=STEP_LIMIT, key="intro")
    steps = tuple(_read_step(f"tool.{id}", entry, book, note, critical) for entry in table.tables("step"))
    ends = tuple(_read_outcome(f"tool.{id}.end", entry, book, note, critical) for entry in table.tables("outcome"))
    keeps = table.flag("keeps")
    table.close()
    if not steps or not ends or ends[-1].when:
        raise table.wrong(
            "a tool needs steps, and a last outcome that always holds", "add them; the last has no `when`"
        )
    return Tool(id, title, steps, ends, keeps, readers), intro


def tool_screen(tool: Tool, intro: Mapping[str, TextId], screens: Screens) -> Screen:
    """What a tool is, before it begins."""
    back = Choice("back", "button.back", listed_on(f"tool:{tool.id}", screens))
    choices = (Choice("begin", "button.begin", f"try:{tool.id}"), back)
    return Screen(f"tool:{tool.id}", intro, choices, title=tool.title)


def _read_step(place: str, entry: Table, book: TextBook, note: str, critical: bool) -> Step:
    id = entry.text("id")
    texts = audience_texts(f"{place}.{id}", entry, book, note=note, critical=critical, limit=STEP_LIMIT)
    options = tuple(_read_option(f"{place}.{id}", choice, book) for choice in entry.tables("choice"))
    step = Step(id, texts, options, read_condition(entry), entry.flag("several"), entry.number("per_row", 1) or 1)
    entry.close()
    if not options:
        raise entry.wrong("a step without buttons", "add [[step.choice]]")
    return step


def _read_option(place: str, entry: Table, book: TextBook) -> Option:
    key = entry.text("key")
    label = book.button(f"{place}.{key}", entry, note="Button.")
    says = line = ""
    if "says" in entry:
        said = "Said after this button was pressed. Kind, never scolding."
        says = book.add(f"{place}.{key}.says", entry.text("says"), at=entry, note=said, limit=STEP_LIMIT)
    if "line" in entry:
        kept = "The same as the button, in full, as it stands in a list to keep."
        line = book.add(f"{place}.{key}.line", entry.text("line"), at=entry, note=kept, limit=LINE_LIMIT)
    option = Option(key, label, entry.texts("counts"), says, read_fills(entry), entry.flag("numbers"), line)
    entry.close()
    return option


def _read_outcome(place: str, entry: Table, book: TextBook, note: str, critical: bool) -> Outcome:
    id, when = entry.text("id"), entry.table("when")
    least = {name: when.number(name, 1) or 1 for name in when.names()}
    texts = audience_texts(
        f"{place}.{id}", entry, book, note=f"How it ends. {note}", critical=critical, limit=STEP_LIMIT
    )
    outcome = Outcome(id, texts, read_choices(entry, book, f"{place}.{id}"), least, entry.flag("numbers"))
    entry.close()
    return outcome

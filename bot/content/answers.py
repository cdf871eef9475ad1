"""Prepared answers: sentences officers choose from when they answer a child, in the order of the file (S53)."""

from bot.content.model import CONSOLE
from bot.content.tables import Table
from bot.content.text_book import TextBook
from bot.core.choices import TextId

BEGINNING = "console.begin."
"""What the ids of these texts begin with, wherever they are looked up."""
ANSWER_LIMIT = 200
"""Characters of a prepared answer: one thought."""
_NOTE = "Spoken to a child by an officer: calm, plain, without promises; must be understood at nine years."


def read_answers(table: Table, book: TextBook) -> tuple[TextId, ...]:
    """Read `answers.toml`; the ids of what officers are offered.  One that is no longer offered can still be read."""
    offered = []
    for entry in table.tables("answer"):
        note = " ".join(filter(None, (_NOTE, entry.text("note", ""))))
        text = book.add(
            BEGINNING + entry.text("id"),
            entry.text("text"),
            at=entry,
            note=note,
            limit=ANSWER_LIMIT,
            critical=True,
            domain=CONSOLE,
        )
        if not entry.flag("retired"):
            offered.append(text)
        entry.close()
    table.close()
    return tuple(offered)

"""The texts of all content files, collected under their ids; an id is given once only."""

from bot.content.model import CHAT, TextSource
from bot.content.tables import Table

BUTTON_LIMIT = 40
"""Characters on a button: more is cut on a small phone (ecosystem: an emoji and a few words)."""


class TextBook:
    """Takes texts from tables and gives their ids back, so that no other place holds a sentence."""

    def __init__(self) -> None:
        self.sources: dict[str, TextSource] = {}

    def add(
        self,
        id: str,
        en: str,
        *,
        at: Table,
        note: str = "",
        limit: int | None = None,
        critical: bool = False,
        domain: str = CHAT,
    ) -> str:
        """Keep a text and return its id.  Raises `ContentError` when the id is taken."""
        if id in self.sources:
            raise at.wrong(f'the text "{id}" was already given at {self.sources[id].where}', "choose another id")
        self.sources[id] = TextSource(en.strip(), note, limit, critical, at.where, domain)
        return id

    def button(self, id: str, at: Table, *, note: str, critical: bool = False) -> str:
        """Take a choice's `label`, or the `label_id` of a text that others share."""
        if "label_id" in at:
            return at.text("label_id")
        return self.add(id, at.text("label"), at=at, note=note, limit=BUTTON_LIMIT, critical=critical)


def read_said(table: Table, book: TextBook) -> None:
    """Read `say.toml`."""
    for text in table.tables("text"):
        book.add(
            text.text("id"),
            text.text("en"),
            at=text,
            note=text.text("note", ""),
            limit=text.number("limit"),
            critical=text.flag("critical"),
        )
        text.close()
    table.close()

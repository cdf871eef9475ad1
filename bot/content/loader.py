"""All content files read, checked for shape and put together.

Shape only: whether links lead somewhere and texts exist is the inspector's question.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.content.always import always_words, read_spellings
from bot.content.helplines import read_helplines
from bot.content.model import Content, Page
from bot.content.places import read_places
from bot.content.report import ReadAsk, read_report
from bot.content.rules import read_coding, read_routing, read_triage
from bot.content.screens import read_page, read_screens
from bot.content.seek_terms import read_terms
from bot.content.tables import read_table
from bot.content.text_book import TextBook, read_said
from bot.content.unsaid import read_unsaid


def load_content(folder: Path | None = None) -> Content:
    """Return the content in `folder`, or the one that comes with the program.

    Raises `ContentError`, naming file, line and remedy.
    """
    home: Traversable = folder or files("bot.content")
    book = TextBook()
    read_said(read_table(home, "say.toml"), book)
    pages = _read_pages(home, book)
    screens = read_screens(read_table(home, "screens.toml"), book, pages)
    asks = read_report(read_table(home, "report.toml"), book)
    rules = read_triage(read_table(home, "triage.toml"), book)
    coding = read_coding(read_table(home, "coding.toml"), book)
    helplines = read_helplines(read_table(home, "helplines.toml"), book)
    places = read_places(read_table(home, "countries.toml"), read_table(home, "regions.toml"))
    words = read_table(home, "words.toml")
    spellings = read_spellings(words)
    return Content(
        texts=book.sources,
        screens=screens,
        pages=pages,
        asks=tuple(read.ask for read in asks),
        concern_codes=_codes(asks, "concern"),
        reporter_codes=_codes(asks, "who"),
        rules=rules,
        routing=read_routing(read_table(home, "routing.toml")),
        helplines=helplines,
        places=places.places,
        children=places.children,
        place_names=places.names,
        always=always_words(spellings, words),
        spellings=spellings,
        coding=coding,
        unsaid=read_unsaid(read_table(home, "unsaid.toml")),
        seeking=read_terms(home),
    )


def _read_pages(home: Traversable, book: TextBook) -> dict[str, Page]:
    """Read `pages/`, in the order of the file names; what `learn` lists decides the order on the screen."""
    folder = home.joinpath("pages")
    pages: dict[str, Page] = {}
    for file in sorted(f.name for f in folder.iterdir() if f.name.endswith(".toml")):
        table = read_table(folder, file, shown=f"pages/{file}")
        page = read_page(table, book)
        if file != f"{page.id}.toml":
            raise table.wrong(f'the page is called "{page.id}"', f"name the file {page.id}.toml")
        pages[page.id] = page
    return pages


def _codes(asks: tuple[ReadAsk, ...], id: str) -> dict[str, tuple[str, ...]]:
    return next((read.codes for read in asks if read.ask.id == id), {})

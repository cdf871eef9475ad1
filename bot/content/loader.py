"""All content files read, checked for shape and put together.

Shape only: whether links lead somewhere and texts exist is the inspector's question.
"""

from collections.abc import Callable
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

from bot.content.always import always_words, read_spellings
from bot.content.answers import read_answers
from bot.content.hearing import read_rules
from bot.content.helplines import read_helplines
from bot.content.laws import law_screens, read_laws
from bot.content.model import Content
from bot.content.pictures import COVER, read_pictures, shown_on
from bot.content.places import read_places
from bot.content.report import ReadAsk, read_report
from bot.content.rules import read_coding, read_routing, read_triage
from bot.content.screens import page_screen, placed, read_page, read_screens
from bot.content.seek_terms import read_terms
from bot.content.stories import read_story, story_screens
from bot.content.tables import Table, read_table
from bot.content.text_book import TextBook, read_said
from bot.content.tools import read_tool, tool_screen
from bot.content.unsaid import read_unsaid

T = TypeVar("T")


def load_content(folder: Traversable | None = None) -> Content:
    """Return the content in `folder`, or the one that comes with the program.

    Raises `ContentError`, naming file, line and remedy.
    """
    home: Traversable = folder or files("bot.content")
    book = TextBook()
    read_said(read_table(home, "say.toml"), book)
    pages = {page.id: page for page in _read_folder(home, "pages", lambda table: read_page(table, book))}
    stories = {story.id: story for story in _read_folder(home, "stories", lambda table: read_story(table, book))}
    read_tools = _read_folder(home, "tools", lambda table: read_tool(table, book))
    tools = {tool.id: tool for tool, _ in read_tools}
    titles = {f"page:{id}": page.title for id, page in pages.items()}
    titles |= {f"story:{id}": story.title for id, story in stories.items()}
    titles |= {f"tool:{id}": tool.title for id, tool in tools.items()}
    law_titles, laws = read_laws(read_table(home, "laws.toml"), book)
    pictures = read_pictures(home)
    listed = placed([*pages.values()], [*stories.values()])
    screens = read_screens(read_table(home, "screens.toml"), book, titles | law_titles, listed)
    made = [page_screen(page, screens, shown_on(page, pictures)) for page in pages.values()]
    made += [tool_screen(tool, intro, screens) for tool, intro in read_tools]
    cover = COVER if COVER in pictures else ""
    made += [screen for story in stories.values() for screen in story_screens(story, screens, cover).values()]
    made += law_screens(law_titles, laws, screens)
    screens |= {screen.id: screen for screen in made}
    answers = read_answers(read_table(home, "answers.toml"), book)
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
        stories=stories,
        tools=tools,
        laws=laws,
        asks=tuple(read.ask for read in asks),
        concern_codes=_codes(asks, "concern"),
        reporter_codes=_codes(asks, "who"),
        rules=rules,
        answers=answers,
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
        pictures=pictures,
        hearing=read_rules(home),
    )


def _read_folder(home: Traversable, name: str, read: Callable[[Table], T]) -> tuple[T, ...]:
    """Read every file of a folder, in the order of the names; the screens that list them decide the order for eyes."""
    folder = home.joinpath(name)
    found: list[T] = []
    for file in sorted(f.name for f in folder.iterdir() if f.name.endswith(".toml")):
        table = read_table(folder, file, shown=f"{name}/{file}")
        if f"{table.peek('id')}.toml" != file:
            raise table.wrong(f'it is called "{table.peek("id")}"', f"name the file {table.peek('id')}.toml")
        found.append(read(table))
    return tuple(found)


def _codes(asks: tuple[ReadAsk, ...], id: str) -> dict[str, tuple[str, ...]]:
    return next((read.codes for read in asks if read.ask.id == id), {})

"""Screens and information pages: what a talk shows, with the ways on from it."""

from bot.content.model import Page
from bot.content.tables import Table
from bot.content.text_book import BUTTON_LIMIT, TextBook
from bot.core.flow import Choice, Screen

PAGE_LIMIT = 1000
"""Characters of a page for each audience: one screen of scrolling, and fit for weak networks."""

_AUDIENCES = ("u12", "teen", "adult", "pro")
_READ_BY = ("u12", "teen", "adult")
"""Whom a page is for, if it does not say."""

_LATER = ("teen", "adult", "u12", "pro")
"""Whose words somebody gets who did not say who is writing."""

_READERS = {
    "u12": "For a child under twelve: short words, one idea in a sentence, at most eight words.",
    "teen": "For somebody of twelve to seventeen: respectful, says why, at most twelve words in a sentence.",
    "adult": "For an adult who may have learnt to read late: practical, plain.",
    "pro": "For somebody who works with children.",
    "": "For everybody, so in words a child of nine understands.",
}


def read_screens(table: Table, book: TextBook, pages: dict[str, Page]) -> dict[str, Screen]:
    """Read `screens.toml`; each page becomes a screen of its own, "page:<id>"."""
    screens: dict[str, Screen] = {}
    for entry in table.tables("screen"):
        id = entry.text("id")
        if id in screens:
            raise entry.wrong(f'the screen "{id}" stands here twice', "choose another id")
        screens[id] = _read_screen(id, entry, book, pages)
    table.close()
    return screens | {f"page:{id}": _page_screen(page, _listed_on(id, screens)) for id, page in pages.items()}


def read_page(table: Table, book: TextBook) -> Page:
    """Read one file of `pages/`: a title, the day its sources were checked, and a text for each audience."""
    id = table.text("id")
    note, critical = table.text("note", ""), table.flag("critical")
    title = book.add(
        f"page.{id}.title",
        table.text("title"),
        at=table,
        note="Title of an information page; stands on a button.",
        limit=BUTTON_LIMIT,
    )
    checked, sources, to_check = table.text("checked"), table.texts("sources"), table.texts("to_check")
    readers = table.texts("readers") or _READ_BY
    texts = _audience_texts(f"page.{id}", table, book, note=note, critical=critical, limit=PAGE_LIMIT)
    table.close()
    if "adult" in texts:
        texts.setdefault("pro", texts["adult"])
    return Page(id, title, texts, checked, sources, readers, to_check)


def read_choices(entry: Table, book: TextBook, prefix: str, *, critical: bool = False) -> tuple[Choice, ...]:
    """Read `[[… .choice]]`: a key, a label, where it leads, whether it shows the numbers first."""
    choices = []
    for choice in entry.tables("choice"):
        key = choice.text("key")
        label = book.button(f"{prefix}.{key}", choice, note="Button.", critical=critical)
        goto = choice.text("goto") if "goto" in choice else None
        choices.append(Choice(key, label, goto, choice.flag("numbers")))
        choice.texts("codes")
        choice.close()
    return tuple(choices)


def _read_screen(id: str, entry: Table, book: TextBook, pages: dict[str, Page]) -> Screen:
    note, critical = entry.text("note", ""), entry.flag("critical")
    texts = _audience_texts(f"screen.{id}", entry, book, note=note, critical=critical)
    listed = []
    for page in entry.texts("pages"):
        if page not in pages:
            raise entry.wrong(f'there is no page "{page}"', f"add pages/{page}.toml or take it off the list")
        listed.append(Choice(page, pages[page].title, f"page:{page}"))
    choices = (*listed, *read_choices(entry, book, f"screen.{id}"))
    per_row, sets = entry.number("per_row", 1) or 1, entry.text("sets", "")
    entry.close()
    return Screen(id, texts, choices, sets=sets, per_row=per_row)


def _audience_texts(
    id: str, entry: Table, book: TextBook, *, note: str, critical: bool, limit: int | None = None
) -> dict[str, str]:
    """Text ids by audience; "" is what everybody else reads."""
    given = entry.table("text")
    texts: dict[str, str] = {}
    for audience in ("all", *_AUDIENCES):
        if audience in given:
            key = "" if audience == "all" else audience
            full = f"{_READERS[key]} {note}".strip()
            place = id if key == "" else f"{id}.{key}"
            texts[key] = book.add(place, given.text(audience), at=entry, note=full, limit=limit, critical=critical)
    given.close()
    if not texts:
        raise entry.wrong("no text for any audience", 'add text.all = "..." or text.u12, text.teen, text.adult')
    return texts if "" in texts else {"": next(texts[a] for a in _LATER if a in texts), **texts}


def _listed_on(page: str, screens: dict[str, Screen]) -> str:
    """The first screen that lists the page, which is where "back" leads."""
    lists = (s.id for s in screens.values() if any(c.goto == f"page:{page}" for c in s.choices))
    return next(lists, "learn")


def _page_screen(page: Page, back: str) -> Screen:
    """Every page ends in the same ways on; help and leaving stand on every screen anyway."""
    choices = (Choice("tell", "button.tell", "!tell"), Choice("back", "button.back", back))
    return Screen(f"page:{page.id}", page.texts, choices, page=True, per_row=2, title=page.title)

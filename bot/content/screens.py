"""Screens and information pages: what a talk shows, with the ways on from it."""

from collections.abc import Mapping, Sequence

from bot.content.model import Page, Story
from bot.content.tables import Table
from bot.content.text_book import BUTTON_LIMIT, TextBook
from bot.core.choices import Answers, Choice, TextId
from bot.core.flow import Screen

Screens = dict[str, Screen]

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


def placed(pages: Sequence[Page], stories: Sequence[Story]) -> dict[str, list[str]]:
    """Screen → what says by itself that it stands there."""
    found: dict[str, list[str]] = {}
    for item, screens in [(f"page:{one.id}", one.on) for one in pages] + [
        (f"story:{one.id}", one.on) for one in stories
    ]:
        for screen in screens:
            found.setdefault(screen, []).append(item)
    return found


def read_screens(
    table: Table, book: TextBook, titles: Mapping[str, TextId], placed: Mapping[str, Sequence[str]]
) -> Screens:
    """Read `screens.toml`.  `titles`: what a screen may list ("page:job-offer", "story:…", "tool:…") → its title.

    `placed`: screen → what it lists besides.
    """
    screens: Screens = {}
    for entry in table.tables("screen"):
        id = entry.text("id")
        if id in screens:
            raise entry.wrong(f'the screen "{id}" stands here twice', "choose another id")
        screens[id] = _read_screen(id, entry, book, titles, placed.get(id, ()))
    table.close()
    return screens


def page_screen(page: Page, screens: Screens, picture: str = "") -> Screen:
    """Every page ends in the same ways on; help and leaving stand on every screen anyway."""
    id = f"page:{page.id}"
    tell = Choice("tell", "button.tell", "!tell", fills=page.fills)
    return Screen(
        id,
        page.texts,
        (tell, Choice("back", "button.back", listed_on(id, screens))),
        page=True,
        per_row=2,
        title=page.title,
        rated=id,
        picture=picture,
    )


def listed_on(id: str, screens: Screens) -> str:
    """The first screen that lists it, which is where "back" leads."""
    return next((s.id for s in screens.values() if any(c.goto == id for c in s.choices)), "learn")


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
    texts = audience_texts(f"page.{id}", table, book, note=note, critical=critical, limit=PAGE_LIMIT)
    fills, on = read_fills(table), table.texts("on")
    table.close()
    if "adult" in texts:
        texts.setdefault("pro", texts["adult"])
    return Page(id, title, texts, checked, sources, readers, to_check, fills, on)


def read_choices(entry: Table, book: TextBook, prefix: str, *, critical: bool = False) -> tuple[Choice, ...]:
    """Read `[[… .choice]]`: a key, a label, where it leads, whether it shows the numbers first."""
    choices = []
    for choice in entry.tables("choice"):
        key = choice.text("key")
        label = book.button(f"{prefix}.{key}", choice, note="Button.", critical=critical)
        goto = choice.text("goto") if "goto" in choice else None
        numbers, readers, fills = choice.flag("numbers"), choice.texts("readers"), read_fills(choice)
        choices.append(Choice(key, label, goto, numbers, readers, fills))
        choice.texts("codes")
        choice.close()
    return tuple(choices)


def read_fills(entry: Table) -> Answers:
    """Read `fills = { question = ["answer"] }`: what a report that begins here already holds."""
    fills = entry.table("fills")
    return {ask: fills.texts(ask) for ask in fills.names()}


def _read_screen(id: str, entry: Table, book: TextBook, titles: Mapping[str, TextId], placed: Sequence[str]) -> Screen:
    note, critical = entry.text("note", ""), entry.flag("critical")
    texts = audience_texts(f"screen.{id}", entry, book, note=note, critical=critical)
    listed = []
    for item in (*entry.texts("lists"), *placed):
        if item not in titles:
            raise entry.wrong(
                f'there is no "{item}"', "write page:<id>, story:<id> or tool:<id>, or take it off the list"
            )
        listed.append(Choice(item.removeprefix("page:").replace(":", "-"), titles[item], item))
    choices = (*listed, *read_choices(entry, book, f"screen.{id}"))
    per_row, sets = entry.number("per_row", 1) or 1, entry.text("sets", "")
    entry.close()
    return Screen(id, texts, choices, sets=sets, per_row=per_row)


def audience_texts(
    id: str, entry: Table, book: TextBook, *, note: str, critical: bool, limit: int | None = None, key: str = "text"
) -> dict[str, TextId]:
    """Text ids by audience; "" is what everybody else reads."""
    given = entry.table(key)
    texts: dict[str, str] = {}
    for audience in ("all", *_AUDIENCES):
        if audience in given:
            reader = "" if audience == "all" else audience
            full = f"{_READERS[reader]} {note}".strip()
            place = id if reader == "" else f"{id}.{reader}"
            texts[reader] = book.add(place, given.text(audience), at=entry, note=full, limit=limit, critical=critical)
    given.close()
    if not texts:
        raise entry.wrong("no text for any audience", f'add {key}.all = "..." or {key}.u12, {key}.teen, {key}.adult')
    return texts if "" in texts else {"": next(texts[a] for a in _LATER if a in texts), **texts}

"""A child's own words lead to screens that exist and have a title for the button; every page can be found."""

from collections.abc import Iterator

from bot.content.finding import Finding
from bot.content.model import Content

FIRST_LANGUAGE = "en"
"""Whoever adds a page writes terms in at least this language; the others follow with speakers."""


def seeking_findings(content: Content) -> Iterator[Finding]:
    for language, terms in content.seeking.items():
        where = f"seeking/{language}.toml"
        if not terms.danger:
            yield Finding(where, "seek-danger", "no phrase of danger", 'add danger = ["..."]')
        for goto, phrases in terms.pages.items():
            yield from _target(content, where, goto)
            if not phrases:
                yield Finding(where, "seek-empty", f'nothing leads to "{goto}"', "add what children type, or remove it")
    listed = content.seeking[FIRST_LANGUAGE].pages if FIRST_LANGUAGE in content.seeking else {}
    for id, page in content.pages.items():
        if f"page:{page.id}" not in listed:
            what = f'the page "{id}" is found by its title only'
            yield Finding(f"seeking/{FIRST_LANGUAGE}.toml", "seek-missing", what, "add what children type for it")


def _target(content: Content, where: str, goto: str) -> Iterator[Finding]:
    if goto not in content.screens:
        yield Finding(where, "seek-link", f'"{goto}" does not exist', "correct it, or add the page")
    elif not content.screens[goto].title:
        yield Finding(
            where, "seek-title", f'"{goto}" has no title for a button', "only screens with a title can be found"
        )

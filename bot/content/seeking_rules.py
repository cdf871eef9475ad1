"""A child's own words lead to screens that exist and have a title for the button; every page can be found."""

from collections.abc import Iterator

from bot.content.finding import Finding
from bot.content.model import Content

FIRST_LANGUAGE = "en"
"""Whoever adds a page writes terms in at least this language; the others follow with speakers."""

_FOUND = ("page:", "tool:", "story:")
"""What words lead to, besides menus."""


def seeking_findings(content: Content) -> Iterator[Finding]:
    for language, terms in content.seeking.items():
        where = f"seeking/{language}.toml"
        if not terms.danger:
            yield Finding(where, "seek-danger", "no phrase of danger", 'add danger = ["..."]')
        yield from _families(content, language, where)
        for goto, phrases in terms.pages.items():
            yield from _target(content, where, goto)
            if not phrases:
                yield Finding(where, "seek-empty", f'nothing leads to "{goto}"', "add what children type, or remove it")
    listed = content.seeking[FIRST_LANGUAGE].pages if FIRST_LANGUAGE in content.seeking else {}
    added = {f"page:{id}" for id, page in content.pages.items() if page.on}
    added |= {f"story:{id}" for id, story in content.stories.items() if story.on}  # in a form, which has no terms
    for goto, screen in content.screens.items():
        if goto.startswith(_FOUND) and screen.title and goto not in listed and goto not in added:
            what = f'"{goto}" is found by its title only'
            yield Finding(f"seeking/{FIRST_LANGUAGE}.toml", "seek-missing", what, "add what children type for it")
    for goto in sorted({goto for rule in content.hearing.rules for goto in rule.leads}):
        yield from _target(content, "danger.toml", goto)


def _families(content: Content, language: str, where: str) -> Iterator[Finding]:
    """The first language fills every family of the rules; no language fills one that no rule hears."""
    heard = content.hearing.families
    filled = {name for name, words in content.seeking[language].families.items() if words}
    for name in sorted(filled - heard):
        yield Finding(where, "seek-family", f'no rule hears the family "{name}"', "correct its name, or add a rule")
    for name in sorted(heard - filled) if language == FIRST_LANGUAGE else ():
        yield Finding(where, "seek-family", f'the family "{name}" is empty', f'add {name} = ["..."]')


def _target(content: Content, where: str, goto: str) -> Iterator[Finding]:
    if goto not in content.screens:
        yield Finding(where, "seek-link", f'"{goto}" does not exist', "correct it, or add the page")
    elif not content.screens[goto].title:
        yield Finding(
            where, "seek-title", f'"{goto}" has no title for a button', "only screens with a title can be found"
        )

"""What children type when they look for something: `seeking/<language>.toml`, one file a language.

A term of one word is strong by itself; in a phrase each word counts for a part, and all of them together for the whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from bot.content.tables import Table, read_table


@dataclass(frozen=True, slots=True)
class Terms:
    """`ignored`: small words that say nothing about a page.  `danger`: phrases; all words of one must be written.

    `pages`: goto → words and phrases that lead there.  `families`: what each family of `danger.toml` is called here.
    """

    ignored: tuple[str, ...]
    danger: tuple[str, ...]
    pages: Mapping[str, tuple[str, ...]]
    families: Mapping[str, tuple[str, ...]]


def read_terms(home: Traversable) -> dict[str, Terms]:
    """Read every file of `seeking/`, by language."""
    folder = home.joinpath("seeking")
    terms: dict[str, Terms] = {}
    for file in sorted(f.name for f in folder.iterdir() if f.name.endswith(".toml")):
        table = read_table(folder, file, shown=f"seeking/{file}")
        pages, families = _lists(table.table("pages")), _lists(table.table("families"))
        terms[file.removesuffix(".toml")] = Terms(table.texts("ignored"), table.texts("danger"), pages, families)
        table.close()
    return terms


def _lists(table: Table) -> dict[str, tuple[str, ...]]:
    return {name: table.texts(name) for name in table.names()}

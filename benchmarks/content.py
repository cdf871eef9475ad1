"""How much of what the helpline says exists in each language, and how hard it is to read: counted, not claimed."""

from benchmarks.figures import Figure, at_least, at_most
from bot.checks import language_rows
from bot.content.loader import load_content
from bot.content.reading import LEVELS
from bot.content.text_rules import MISSING_AT_MOST
from bot.wording.registry import load_registry

WHOLE = ("en", "ur")
"""Languages that are to be drafted to the last text."""


def measure(rounds: int) -> list[Figure]:
    del rounds  # counting once is enough
    content, offered = load_content(), load_registry().offered
    figures = [
        Figure("content: pages", len(content.pages), ""),
        Figure("content: stories", len(content.stories), ""),
        Figure("content: tools and lessons", len(content.tools), ""),
        Figure("content: help numbers and services", len(content.helplines), ""),
    ]
    for row in language_rows(content):
        tag, total = str(row["language"]), int(row["total"] or 0)
        nearly = 100 * (1 - MISSING_AT_MOST)
        target = at_least(100) if tag in WHOLE else at_least(nearly) if tag in offered else None
        figures.append(Figure(f"texts drafted, {tag}", 100 * int(row["drafted"] or 0) / total, "%", target))
        figures.append(Figure(f"texts reviewed by a person, {tag}", 100 * int(row["reviewed"] or 0) / total, "%"))
        for audience, level in LEVELS.items():
            words = row[audience]
            if words is not None:
                bound = at_most(level.mean) if tag == "en" else None
                figures.append(Figure(f"words in a sentence for {audience}, {tag}", float(words), "", bound))
    return figures

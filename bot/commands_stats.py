"""What `hamrah stats …` prints: counts by month, for people and for machines; small ones are not told."""

import json
from collections.abc import Sequence
from dataclasses import asdict

import click

from bot.core.counting import CALL, START
from bot.services.figures import FEEDBACK_KINDS, Figures, Line
from bot.settings import load_settings
from storage import open_database, tallies


async def feedback(as_json: bool, since: int) -> None:
    """Print what is said of pages, stories, tools and answers, and how many proposals are marked for the sheet."""
    lines, marked = await _found(FEEDBACK_KINDS, since)
    if as_json:
        click.echo(json.dumps({"counts": [asdict(line) for line in lines], "proposals": marked}))
        return
    _table(lines, "nothing was said of this service yet")
    click.echo(f"proposals for the yearly sheet: {marked['for']}; not for it: {marked['not']}")


async def calls(as_json: bool, since: int) -> None:
    """Print how calls to entries of the help directory went."""
    lines, _ = await _found((CALL,), since)
    if as_json:
        click.echo(json.dumps([asdict(line) for line in lines]))
        return
    _table(lines, "nobody has told yet how a call went")


async def campaigns(as_json: bool) -> None:
    """Print how many talks each campaign opened, by month and language."""
    lines, _ = await _found((START,), 0)
    rows = [
        {"month": one.month, "campaign": one.item, "language": one.language, "audience": one.audience,
         "talks": one.count}
        for one in lines
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        click.echo(f"{row['month']}  {row['campaign']:<24} {row['language']:<8} {row['audience']:<8} {row['talks']:>7}")
    if not rows:
        click.echo("no talk was opened through a campaign yet")


async def _found(kinds: Sequence[str], since: int) -> tuple[list[Line], dict[str, int | str]]:
    database = await open_database(load_settings().database)
    try:
        figures = Figures(database, tallies=tallies)
        return await figures.lines(*kinds, since=since), dict(await figures.proposals(since))
    finally:
        await database.close()


def _table(lines: Sequence[Line], nothing: str) -> None:
    for one in lines:
        what = f"{one.kind:<9} {one.item:<32} {one.answer:<9}"
        click.echo(f"{one.month}  {what} {one.language:<8} {one.audience:<8} {one.count:>7}")
    if not lines:
        click.echo(nothing)

"""Translations to files and back, against the database of the service; the desk does the same in the browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import click

from bot import clock
from bot.console.texts import SOURCES
from bot.content.living import Set, build
from bot.content.loader import load_content
from bot.core.errors import ContentError
from bot.office import open_wording_desk
from bot.services.content_desk import calls_of, shown_of
from bot.services.wording_desk import WordingDesk
from bot.settings import load_settings
from bot.wording import exchange
from bot.wording.exchange import FORMATS
from bot.wording.live import load_live
from bot.wording.retag import with_tags
from bot.wording.voices import SUFFIX, WORDS_TAG, audio_of, mark_of
from storage import entries as edits
from storage import open_database, recordings, wordings

__all__ = ["FORMATS", "bring", "export", "recorded"]

AUTHOR = "command"
"""Whose drafts these are in the history: anybody but the command may approve them."""


async def export(lang: str, kind: str, out: Path | None) -> None:
    """Write `lang` as a file.  Raises `ContentError` for a language that is not known."""
    async with _desk(lang) as desk:
        text = exchange.write(kind, lang, await desk.entries(lang))
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_bytes(text.encode())


async def recorded(folder: Path) -> None:
    """Write every recording that was published at the desk where the repository has it, marked with the words it says."""
    database = await open_database(load_settings().database)
    try:
        rows = [row for row in await database.read(recordings.counting) if row.sound]
        for row in rows:
            digest = row.sound
            sound = await database.read(lambda conn, digest=digest: recordings.sound(conn, digest))  # type: ignore[misc]
            if sound is None:
                raise ContentError(f"{row.lang}/{row.text}: its sound is not in the database; restore a backup")
            file = audio_of(folder, row.lang) / (row.text + SUFFIX)
            file.parent.mkdir(parents=True, exist_ok=True)
            tags = {WORDS_TAG: mark_of(row.words), "TITLE": row.text, "LANGUAGE": row.lang}
            file.write_bytes(with_tags(sound, tags))
    finally:
        await database.close()
    click.echo(f"{len(rows)} recordings in {folder}")


async def bring(file: Path, lang: str, kind: str, dry: bool) -> bool:
    """Take a file over and say what it changes; true when nothing of it is refused."""
    if file.stat().st_size > exchange.LARGEST:
        raise ContentError(f"{file.name}: at most {exchange.LARGEST} bytes are read")
    entries = exchange.read(kind, lang, file.read_bytes())
    async with _desk(lang) as desk:
        plan = await desk.bring(AUTHOR, None, lang, entries, now=clock.now(), dry=dry)
    for id, why in plan.refused:
        click.echo(f"refused: {id}: {why}", err=True)
    for line, _ in plan.changes:
        click.echo(f"{'would change' if dry or plan.refused else 'draft'}: {line.id}")
    click.echo(f"{len(plan.changes)} texts, {len(plan.refused)} refused", err=bool(plan.refused))
    return not plan.refused


@asynccontextmanager
async def _desk(lang: str) -> AsyncIterator[WordingDesk]:
    content = load_content()
    live = load_live({**content.texts, **SOURCES}, content.place_names)
    if lang not in live.base:
        raise ContentError(f"{lang} is not known; there are {', '.join(sorted(live.base))}")
    database = await open_database(load_settings().database)
    try:
        rows = await database.read(edits.counting)
        made, _ = build(shown_of(rows), calls_of(rows), Set(content))
        live.follow({**made.content.texts, **SOURCES}, made.content.place_names)
        live.take(await database.read(wordings.counting))
        yield open_wording_desk(database, live, lambda: made.content)
    finally:
        await database.close()

"""What the commands about texts, translations and recordings do; none of them parses arguments."""

import json
from pathlib import Path

import click

from bot.checks import language_rows, translations
from bot.console.texts import SOURCES
from bot.content.inspector import inspect
from bot.content.loader import load_content
from bot.content.model import CHAT
from bot.content.reading import LEVELS
from bot.core.errors import ContentError
from bot.wording.catalog import read_catalog
from bot.wording.desk import SOURCE_LANGUAGE, bring_into_step
from bot.wording.load import load_wording
from bot.wording.registry import load_registry, locales_folder
from bot.wording.robot import make_trials, voice_of
from bot.wording.voices import clip_faults, unknown_clips


def stats(as_json: bool) -> None:
    rows = language_rows(load_content())
    if as_json:
        click.echo(json.dumps(rows))
        return
    names = list(rows[0])
    click.echo("  ".join(f"{name:>10}" for name in names))
    for row in rows:
        click.echo("  ".join(f"{'-' if row[name] is None else row[name]!s:>10}" for name in names))
    click.echo(f"{', '.join(LEVELS)}: words in a sentence of a page, on average")
    for language in load_registry().languages.values():
        if language.why:
            click.echo(f"{language.tag}: {language.why}")


def check() -> bool:
    findings = inspect(load_content(), *translations())
    for finding in findings:
        click.echo(str(finding), err=True)
    if not findings:
        click.echo("content and catalogs hold")
    return not findings


def extract() -> None:
    folder = locales_folder()
    for path in bring_into_step({**load_content().texts, **SOURCES}, load_registry(), folder):
        click.echo(str(path.relative_to(folder)))


def voice(lang: str, only: tuple[str, ...], folder: Path | None) -> None:
    """Make trial recordings of a language's own texts; what it borrows from another language stays silent."""
    content, home = load_content(), folder or locales_folder()
    language = voice_of(load_registry(), lang)
    own = {id: source.en for id, source in content.texts.items()}
    if lang != SOURCE_LANGUAGE:
        own = dict(read_catalog(locales_folder(), lang, content.texts).texts)
    wanted = {id: own[id] for id, source in content.texts.items() if id in own and source.domain == CHAT}
    if only:
        missing = [id for id in only if id not in wanted]
        if missing:
            raise ContentError(
                f"{missing[0]}: {lang} has no text of this name; `hamrah wording stats` counts what there is"
            )
        wanted = {id: wanted[id] for id in only}
    done = make_trials(language, wanted, home, click.echo)
    click.echo(
        f"{lang}: {len(done.made)} trial recordings made, {len(done.kept)} kept, "
        f"{len(done.silent)} texts left silent (they hold a value)"
    )
    if lang == "fa-AF":
        click.echo("fa-AF: espeak-ng speaks with an Iranian accent")


def check_clips() -> bool:
    """Say what is wrong with the recordings; true when none has to be refused."""
    content, folder = load_content(), locales_folder()
    refused = clip_faults(folder, tuple(load_registry().languages))
    for line in refused:
        click.echo(line, err=True)
    if not refused:
        for line in unknown_clips(folder, load_wording(content.texts, content.place_names).texts):
            click.echo(f"warning: {line}", err=True)
    return not refused

"""What the commands do that bring people to the chat: profile, posters; none of them parses arguments."""

from collections.abc import Sequence
from pathlib import Path

import click

from bot.channels.telegram.api import Api
from bot.channels.telegram.profile import sync
from bot.content.loader import load_content
from bot.content.model import Content
from bot.invitation import POSTER, bot_request, drawn
from bot.settings import Settings, load_settings
from bot.wording.catalog import read_catalog
from bot.wording.desk import SOURCE_LANGUAGE
from bot.wording.load import load_wording
from bot.wording.registry import load_registry, locales_folder


async def sync_profile() -> bool:
    """Bring the bot's profile into step; true when nothing failed."""
    settings = load_settings()
    content = load_content()
    wording = load_wording(content.texts, content.place_names)
    own_name = "" if settings.name == Settings.model_fields["name"].default else settings.name
    async with Api(bot_request(settings)) as api:
        outcome = await sync(api, wording, settings.offered_languages or load_registry().offered, own_name)
    for line in outcome.changed:
        click.echo(f"set: {line}")
    for line in outcome.failed:
        click.echo(line, err=True)
    if not outcome.changed and not outcome.failed:
        click.echo("the profile is in step; nothing was changed")
    return not outcome.failed


async def poster(campaign: str, lang: str, bot: str, out: Path | None) -> None:
    """Draw a poster whose links name the campaign."""
    content = load_content()
    made = await drawn(load_settings(), campaign, lang, bot)
    for id in _borrowed(content, lang):
        click.echo(f"warning: {lang} has no words of its own for {id} yet; another language stands there", err=True)
    if out is None:
        click.echo(made, nl=False)
    else:
        out.write_text(made, encoding="utf-8")


def _borrowed(content: Content, lang: str) -> Sequence[str]:
    """Texts of the poster that this language takes from another."""
    if lang == SOURCE_LANGUAGE:
        return ()
    own = read_catalog(locales_folder(), lang, content.texts).texts
    return [id for id in POSTER if id not in own]

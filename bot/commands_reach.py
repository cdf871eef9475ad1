"""What the commands do that bring people to the chat: profile, posters; none of them parses arguments."""

import re
from collections.abc import Sequence
from pathlib import Path

import click

from bot.channels.telegram.api import Api
from bot.channels.telegram.profile import sync
from bot.channels.telegram.request import PooledRequest
from bot.content.loader import load_content
from bot.content.model import Content
from bot.core.effects import Text
from bot.core.errors import ChannelError, ConfigError
from bot.poster import Way, Words, draw
from bot.settings import Settings, load_settings
from bot.wording.catalog import read_catalog
from bot.wording.desk import SOURCE_LANGUAGE
from bot.wording.load import load_wording
from bot.wording.registry import load_registry, locales_folder

_BOT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_POSTER = ("poster.title", "poster.about", "poster.scan", "poster.telegram", "poster.browser")


async def sync_profile() -> bool:
    """Bring the bot's profile into step; true when nothing failed."""
    settings = load_settings()
    content = load_content()
    wording = load_wording(content.texts, content.place_names)
    own_name = "" if settings.name == Settings.model_fields["name"].default else settings.name
    async with Api(_request(settings)) as api:
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
    settings, content, registry = load_settings(), load_content(), load_registry()
    if campaign not in settings.known_campaigns:
        raise ConfigError(
            f"HAMRAH_CAMPAIGNS: {campaign!r} is not among them; add it, or its talks would not be counted"
        )
    if lang not in registry.languages:
        raise ConfigError(f"{lang}: no such language; there are {', '.join(registry.languages)}")
    ways = await _ways(settings, campaign, bot, lang, content)
    wording, language = load_wording(content.texts, content.place_names), registry.languages[lang]
    title, about, scan, *_ = [wording.say(lang, Text(id)) for id in _POSTER]
    drawn = draw(Words(lang, language.direction, language.font, title, (about,), scan), ways)
    for id in _borrowed(content, lang):
        click.echo(f"warning: {lang} has no words of its own for {id} yet; another language stands there", err=True)
    if out is None:
        click.echo(drawn, nl=False)
    else:
        out.write_text(drawn, encoding="utf-8")


async def _ways(settings: Settings, campaign: str, bot: str, lang: str, content: Content) -> Sequence[Way]:
    wording = load_wording(content.texts, content.place_names)
    ways = []
    if bot or settings.telegram_token.get_secret_value():
        name = bot.removeprefix("@") or await _bot_name(settings)
        if not _BOT_NAME.fullmatch(name):
            raise ConfigError(
                f"--bot: {name!r} is not the name of a bot (letters, digits and _, as in its t.me address)"
            )
        ways.append(Way(wording.say(lang, Text("poster.telegram")), f"https://t.me/{name}?start={campaign}"))
    if settings.public_url:
        ways.append(Way(wording.say(lang, Text("poster.browser")), f"{settings.public_url}/#{campaign}"))
    if not ways:
        raise ConfigError("nowhere to lead to: set HAMRAH_PUBLIC_URL or HAMRAH_TELEGRAM_TOKEN, or give --bot NAME")
    return ways


async def _bot_name(settings: Settings) -> str:
    try:
        async with Api(_request(settings)) as api:
            return (await api.get_me()).username
    except ChannelError as fault:
        raise ConfigError(f"Telegram did not tell the bot's name ({fault}); give it with --bot NAME") from fault


def _request(settings: Settings) -> PooledRequest:
    token = settings.telegram_token.get_secret_value()
    if not token:
        raise ConfigError("HAMRAH_TELEGRAM_TOKEN is not set: there is no bot")
    return PooledRequest(token, api_url=settings.telegram_api_url)


def _borrowed(content: Content, lang: str) -> Sequence[str]:
    """Texts of the poster that this language takes from another."""
    if lang == SOURCE_LANGUAGE:
        return ()
    own = read_catalog(locales_folder(), lang, content.texts).texts
    return [id for id in _POSTER if id not in own]

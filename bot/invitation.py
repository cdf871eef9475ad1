"""Posters and links that lead into the chat: where they lead, and what stands on them."""

import re
from collections.abc import Sequence

from bot.channels.telegram.api import Api
from bot.channels.telegram.request import PooledRequest
from bot.content.loader import load_content
from bot.content.model import Content
from bot.core.effects import Text
from bot.core.errors import ChannelError, ConfigError
from bot.poster import Way, Words, draw
from bot.settings import Settings
from bot.wording.load import load_wording
from bot.wording.registry import load_registry

_BOT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
POSTER = ("poster.title", "poster.about", "poster.scan", "poster.telegram", "poster.browser")


async def drawn(settings: Settings, campaign: str, lang: str, bot: str = "") -> str:
    """The poster as SVG.  Raises `ConfigError` where there is nothing to lead to, or no such campaign or language."""
    content, registry = load_content(), load_registry()
    if campaign not in settings.known_campaigns:
        raise ConfigError(
            f"HAMRAH_CAMPAIGNS: {campaign!r} is not among them; add it, or its talks would not be counted"
        )
    if lang not in registry.languages:
        raise ConfigError(f"{lang}: no such language; there are {', '.join(registry.languages)}")
    ways = await _ways(settings, campaign, bot, lang, content)
    wording, language = load_wording(content.texts, content.place_names), registry.languages[lang]
    title, about, scan, *_ = [wording.say(lang, Text(id)) for id in POSTER]
    return draw(Words(lang, language.direction, language.font, title, (about,), scan), ways)


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
        async with Api(bot_request(settings)) as api:
            return (await api.get_me()).username
    except ChannelError as fault:
        raise ConfigError(f"Telegram did not tell the bot's name ({fault}); give it with --bot NAME") from fault


def bot_request(settings: Settings) -> PooledRequest:
    token = settings.telegram_token.get_secret_value()
    if not token:
        raise ConfigError("HAMRAH_TELEGRAM_TOKEN is not set: there is no bot")
    return PooledRequest(token, api_url=settings.telegram_api_url)

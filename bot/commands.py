"""What the commands do; none of them parses arguments."""

import logging
import os
from pathlib import Path

import aiohttp
import click

from bot import logs
from bot.channels.terminal import Line, Terminal
from bot.channels.web.chat import Chat
from bot.clock import now
from bot.core.errors import ConfigError
from bot.house import House
from bot.lines import HouseLine, ServerLine, serves
from bot.main import open_house, open_trial
from bot.services.trial import SEATS
from bot.serving import serve_house
from bot.settings import PREFIX, Settings, file_in_use, load_settings, trial_settings
from bot.starting import TRIAL_MARK
from storage import open_database
from storage.purge import trust_clock


async def trial(data_dir: Path, listen: str) -> None:
    """Refuses anything that would make a trial look like a service (DESIGN §4.15)."""
    for name in ("TELEGRAM_TOKEN", "PUBLIC_URL"):
        if os.environ.get(PREFIX + name):
            raise ConfigError(
                f"{PREFIX}{name} is set: a trial serves this machine only; unset it, or use `hamrah serve`"
            )
    if (named := file_in_use()) is not None:
        raise ConfigError(f"{named} holds the settings of a service, and a trial has none; use `hamrah serve`")
    settings = trial_settings(data_dir, listen)
    if not settings.on_loopback():
        raise ConfigError(f"{listen}: a trial listens on this machine only, for example 127.0.0.1:8080")
    mark = data_dir / TRIAL_MARK
    if data_dir.exists() and any(data_dir.iterdir()) and not mark.exists():
        raise ConfigError(f"{data_dir} holds something that is no trial; choose another folder with --data-dir")
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark.touch()
    logs.set_up(settings.log_level)
    house, phrase = await open_trial(settings)
    click.echo(_welcome(settings, phrase))
    await serve_house(house)


async def serve() -> None:
    settings = load_settings()
    logs.set_up(settings.log_level)
    house = await open_house(settings)
    logging.getLogger().addHandler(logs.Counting(house.metrics.count_event))
    await serve_house(house)


async def chat(lang: str, script: Path | None, server: str) -> None:
    """Through the server that holds the database where one runs, else with the house opened here."""
    lines = script.read_text("utf-8").splitlines() if script else None
    settings = load_settings()
    address = server.rstrip("/") or f"http://{settings.listen}"
    async with aiohttp.ClientSession() as http:
        if await serves(http, address):
            await _talk(ServerLine(http, address), lang, lines)
            return
    if server or not settings.root_fingerprint:
        raise ConfigError(f"no helpline answers at {address}: start one with `hamrah trial`, or name it with --server")
    house = await open_house(settings)
    try:
        await _talk(HouseLine(_chat_of(house)), lang, lines)
    finally:
        await house.close()


def _chat_of(house: House) -> Chat:
    return Chat(house.talk, lambda: house.wording, lambda: house.flow, now, house.voices)


async def _talk(line: Line, lang: str, lines: list[str] | None) -> None:
    terminal = Terminal(line, click.echo)
    await terminal.open(lang)
    if lines is not None:
        async for typed in terminal.play(lines):
            click.echo(f"> {typed}")
        return
    while True:
        try:
            typed = click.prompt(">", prompt_suffix=" ", default="", show_default=False)
        except click.Abort:
            return
        if not await terminal.type(typed):
            return


async def migrate() -> None:
    settings = load_settings()
    database = await open_database(settings.database, migrate=True)
    await database.close()
    click.echo("the tables are those of this release")


async def confirm_clock() -> None:
    settings = load_settings()
    database = await open_database(settings.database)
    try:
        await database.write(lambda c: trust_clock(c, now()))
    finally:
        await database.close()
    click.echo("the clock is taken for right: what has lapsed goes with the next purge")


def _welcome(settings: Settings, phrase: str) -> str:
    """What the terminal shows when a trial starts: addresses, its made-up seats, and the pass phrase of them all."""
    here = f"http://{settings.listen}"
    width = max(len(seat.login) for seat in SEATS)
    seats = "\n".join(f"  {seat.login:<{width}}  {seat.name}" for seat in SEATS)
    return (
        f"\nHamrah, a trial on this machine only. Nobody reads what is written here.\n\n"
        f"  chat     {here}/\n  console  {here}/console\n  terminal hamrah chat --lang ur\n\n"
        f"Pass phrase of every seat:\n\n  {phrase}\n\nNames to sign in with:\n\n{seats}\n"
    )

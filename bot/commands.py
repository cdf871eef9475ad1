"""What the commands do; none of them parses arguments."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import aiohttp
import click

from bot import logs
from bot.channels.terminal import Line, Terminal
from bot.channels.web.chat import Chat
from bot.clock import now
from bot.content.inspector import inspect
from bot.content.loader import load_content
from bot.content.model import CHAT, Content
from bot.content.reading import LEVELS, words_a_sentence
from bot.core.errors import ConfigError, HelplineError
from bot.lines import HouseLine, ServerLine, serves
from bot.main import House, open_house, open_trial
from bot.serving import serve_house
from bot.settings import PREFIX, Settings, load_settings, trial_settings
from bot.starting import TRIAL_MARK
from bot.wording.catalog import read_catalog
from bot.wording.desk import SOURCE_LANGUAGE, offered_texts, standings
from bot.wording.extract import write_catalog, write_templates
from bot.wording.registry import load_registry, locales_folder
from storage import open_database

_COUNTED = ("total", "drafted", "reviewed", "stale", "missing", "recorded", "trial")


async def trial(data_dir: Path, listen: str) -> None:
    """Refuses anything that would make a trial look like a service (DESIGN §4.15)."""
    for name in ("TELEGRAM_TOKEN", "PUBLIC_URL"):
        if os.environ.get(PREFIX + name):
            raise ConfigError(
                f"{PREFIX}{name} is set: a trial serves this machine only; unset it, or use `hamrah serve`"
            )
    settings = trial_settings(data_dir, listen)
    if not settings.on_loopback():
        raise ConfigError(f"{listen}: a trial listens on this machine only, for example 127.0.0.1:8080")
    mark = data_dir / TRIAL_MARK
    if data_dir.exists() and any(data_dir.iterdir()) and not mark.exists():
        raise ConfigError(f"{data_dir} holds something that is no trial; choose another folder with --data-dir")
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark.touch()
    logs.set_up(settings.log_level)
    house, people = await open_trial(settings)
    click.echo(_welcome(settings, people))
    await serve_house(house)


async def serve() -> None:
    settings = load_settings()
    logs.set_up(settings.log_level)
    await serve_house(await open_house(settings))


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


async def doctor(as_json: bool) -> bool:
    """Every check with its remedy; true when none is red."""
    checks = [*_content_checks(), *await _service_checks()]
    if as_json:
        click.echo(json.dumps([{"check": c, "ok": ok, "told": told} for c, ok, told in checks], ensure_ascii=False))
    else:
        for check, ok, told in checks:
            click.echo(f"{'ok ' if ok else 'RED'}  {check}: {told}")
    return all(ok for _, ok, _ in checks)


def _content_checks() -> list[tuple[str, bool, str]]:
    content = load_content()
    findings = inspect(content, *_translations())
    checks = [("content", not findings, f"{len(content.texts)} texts, {len(findings)} faults")]
    checks += [("content", False, str(finding)) for finding in findings]
    hidden = [h.line.id for h in content.helplines if h.line.confidence == "low"]
    undialled = [h.line.id for h in content.helplines if h.line.confidence != "low"]
    told = f"{len(undialled)} shown and not yet dialled by this service, {len(hidden)} hidden (low confidence)"
    return [*checks, ("help numbers", True, told)]


async def _service_checks() -> list[tuple[str, bool, str]]:
    try:
        settings = load_settings()
    except ConfigError as error:
        return [("settings", False, line) for line in str(error).splitlines()]
    checks = [("settings", True, "readable")]
    try:
        house = await open_house(settings)
    except HelplineError as error:
        return [*checks, ("service", False, str(error))]
    roster = house.roster.current(now=now())
    days = (roster.expires - now()) // 86_400
    checks.append(("roster", days >= 7, f"version {roster.version}, expires in {days} days"))
    for team in roster.teams:
        officers = [roster.officer(id) for id in team.officers]
        living = sum(1 for officer in officers if officer and officer.living_key(now()))
        checks.append(("team " + team.id, living >= 2, f"{living} living keys"))
    await house.close()
    return checks


def wording_stats(as_json: bool) -> None:
    content, registry, folder = load_content(), load_registry(), locales_folder()
    rows = []
    for standing in standings(content.texts, registry, folder):
        if standing.domain != CHAT:
            continue
        source = standing.lang == SOURCE_LANGUAGE
        texts = {id: t.en for id, t in content.texts.items()} if source else _texts(folder, standing.lang, content)
        row = {"language": standing.lang} | {name: getattr(standing, name) for name in _COUNTED}
        rows.append(row | words_a_sentence(content, texts, standing.lang))
    if as_json:
        click.echo(json.dumps(rows))
        return
    names = list(rows[0])
    click.echo("  ".join(f"{name:>10}" for name in names))
    for row in rows:
        click.echo("  ".join(f"{'-' if row[name] is None else row[name]!s:>10}" for name in names))
    click.echo(f"{', '.join(LEVELS)}: words in a sentence of a page, on average")


def _texts(folder: Path, tag: str, content: Content) -> Mapping[str, str]:
    return read_catalog(folder, tag, content.texts).texts


def wording_check() -> bool:
    findings = inspect(load_content(), *_translations())
    for finding in findings:
        click.echo(str(finding), err=True)
    if not findings:
        click.echo("content and catalogs hold")
    return not findings


def wording_extract() -> None:
    content, registry, folder = load_content(), load_registry(), locales_folder()
    for path in write_templates(content.texts, folder):
        click.echo(path.name)
    for tag, language in registry.languages.items():
        if (folder / tag / "LC_MESSAGES" / "chat.po").exists():
            click.echo(str(write_catalog(content.texts, folder, language, "chat").relative_to(folder)))


def _translations() -> tuple[dict[str, Mapping[str, str]], dict[str, Mapping[str, str]]]:
    """The languages offered, which must be complete, and the others as far as they are."""
    content, registry, folder = load_content(), load_registry(), locales_folder()
    others = tuple(tag for tag in registry.languages if tag not in registry.offered)
    return offered_texts(content.texts, registry, folder), offered_texts(content.texts, registry, folder, others)


def _welcome(settings: Settings, people: Sequence[tuple[str, str, str]]) -> str:
    """What the terminal shows when a trial starts: addresses, and the pass phrases of its made-up seats."""
    here = f"http://{settings.listen}"
    width = max(len(login) for login, _, _ in people)
    seats = "\n".join(f"  {login:<{width}}  {phrase}   {name}" for login, name, phrase in people)
    return (
        f"\nHamrah, a trial on this machine only. Nobody reads what is written here.\n\n"
        f"  chat     {here}/\n  console  {here}/console\n  terminal hamrah chat --lang ur\n\n"
        f"Pass phrases of the trial (name to sign in with, six words, what the seat is for):\n{seats}\n"
    )

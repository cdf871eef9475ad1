"""What `doctor` looks at: content, languages, help numbers, settings, roster, keys."""

import json

import click

from bot.clock import now
from bot.commands_wording import COUNTED, language_rows, translations
from bot.content.inspector import inspect
from bot.content.loader import load_content
from bot.content.model import Content
from bot.content.reading import LEVELS
from bot.content.text_rules import MISSING_AT_MOST
from bot.core.errors import ConfigError, HelplineError
from bot.duty_file import load_duty
from bot.main import open_house
from bot.settings import Settings, load_settings
from bot.wording.registry import load_registry


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
    findings = inspect(content, *translations())
    checks = [("content", not findings, f"{len(content.texts)} texts, {len(findings)} faults")]
    checks += [("content", False, str(finding)) for finding in findings]
    return [*checks, *_language_checks(content), *_helpline_checks(content)]


def _language_checks(content: Content) -> list[tuple[str, bool, str]]:
    """One line for each language; red when one is offered and too much of it is missing."""
    registry, checks = load_registry(), []
    for row in language_rows(content):
        tag = str(row["language"])
        said = ", ".join(f"{row[name]} {name}" for name in COUNTED)
        level = ", ".join(f"{audience} {row[audience]}" for audience in LEVELS if row[audience] is not None)
        why = registry.languages[tag].why
        told = f"{said}; words in a sentence: {level or 'nothing to measure'}" + (f"; {why}" if why else "")
        lacking = tag in registry.offered and int(row["missing"] or 0) > int(row["total"] or 0) * MISSING_AT_MOST
        checks.append((f"language {tag}", not lacking, told))
    return checks


def _helpline_checks(content: Content) -> list[tuple[str, bool, str]]:
    """Every number that nobody of this service has called yet, and every one that is hidden."""
    hidden = [h.line.id for h in content.helplines if h.line.confidence == "low"]
    undialled = [h.line.id for h in content.helplines if h.line.confidence != "low" and not h.dialled_on]
    return [
        ("help numbers not yet dialled", True, f"{len(undialled)}: {', '.join(undialled)}"),
        ("help numbers hidden", True, f"{len(hidden)} of low confidence: {', '.join(hidden)}"),
    ]


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
    checks.append(_duty_check(settings))
    await house.close()
    return checks


def _duty_check(settings: Settings) -> tuple[str, bool, str]:
    if settings.duty_file is None:
        return ("duty roster", False, "HAMRAH_DUTY_FILE is missing: nobody is told of unopened urgent reports")
    try:
        duty = load_duty(settings.duty_file, settings.timezone)
    except ConfigError as error:
        return ("duty roster", False, str(error))
    awake = sum(person.on_duty(now(), duty.clock) for person in duty.people)
    return ("duty roster", bool(duty.people), f"{len(duty.people)} people, {awake} on duty now")

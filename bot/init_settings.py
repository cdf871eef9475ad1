"""The settings part of `hamrah init`: asks what the file does not say yet, and writes each answer down at once."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from bot import settings_file
from bot.asking import Asker
from bot.core.errors import ConfigError
from bot.init_questions import QUESTIONS, Question
from bot.settings import PREFIX, fault_of
from bot.starting import TRIAL_MARK

HEAD = """# Settings of one deployment, written by `hamrah init`.  Keep this file out of backups: it may hold the bot's token.
# docs/hosting.md explains every line; `hamrah doctor` says what is missing."""
NOTHING = "-"
"""Typed to take a default away."""


def ask_settings(asker: Asker, file: Path, *, anew: bool) -> None:
    """Ask what is open; `anew`: everything once more.  What the environment sets goes before the file, and is not asked."""
    fixed, given = _fixed(), _written(file)
    asked = [question for question in QUESTIONS if question.setting not in fixed]
    for name in fixed:
        asker.say(
            f"{PREFIX}{name.upper()} is set by the environment, which goes before the file: it is not asked here."
        )
    if (Path(fixed.get("data_dir", "")) / TRIAL_MARK).exists():
        raise ConfigError("HAMRAH_DATA_DIR belongs to a trial, which never becomes a service; choose another folder")
    _show(asker, file, asked, given)
    for question in asked:
        answers = {**given, **fixed}
        if question.when(answers) and (anew or _is_open(asker, file, question, given)):
            given[question.setting] = _answer(asker, question, answers)
            _keep(file, question.setting, given[question.setting])
    if given.get("telegram_mode") == "webhook" and not given.get("webhook_secret"):
        _keep(file, "webhook_secret", secrets.token_urlsafe(48))


def _show(asker: Asker, file: Path, asked: list[Question], given: Mapping[str, str]) -> None:
    there = [question for question in asked if question.setting in given]
    if there:
        asker.say(f"\n{file} says already (`hamrah init --change` goes through it again):\n")
    for question in there:
        value = given[question.setting]
        told = "(kept, not shown)" if question.hidden and value else value or "(nothing)"
        asker.say(f"  {question.setting:<18}{told}")


def _is_open(asker: Asker, file: Path, question: Question, given: Mapping[str, str]) -> bool:
    """Whether this is still to be asked.  Answers prepared beforehand never replace silently what was answered before."""
    name = question.setting
    if name not in given:
        return True
    if fault := _fault(name, given[name]):
        asker.say(f"{file}: {PREFIX}{name.upper()}: {fault}")
        return True
    prepared = asker.prepared(name)
    if prepared is not None and prepared != given[name]:
        raise ConfigError(
            f"{name}: {file} says something else already, and nothing is overwritten; change it in one of the two"
        )
    return False


def _answer(asker: Asker, question: Question, given: Mapping[str, str]) -> str:
    name, before = question.setting, given.get(question.setting)

    def check(answer: str) -> str:
        if answer == before and not _fault(name, answer):
            return answer
        answer = "" if answer == NOTHING else answer
        if fault := _fault(name, answer):
            raise ConfigError(fault)
        return question.tried(answer, given, asker)

    asker.say(f"\n{question.why}")
    default = question.usual(given) if before is None else before
    return asker.ask(name, question.prompt, default=default, check=check, hidden=question.hidden)


def _fault(name: str, value: str) -> str:
    return (fault_of(name, value) if value else "") or settings_file.fault_of(value)


def _keep(file: Path, name: str, value: str) -> None:
    settings_file.store(file, {PREFIX + name.upper(): value}, head=HEAD)


def _written(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    return {name.removeprefix(PREFIX).lower(): value for name, value in settings_file.read(file).items()}


def _fixed() -> dict[str, str]:
    names = [question.setting for question in QUESTIONS]
    return {name: value for name in names if (value := os.environ.get(PREFIX + name.upper(), ""))}

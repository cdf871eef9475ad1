"""What stands around the chat in Telegram: name, descriptions, commands and the menu button, in each language.

Everything is read first and only what differs is set: changing a name is allowed a few times a day.
https://core.telegram.org/bots/api#setmyname and the methods after it
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.speech import Wording
from bot.channels.telegram.answers import TokenRejected
from bot.channels.telegram.api import Api
from bot.channels.telegram.conversation import COMMANDS
from bot.core.effects import Text
from bot.core.errors import ChannelError, RetryAfter

EVERYBODY = ""
"""Language code of what people see whose language has nothing of its own."""

_TEXTS = (
    ("Name", "name", "profile.name"),
    ("Description", "description", "profile.about"),
    ("ShortDescription", "short_description", "profile.short"),
)
"""End of the method's name, its parameter, our text."""

_MENU = {"type": "commands"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """`changed`, `failed`: what was set, and what could not be with the reason; one line each."""

    changed: tuple[str, ...]
    failed: tuple[str, ...]


def codes(languages: Sequence[str]) -> dict[str, str]:
    """Telegram's language code → our language.  Only two letters are possible there; the others see what everybody sees.

    They get their commands in the chat itself, once they have chosen (`conversation`).
    """
    return {EVERYBODY: "", **{tag: tag for tag in languages if len(tag) == 2}}


async def sync(api: Api, wording: Wording, languages: Sequence[str], name: str) -> Outcome:
    """Bring the profile into step.  `name`: the operator's own, the same in every language, or "" for ours.

    Goes on after a refusal, so that one flood limit does not hold up the rest.  Raises `TokenRejected`.
    """
    changed: list[str] = []
    failed: list[str] = []
    for code, lang in codes(languages).items():
        for end, field, id in _TEXTS:
            wanted = name if end == "Name" and name else _said(wording, lang, id)
            step = _Step(f"My{end}", {"language_code": code}, field, wanted)
            await _take(api, step, f"{field} {code}".strip(), changed, failed)
        listed = [{"command": one, "description": wording.label(lang, Text(f"command.{one}"))} for one in COMMANDS]
        commands = _Step("MyCommands", {"language_code": code}, "commands", listed)
        await _take(api, commands, f"commands {code}".strip(), changed, failed)
    await _take(api, _Step("ChatMenuButton", {}, "menu_button", _MENU), "menu button", changed, failed)
    return Outcome(tuple(changed), tuple(failed))


@dataclass(frozen=True, slots=True)
class _Step:
    """`method` without its get or set; `field`: what it takes, and where it says what there is."""

    method: str
    where: Mapping[str, str]
    field: str
    wanted: Any

    def found(self, answer: Any) -> Any:
        if isinstance(answer, dict) and self.field in answer:
            return answer[self.field]
        return answer


async def _take(api: Api, step: _Step, what: str, changed: list[str], failed: list[str]) -> None:
    try:
        there = step.found(await api.call(f"get{step.method}", step.where))
        if there == step.wanted:
            return
        await api.call(f"set{step.method}", {**step.where, step.field: step.wanted})
    except TokenRejected:
        raise
    except RetryAfter as asked:
        failed.append(f"{what}: Telegram asks to wait {asked.seconds:.0f} s; run it again then")
    except ChannelError as fault:
        failed.append(f"{what}: {str(fault) or type(fault).__name__}")
    else:
        changed.append(what)


def _said(wording: Wording, lang: str, id: str) -> str:
    """For everybody in the opening languages, one below the other; a name on one line."""
    return wording.label(lang, Text(id)) if id == "profile.name" else wording.say(lang, Text(id))

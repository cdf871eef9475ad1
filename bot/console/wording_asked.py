"""Where somebody is at the translators' desk, and who may be there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from bot.services.officers.account import Role
from bot.services.voice_desk import VoiceDesk
from bot.wording.voices import Clip

TRANSLATORS: Final = frozenset({Role.TRANSLATOR, Role.REVIEWER, Role.ADMINISTRATOR})
EVERY_LANGUAGE: Final = frozenset({Role.REVIEWER, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Voicing:
    """`ids`: language → texts that can be heard; `heard`: language and text id → what children hear now."""

    desk: VoiceDesk
    ids: Callable[[str], frozenset[str]]
    heard: Callable[[str, str], Clip | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """Where somebody is at the desk.  `lang`: of the page; `of`: of the words; `start`: how far down the list.

    `open`: the languages somebody works on.  `only`: ids, or beginnings of ids that end in a dot, where a filter asks for
    these alone.
    """

    lang: str
    of: str
    show: str
    find: str
    start: int
    text: str
    open: tuple[str, ...] = ()
    only: frozenset[str] | None = None

    def wants(self, id: str) -> bool:
        """Whether a filter that asks for some texts alone asks for this one."""
        only = self.only or frozenset()
        return id in only or id.startswith(tuple(one for one in only if one.endswith(".")))

    def query(self, **more: object) -> str:
        now = {"lang": self.lang, "of": self.of, "show": self.show, "q": self.find, "from": self.start}
        now |= {"text": self.text} | more
        return "?" + urlencode({name: value for name, value in now.items() if value not in ("", 0)})


def whole(value: object) -> int:
    """A number as a form sends it; 0 for anything else."""
    text = str(value or "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0

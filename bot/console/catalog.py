"""The console's words by language, from the one wording of the service; English where a translation is missing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from bot.console.texts import PREFIX, TEXTS

_LABELS = ("ask.", "reason.", "coding.")
"""Texts of the content that officers read: questions, answers, reasons, codes."""

_RATED = ("page", "story", "tool", "laws")
"""What readers say something of has its title under such a name."""

_SOURCE = "en"
_BEGINNING = PREFIX + "begin."
"""Prepared answers: the content holds them, officers say them."""


class Language(Protocol):
    @property
    def own(self) -> str: ...
    @property
    def direction(self) -> str: ...


class Languages(Protocol):
    """Every language there is, by tag, and those offered to readers."""

    @property
    def languages(self) -> Mapping[str, Language]: ...


class Wording(Protocol):
    """`texts`: language → id → text; `places`: language → code → name."""

    @property
    def registry(self) -> Languages: ...
    @property
    def texts(self) -> Mapping[str, Mapping[str, str]]: ...
    @property
    def places(self) -> Mapping[str, Mapping[str, str]]: ...


class Catalog:
    """`now`: the wording of now.  `interface`: tags of the languages the console itself can be used in, the default first.

    `answers`: ids of the prepared answers officers are offered, in order; where nobody says, all there are.
    """

    def __init__(
        self,
        now: Callable[[], Wording],
        interface: tuple[str, ...] = ("en", "ur"),
        answers: Callable[[], Sequence[str]] | None = None,
    ) -> None:
        self._now = now
        self._interface = interface
        self._answers = answers

    @property
    def _wording(self) -> Wording:
        return self._now()

    def language(self, wanted: str | None) -> str:
        """The language asked for, or the first one offered."""
        return wanted if wanted in self._interface else self._interface[0]

    def direction(self, tag: str) -> str:
        return self._wording.registry.languages[tag].direction

    def offered(self) -> list[tuple[str, str]]:
        """(tag, own name) of each interface language."""
        return [(tag, self._wording.registry.languages[tag].own) for tag in self._interface]

    def tags(self) -> tuple[str, ...]:
        """Every language there is."""
        return tuple(self._wording.registry.languages)

    def named(self) -> list[tuple[str, str]]:
        """(tag, own name) of every language there is."""
        return [(tag, one.own) for tag, one in self._wording.registry.languages.items()]

    def everything(self, tag: str) -> dict[str, str]:
        """The console's own texts and what codes are called: all that the page works with."""
        words = {id: text for id, text in self._wording.texts[tag].items() if id.startswith(_LABELS)}
        words |= {f"ask.about.{item}": self.say(tag, title, item) for item, title in self._titles().items()}
        words |= {f"place.{code}": name for code, name in self._wording.places[tag].items()}
        words |= {f"language.{one}": known.own for one, known in self._wording.registry.languages.items()}
        return words | self.texts(tag)

    def say(self, tag: str, id: str, other: str) -> str:
        """A text of the helpline, as a reporter reads it; `other` where there is none."""
        return self._wording.texts[tag].get(id, other)

    def _titles(self) -> dict[str, str]:
        """What can be said something of → the id of its title: "page:my-rights" → "page.my-rights.title"."""
        found = (id.split(".") for id in self._wording.texts[_SOURCE] if id.endswith(".title"))
        return {f"{parts[0]}:{parts[1]}": ".".join(parts) for parts in found if parts[0] in _RATED and len(parts) == 3}

    def beginnings(self) -> dict[str, dict[str, str]]:
        """Prepared answers in every language that has them: a child is answered in its own."""
        texts = self._wording.texts
        wanted = (
            [id for id in texts[_SOURCE] if id.startswith(_BEGINNING)] if self._answers is None else self._answers()
        )
        offered = [id for id in wanted if id in texts[_SOURCE]]
        found = {}
        for tag, said in texts.items():
            lines = {id.removeprefix(PREFIX): said[id] for id in offered}
            if tag == _SOURCE or any(said[id] != texts[_SOURCE][id] for id in offered):
                found[tag] = lines
        return found

    def texts(self, tag: str) -> dict[str, str]:
        """The console's own texts, and the prepared answers, also those no longer offered: they may have been said."""
        known = self._wording.texts[tag]
        prepared = {id.removeprefix(PREFIX): text for id, text in known.items() if id.startswith(_BEGINNING)}
        return {id: known.get(PREFIX + id, english) for id, english in TEXTS.items()} | prepared

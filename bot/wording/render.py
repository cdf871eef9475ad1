"""From a text's id and parameters to what a person reads; immutable, so that a turn can pin it.

Values are filled in after translation and isolated, so that a number or a name never reverses a line (languages §2).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.effects import LocalTime, Number, Param, PlaceName, Text
from bot.core.private import Private
from bot.wording.registry import Registry

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9-]*)\}")
_CONTROLS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_LRI, _FSI, _PDI = "\u2066", "\u2068", "\u2069"

_TWO_LANGUAGES = "\n\n"
_TWO_LABELS = " · "
_NOWHERE: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Wording:
    """`texts`: language → id → text, every gap already filled from its fallbacks.  `places`: language → code → name."""

    registry: Registry
    texts: Mapping[str, Mapping[str, str]]
    places: Mapping[str, Mapping[str, str]]

    def say(self, lang: str, text: Text) -> str:
        """Return `text` in `lang`; before a language was chosen ("") in the opening languages, one below the other.

        So, too, in a language that a release took away while a message waited to be sent.
        """
        if not lang:
            return _TWO_LANGUAGES.join(self._in_opening(text))
        try:
            return self._filled(lang, text) if text.params else self.texts[lang][text.id]
        except KeyError:
            if lang in self.texts:
                raise
            return self.say("", text)

    def lines(self, lang: str, texts: tuple[Text, ...]) -> str:
        """Return a whole message: its lines joined by empty ones."""
        if not lang:
            return _TWO_LANGUAGES.join([self.lines(each, texts) for each in self.registry.opening])
        return "\n\n".join([self.say(lang, text) for text in texts])

    def label(self, lang: str, label: Text | PlaceName | str) -> str:
        """Return what stands on a button; a plain text (the name of an office) stays as it is."""
        if isinstance(label, str):
            return label
        if not lang:
            return _TWO_LABELS.join(self._in_opening(label))
        return self.say(lang, label) if isinstance(label, Text) else self.place_name(lang, label.code)

    def direction(self, lang: str) -> str:
        return self.registry.direction(lang)

    def place_name(self, lang: str, code: str) -> str:
        """Return what a place is called; its code where nobody gave it a name."""
        return self.places.get(lang, _NOWHERE).get(code, code)

    def _in_opening(self, label: Text | PlaceName) -> tuple[str, ...]:
        """Once in each opening language, and once only where they agree."""
        return tuple(dict.fromkeys(self.label(each, label) for each in self.registry.opening))

    def _filled(self, lang: str, text: Text) -> str:
        # A missing parameter leaves a gap rather than ending a child's talk; tests keep it from happening.
        return _PLACEHOLDER.sub(
            lambda match: self._value(lang, text.params[match[1]]) if match[1] in text.params else "",
            self.texts[lang][text.id],
        )

    def _value(self, lang: str, value: Param) -> str:
        match value:
            case Text():
                return self.say(lang, value)
            case PlaceName(code):
                return isolated(self.place_name(lang, code))
            case Number(number):
                return f"{_LRI}{number}{_PDI}"
            case LocalTime():
                return self.say(lang, _clock(value))
            case Private():
                return isolated(value.reveal())
            case int():
                return str(value)
            case str():
                return isolated(value)


def isolated(text: str) -> str:
    """Return `text` so that neither its direction nor direction marks inside it touch what stands around it.

    Line by line, because an isolate ends with its paragraph (UAX #9, X8).
    """
    lines = text.translate(_CONTROLS).split("\n")
    return "\n".join(f"{_LRI if line.isascii() else _FSI}{line}{_PDI}" for line in lines)


def _clock(when: LocalTime) -> Text:
    clock = Number(f"{when.hour}:{when.minute:02}")
    if when.weekday is None:
        return Text("time.today", {"clock": clock})
    return Text("time.on", {"day": Text(f"day.{when.weekday}"), "clock": clock})

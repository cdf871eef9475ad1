"""Hearing what stands on the screen: which of its texts have a recording, and the button that plays them.

On request only.  Nobody who can read needs it, and a phone that begins to speak can give a child away.
"""

from collections.abc import Iterable
from dataclasses import replace

from bot.core.effects import Say, Speak, Text
from bot.core.flow import Flow
from bot.core.rows import DOORS

LISTEN = "!listen"


def voices_of(flow: Flow, lang: str, say: Say) -> Speak | None:
    """Return what can be heard of a prompt, in reading order: its lines, then what its buttons say; none when no line can.

    A line that holds a value (a number, a place) is heard only if somebody recorded it as it is.
    """
    recorded = flow.voiced.get(lang, frozenset())
    lines = tuple(line.id for line in say.lines if line.id in recorded)
    if not lines:
        return None
    return Speak(lines, tuple(dict.fromkeys(id for id in _labels(say) if id in recorded)))


def can_be_heard(flow: Flow, lang: str, say: Say) -> Say:
    """The same prompt, with the button above its others where there is something to hear; a bare message gets none."""
    recorded = flow.voiced.get(lang)
    if not recorded or not say.rows or not any(line.id in recorded for line in say.lines):
        return say
    return replace(say, rows=((DOORS[LISTEN],), *say.rows))


def _labels(say: Say) -> Iterable[str]:
    """What is asked, not the doors that stand on every screen."""
    for button in (button for row in say.rows for button in row):
        if isinstance(button.label, Text) and button.key not in DOORS:
            yield button.label.id

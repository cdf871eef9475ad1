"""The order of the languages a newcomer sees: the client's hint goes first, and decides nothing."""

from dataclasses import replace

from bot.core.effects import Button, Say
from bot.core.rows import stacked

PICK = "lang:"

_SAME = {
    "prs": "fa-AF",
    "pnb": "pa-Arab",
    "bcc": "bal",
    "bgn": "bal",
    "bgp": "bal",
    "pbt": "ps",
    "pbu": "ps",
    "pst": "ps",
}
"""What some phones call a language of ours (ISO 639-3)."""


def hinted(say: Say, hint: str) -> Say:
    """The same picker with the languages nearest to `hint` first; what stands below them stays below.

    `hint`: a language tag as phones give it (`ur`, `ur-PK`, `pa_Arab`), or anything at all.
    """
    if not hint:
        return say
    langs = [b for row in say.rows for b in row if b.key.startswith(PICK)]
    others = tuple(row for row in say.rows if not any(b.key.startswith(PICK) for b in row))
    per_row = max((len(row) for row in say.rows if row and row[0].key.startswith(PICK)), default=1)
    langs.sort(key=lambda button: -_nearness(button, hint))
    return replace(say, rows=(*stacked(langs, per_row), *others))


def _nearness(button: Button, hint: str) -> int:
    """How much of our tag the hint says: all of it counts by its length, the language alone one, another language nought."""
    tag = button.key.removeprefix(PICK).lower().split("-")
    asked = hint.replace("_", "-").lower().split("-")
    asked = [*_SAME[asked[0]].lower().split("-"), *asked[1:]] if asked[0] in _SAME else asked
    if tag[0] != asked[0]:
        return 0
    return 1 + len(tag) if set(tag) <= set(asked) else 1

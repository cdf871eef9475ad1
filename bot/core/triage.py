"""How fast: by buttons the reporter pressed and published rules, explained in reasons (DESIGN §4.6, D18)."""

from collections.abc import Sequence

from bot.core.choices import Answers, holds
from bot.core.flow import UrgencyRule

URGENCIES = ("U0", "U1", "U2", "U3", "U4")
"""Most urgent first: now, today, soon, normal, information only (taxonomy §6)."""

DEFAULT = "U3"
CLIMBING = URGENCIES[:2]
"""These climb until somebody has opened them; only they carry a minute-exact time in clear (D11)."""


def triage(rules: Sequence[UrgencyRule], answers: Answers) -> tuple[str, tuple[str, ...]]:
    """Return the most urgent level any rule gives, and the reasons for that level or above, most urgent first."""
    fired = sorted((r for r in rules if holds(r.when, answers)), key=lambda r: URGENCIES.index(r.urgency))
    if not fired:
        return DEFAULT, ()
    return fired[0].urgency, tuple(dict.fromkeys(r.reason for r in fired))

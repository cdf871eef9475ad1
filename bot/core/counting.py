"""What may be counted: how often, by month, never by whom.

Only ids that the deployment knows are counted, so nobody can write words of their own into a table in clear.
"""

import re

from bot.core.effects import Count, Effect
from bot.core.flow import Flow

START = "start"
"""A talk opened through the link of a campaign, counted once its language is known."""

CALL = "call"
"""How a call to an entry of the help directory went, as its caller pressed."""

OUTCOMES = ("worked", "no-answer", "wrong", "not-kind")
"""What can be said of a call, in the order of the buttons."""

_CAMPAIGN = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What a deep link can carry (https://core.telegram.org/bots/features#deep-linking)."""


def count(flow: Flow, kind: str, item: str) -> tuple[Effect, ...]:
    """The effect that counts `item`, or nothing when the deployment does not know it."""
    return (Count(kind, item),) if item in flow.countable.get(kind, frozenset()) else ()


def outcome_key(entry: str, outcome: str) -> str:
    """What is counted of a call: the entry and how it went."""
    return f"{entry}:{outcome}"


def campaign_of(text: str) -> str:
    """`text` if it can name a campaign, else nothing."""
    return text if _CAMPAIGN.fullmatch(text) else ""

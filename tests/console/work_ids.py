"""Ids of texts of the open case that a page puts together from a code and a prefix; the list of the codes is the page's own."""

from bot.core.referral import Consent, Progress, Step, Way

BUILT_WORK = (
    "alarm.note",
    "alarm.kept-away",
    *(f"warn.{kind}" for kind in ("phone", "link", "time", "place", "name")),
    *(f"pass.{what}.{way.value}" for way in Way for what in ("way", "explain")),
    *(f"pass.consent.{consent.value}" for consent in Consent),
    *(f"pass.progress.{progress.value}" for progress in Progress),
    *(f"pass.step.{step.value}" for step in Step),
)

PREFIXES = ("note", "prepared", "warn", "pass", "story", "plan", "same", "export")

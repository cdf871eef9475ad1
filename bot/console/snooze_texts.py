"""Putting a case off to a day, in English; part of the console's texts."""

from collections.abc import Mapping
from typing import Final


def N_(text: str) -> str:  # noqa: N802 - the name extraction tools look for
    """Mark a text for translation; it is looked up by its id when it is shown."""
    return text


SNOOZE_TEXTS: Final[Mapping[str, str]] = {
    "queue.view.asleep": N_("Put off"),
    "queue.until": N_("put off until {day}"),
    "deed.snooze": N_("Put off"),
    "deed.wake": N_("Back to the list now"),
    "deed.done.snooze": N_("Put off. It comes back by itself, or when the reporter writes."),
    "deed.done.wake": N_("Back in its list."),
    "snooze.title": N_("Put off until when?"),
    "snooze.lead": N_("It leaves your lists until then. If the reporter writes, it comes back at once."),
    "snooze.tomorrow": N_("Tomorrow morning"),
    "snooze.days": N_("In three days"),
    "snooze.week": N_("In a week"),
    "snooze.fortnight": N_("In two weeks"),
    "audit.act.snooze": N_("put a case off"),
    "audit.act.wake": N_("took a case back that was put off"),
}

SNOOZE_NOTES: Final[Mapping[str, str]] = {
    "queue.view.asleep": "List of cases that were put off to a later day",
    "queue.until": "{day} is a day and hour",
    "deed.snooze": "Button: this case need not be looked at before some day; a dialog asks for the day",
}

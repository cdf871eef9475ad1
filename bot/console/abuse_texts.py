"""What officers do with floods, insults and pranks, in English; part of the console's texts."""

from collections.abc import Mapping
from typing import Final


def N_(text: str) -> str:  # noqa: N802 - the name extraction tools look for
    """Mark a text for translation; it is looked up by its id when it is shown."""
    return text


ABUSE_TEXTS: Final[Mapping[str, str]] = {
    "deed.no_report": N_("Not a report"),
    "deed.done.no_report": N_("Put aside: not a report. You can open it again."),
    "deed.quiet": N_("Quiet for some hours"),
    "deed.done.quiet": N_("Quiet. What more comes with this code is kept and waits in “Put off”."),
    "queue.quiet": N_("quiet until {day}"),
    "quiet.title": N_("Quiet for how long?"),
    "quiet.lead": N_(
        "For insults, pranks and floods only. What more is written with this code is still taken and kept; it waits in "
        "“Put off”, where you can read it, and comes back to its list by itself. Any colleague can bring it back before."
    ),
    "quiet.always": N_(
        "The writer is told nothing of it, always has the numbers, and can tell anew: a new report never waits. When in "
        "doubt, do not press it."
    ),
    "quiet.hour": N_("One hour"),
    "quiet.four": N_("Four hours"),
    "quiet.twelve": N_("Twelve hours"),
    "quiet.day": N_("A day"),
    "audit.act.quiet": N_("let a case be quiet for some hours"),
}

ABUSE_NOTES: Final[Mapping[str, str]] = {
    "deed.quiet": "Button: what more this writer sends in this case waits aside for some hours; nothing is refused",
    "queue.quiet": "{day} is a day and hour; what the writer sends in this case waits until then",
    "deed.no_report": "Button: an insult, a prank or a test; the case is closed at once and can be opened again",
}

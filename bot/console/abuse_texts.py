"""What officers do with floods, insults and pranks, in English; part of the console's texts."""

from collections.abc import Mapping
from typing import Final


def N_(text: str) -> str:  # noqa: N802 - the name extraction tools look for
    """Mark a text for translation; it is looked up by its id when it is shown."""
    return text


ABUSE_TEXTS: Final[Mapping[str, str]] = {
    "deed.no_report": N_("Not a report"),
    "deed.done.no_report": N_("Put aside: not a report. You can open it again."),
}

ABUSE_NOTES: Final[Mapping[str, str]] = {
    "deed.no_report": "Button: an insult, a prank or a test; the case is closed at once and can be opened again",
}

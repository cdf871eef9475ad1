"""Lists made narrower and kept under names of one's own, in English; part of the console's texts."""

from collections.abc import Mapping
from typing import Final


def N_(text: str) -> str:  # noqa: N802 - the name extraction tools look for
    """Mark a text for translation; it is looked up by its id when it is shown."""
    return text


NARROW_TEXTS: Final[Mapping[str, str]] = {
    "narrow.title": N_("Narrow this list"),
    "narrow.on": N_("(narrowed)"),
    "narrow.urgency": N_("How urgent"),
    "narrow.language": N_("Language"),
    "narrow.team": N_("Team"),
    "narrow.concern": N_("What it is about"),
    "narrow.who": N_("Who works on it"),
    "narrow.any": N_("Any"),
    "narrow.nobody": N_("Nobody yet"),
    "narrow.me": N_("I do"),
    "narrow.go": N_("Show these"),
    "narrow.clear": N_("Show all again"),
    "saved.title": N_("My own lists"),
    "saved.name": N_("Keep it under a name of your own"),
    "saved.hint": N_("The name is not sealed: no name of a child, no place, no number. Only you see it here."),
    "saved.keep": N_("Keep as a new list"),
    "saved.change": N_("Change this list"),
    "saved.drop": N_("Delete this list"),
    "saved.kept": N_("Kept."),
    "saved.dropped": N_("Deleted."),
    "refused.list_name": N_("A name has one line of at most 40 letters, and at most four digits."),
    "refused.list_full": N_("You have ten lists of your own. Delete or change one."),
    "refused.list_gone": N_("This list was deleted on another page. Keep it as a new one."),
}

NARROW_NOTES: Final[Mapping[str, str]] = {
    "narrow.title": "Opens a form that leaves out part of the list",
    "narrow.on": "Beside the title above, while part of the list is left out",
    "narrow.any": "First choice of each field: nothing is left out by it",
    "narrow.me": "Answer to: who works on it?",
    "saved.hint": "Under the field for the name. The name is stored in clear text, so nothing of a case may stand in it",
}

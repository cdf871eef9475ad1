"""What the page of an open case says, in English: notes, answers, passing on, story, plan; part of the console's texts."""

from collections.abc import Mapping
from typing import Final


def N_(text: str) -> str:  # noqa: N802 - the name extraction tools look for
    """Mark a text for translation; it is looked up by its id when it is shown."""
    return text


WORK_TEXTS: Final[Mapping[str, str]] = {
    "alarm.note": N_("A note in this case is not signed by an officer. It is not shown."),
    "keys.note": N_("Write an internal note"),
    "reply.to-child": N_("The child reads this"),
    "note.title": N_("Internal notes"),
    "note.only": N_("Officers only. The child never sees this."),
    "note.label": N_("New note"),
    "note.hint": N_("Sealed to the readers of this case. Notes cannot be changed or deleted."),
    "note.keep": N_("Seal the note"),
    "note.kept": N_("Note sealed. Only officers can read it."),
    "note.from-you": N_("Your note"),
    "note.long": N_("A note holds at most {count} letters. Please make it two."),
}

WORK_NOTES: Final[Mapping[str, str]] = {
    "reply.to-child": "Banner above the box for an answer, so that nobody takes it for the box for notes",
    "note.only": "Banner above the box for notes, so that nobody takes it for the box for answers",
    "note.long": "{count}: a number",
}

"""Texts about keys and people; part of the console's texts."""

from collections.abc import Mapping
from typing import Final


def N_(text: str) -> str:  # noqa: N802 - the name extraction tools look for
    """Mark a text for translation; it is looked up by its id when it is shown."""
    return text


PEOPLE_TEXTS: Final[Mapping[str, str]] = {
    "key.sealing": N_("Your key was renewed. {count} cases are being sealed to it. You can go on working."),
    "key.kept": N_("{count} cases could not be sealed to your new key. Tell your administrator; the old key stays."),
    "key.later": N_("Sealing cases to your new key was cut off. It goes on when you sign in again."),
    "key.not-renewed": N_(
        "Your key could not be renewed. It is tried again when you sign in. Tell your administrator."
    ),
}

PEOPLE_NOTES: Final[Mapping[str, str]] = {
    "key.sealing": "{count}: a number",
    "key.kept": "{count}: a number",
}

"""What officers read around a picture, in English; part of the console's texts."""

from collections.abc import Mapping
from typing import Final


def N_(text: str) -> str:  # noqa: N802 - the name extraction tools look for
    """Mark a text for translation; it is looked up by its id when it is shown."""
    return text


PICTURE_TEXTS: Final[Mapping[str, str]] = {
    "case.picture": N_("Picture"),
    "case.picture-warning": N_(
        "Look only if you need to, and alone. If it shows a child's body or abuse: hide it at once, do not copy, photograph,"
        " print or send it, and tell your supervisor, who acts by the written procedure. Looking is recorded."
    ),
    "case.picture-look": N_("🖼 Look at the picture, blurred"),
    "case.picture-clear": N_("Show it clearly"),
    "case.picture-blur": N_("Blur it again"),
    "case.picture-away": N_("Hide it"),
    "case.picture-broken": N_("This picture cannot be shown. It may be damaged."),
    "story.event.picture": N_("A picture"),
    "audit.act.picture": N_("looked at a picture"),
}

PICTURE_NOTES: Final[Mapping[str, str]] = {
    "case.picture-warning": "Beside each picture a child sent, before it is shown; calm and exact, the officer may be new",
    "case.picture-look": "Button: fetches the picture, which then shows only a few large spots of colour",
    "case.picture-away": "Button: the picture goes from the screen; it stays in the case",
}

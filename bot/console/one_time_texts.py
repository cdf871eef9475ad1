"""One-time codes to sign in with, in English; part of the console's texts."""

from collections.abc import Mapping
from typing import Final


def N_(text: str) -> str:  # noqa: N802 - the name extraction tools look for
    """Mark a text for translation; it is looked up by its id when it is shown."""
    return text


ONE_TIME_TEXTS: Final[Mapping[str, str]] = {
    "codes.without": N_("Sign in without a passkey"),
    "codes.without-hint": N_("Enter name and pass phrase above, then the six digits that your app shows now."),
    "codes.code": N_("One-time code"),
    "codes.go": N_("Sign in with the code"),
    "codes.first": N_("I have no codes yet"),
    "codes.title": N_("One-time codes"),
    "codes.lead": N_(
        "An app on your phone shows six digits that change every half minute. "
        "They let you in where your passkey is not at hand. The six words still unlock your key."
    ),
    "codes.none": N_("You have no one-time codes."),
    "codes.on": N_("One-time codes are on."),
    "codes.only": N_("They are your one way in beside the words, so they stay until you have a passkey."),
    "codes.make": N_("Set up one-time codes"),
    "codes.scan": N_(
        "Scan this with an app for one-time codes, or type the letters into it. "
        "It is shown only now: let nobody photograph it."
    ),
    "codes.picture": N_("QR code with the letters below"),
    "codes.confirm": N_("Now enter the six digits that the app shows"),
    "codes.keep": N_("Turn one-time codes on"),
    "codes.remove": N_("Remove one-time codes"),
    "codes.wrong": N_("Name, pass phrase or code is not right. A code counts once: wait for the next one."),
    "codes.not-taken": N_(
        "This code was not taken. Set the codes up again, and check that the phone's clock is right."
    ),
    "codes.removed": N_("One-time codes are removed."),
    "audit.act.codes_made": N_("set one-time codes up"),
    "audit.act.codes_removed": N_("removed the own one-time codes"),
    "audit.act.code_missed": N_("a right pass phrase came with a wrong one-time code"),
}

ONE_TIME_NOTES: Final[Mapping[str, str]] = {
    "codes.without": "Opens a part of the form for those who use an app with one-time codes (TOTP)",
    "codes.first": "Button: makes the secret for the app; for somebody who signs in for the first time",
    "codes.picture": "Read out for the picture",
}

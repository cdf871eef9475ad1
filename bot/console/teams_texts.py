"""What the form for teams says, in English; part of the console's texts."""

from collections.abc import Mapping
from typing import Final


def N_(text: str) -> str:  # noqa: N802 - the name extraction tools look for
    """Mark a text for translation; it is looked up by its id when it is shown."""
    return text


TEAMS_TEXTS: Final[Mapping[str, str]] = {
    "teams.open": N_("Prepare a new list in a form"),
    "teams.title": N_("Teams: a new list"),
    "teams.lead": N_(
        "Nothing here counts by itself. The result is a file; who reads changes when whoever holds the root key has signed it."
    ),
    "teams.new": N_("A new team"),
    "teams.id": N_("Short name, in small letters"),
    "teams.name": N_("Name, as children see it"),
    "teams.places": N_("Places it serves"),
    "teams.places-how": N_("Codes with spaces between; a country covers its provinces. Like:"),
    "teams.readers": N_("Who reads its reports"),
    "teams.concerns": N_("Only these kinds of concern; empty: every kind"),
    "teams.duty": N_("Duty team: it receives what no other team fits"),
    "teams.pair": N_("The two who alone read a report that names somebody to keep it from"),
    "teams.change": N_("Into the draft"),
    "teams.remove": N_("Leave this team out"),
    "teams.changes": N_("What the draft would change"),
    "teams.same": N_("Nothing yet: it is the list that is in force."),
    "teams.kind.reads": N_("Would read reports"),
    "teams.kind.reads-no-more": N_("Would no longer read new reports"),
    "teams.kind.team-new": N_("New team"),
    "teams.kind.team-gone": N_("Team left out"),
    "teams.kind.place": N_("Would serve"),
    "teams.kind.place-gone": N_("Would no longer serve"),
    "teams.kind.other": N_("Otherwise"),
    "teams.not-yet": N_("It cannot be signed yet:"),
    "teams.fault.duty": N_("Exactly one team is the duty team"),
    "teams.fault.id": N_("The short name is not unique, or holds other signs"),
    "teams.fault.empty": N_("A name or a reader is missing"),
    "teams.fault.place": N_("No such place"),
    "teams.fault.reader": N_("No such person, or no officer"),
    "teams.fault.concern": N_("No such kind of concern"),
    "teams.fault.pair": N_("The pair must be two readers of the duty team"),
    "teams.sign": N_("Have it signed"),
    "teams.sign-lead": N_(
        "Take the file and the officers’ cards to the machine that is never online. It shows again who will read."
    ),
    "teams.file": N_("Save teams.toml"),
}

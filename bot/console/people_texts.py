"""Texts about keys and people; part of the console's texts."""

from collections.abc import Mapping
from typing import Final


def N_(text: str) -> str:  # noqa: N802 - the name extraction tools look for
    """Mark a text for translation; it is looked up by its id when it is shown."""
    return text


PEOPLE_TEXTS: Final[Mapping[str, str]] = {
    "join.title": N_("Become an officer"),
    "join.void": N_("This invitation was used or is too old. Ask your administrator for a new one."),
    "join.for": N_("This invitation is for"),
    "join.lead": N_(
        "This browser now makes your key and six words that lock it. Nobody else will ever see the words. "
        "Be alone, on a device of your own, with paper and a pen."
    ),
    "join.begin": N_("Make my key"),
    "join.working": N_("Please wait. This takes a few seconds."),
    "join.words": N_("Your six words"),
    "join.words-lead": N_(
        "Write them on paper, and keep it where nobody else looks. They are shown only now. "
        "If you lose them, your key is lost, and nobody can bring it back."
    ),
    "join.again": N_("Type the six words from your paper"),
    "join.keep": N_("I have written them down"),
    "join.not-same": N_("These are not the words above. Please look again."),
    "join.failed": N_("This did not work. Open the invitation again; if it fails again, ask your administrator."),
    "join.done": N_("Your key is ready"),
    "join.compare": N_(
        "Read these signs to whoever signs the list of officers, in person or by voice. They must be the same there."
    ),
    "join.next": N_("You can sign in now. Cases come to you when the list of officers was signed."),
    "people.title": N_("People"),
    "people.lead": N_("Nobody becomes a reader here: that needs the signature of the root key."),
    "people.pending": N_("Waiting to be signed"),
    "people.pending-lead": N_(
        "Ask each of them, in person or by voice, for these signs. Only if they are the same, have the card signed."
    ),
    "people.nobody": N_("Nobody is waiting."),
    "people.signs": N_("Signs to compare"),
    "people.card": N_("Card"),
    "people.invite": N_("Invite somebody"),
    "people.name": N_("Name, as colleagues see it"),
    "people.role": N_("Role"),
    "people.role.officer": N_("officer"),
    "people.role.supervisor": N_("supervisor"),
    "people.role.analyst": N_("analyst: figures only"),
    "people.role.translator": N_("translator"),
    "people.role.reviewer": N_("reviewer of texts and content"),
    "people.role.administrator": N_("administrator: no cases"),
    "people.role.auditor": N_("auditor: who did what"),
    "people.link": N_("Invitation for {name}"),
    "people.link-lead": N_(
        "It is shown only now, works once, and lapses after {hours} hours. Give it to this person alone, on a safe way."
    ),
    "people.everybody": N_("Who may sign in"),
    "people.leave-lead": N_(
        "When somebody leaves, or lost their six words or their device: every access ends at once, and their keys are "
        "destroyed. This cannot be undone; they can be invited again."
    ),
    "people.change": N_("Lost device, or leaving"),
    "people.device-lead": N_(
        "Only the device is lost, the six words are not: their passkeys and sessions end. "
        "With the six words they make a new passkey at the next signing in."
    ),
    "people.lost": N_("End passkeys and sessions"),
    "people.device": N_("Done. The lost device signs in no more."),
    "people.leave": N_("End every access"),
    "people.sure": N_("Yes, destroy the keys of this person now"),
    "people.left": N_("Done. Every access has ended. Have the next list signed without this person."),
    "people.no.shape": N_("Please fill in every field: the sign-in name without spaces, in letters and digits."),
    "people.no.taken": N_("Somebody who can sign in has this name."),
    "people.no.self": N_("You cannot do this to yourself. Ask another administrator."),
    "people.no.sure": N_("Nothing was done. Tick the box first."),
    "people.no.lost": N_(
        "Nothing was done: {count} cases can be opened by this person alone. They must pass them on first."
    ),
    "admit.title": N_("Colleagues and older cases"),
    "admit.lead": N_(
        "Whoever joins reads new cases only. One of you asks that a colleague may read the older ones too; another one does it, "
        "after comparing the signs of the key."
    ),
    "admit.ask": N_("Ask for {name}, team {team}"),
    "admit.asked": N_("Asked. Another colleague of the team must do it."),
    "admit.row": N_("{name} shall read the older cases of {team}; {by} asks."),
    "admit.signs": N_("Signs of the key, to compare by voice:"),
    "admit.do": N_("Let {name} read them"),
    "admit.working": N_("Older cases are being sealed: {count} so far. Keep this page open."),
    "admit.done": N_(
        "Done: {count} cases. {left} were left out, because the reporter wanted it so or something did not fit."
    ),
    "admit.failed": N_("It was cut off. What was done stays; press again to go on."),
    "key.sealing": N_("Your key was renewed. {count} cases are being sealed to it. You can go on working."),
    "key.kept": N_("{count} cases could not be sealed to your new key. Tell your administrator; the old key stays."),
    "key.later": N_("Sealing cases to your new key was cut off. It goes on when you sign in again."),
    "key.not-renewed": N_(
        "Your key could not be renewed. It is tried again when you sign in. Tell your administrator."
    ),
}

PEOPLE_NOTES: Final[Mapping[str, str]] = {
    "join.for": "Followed by a name",
    "admit.ask": "Button; {name}: a colleague; {team}: an office",
    "admit.row": "{name}, {by}: colleagues; {team}: an office",
    "admit.do": "Button; {name}: a colleague",
    "admit.working": "{count}: a number",
    "admit.done": "{count}, {left}: numbers",
    "people.card": "A small file with an officer's public keys",
    "people.link": "{name}: a name to sign in with",
    "people.link-lead": "{hours}: a number",
    "people.no.lost": "{count}: a number",
    "key.sealing": "{count}: a number",
    "key.kept": "{count}: a number",
}

"""What alerts to staff say, in English; part of the console's texts.  Never a word of or about any report (D19)."""

from collections.abc import Mapping
from typing import Final


def N_(text: str) -> str:  # noqa: N802 - the name extraction tools look for
    """Mark a text for translation; it is looked up by its id when it is shown."""
    return text


ALERT_TEXTS: Final[Mapping[str, str]] = {
    "alert.title": N_("Reports are waiting"),
    "alert.queue": N_("Queue: {team}. Urgency: {urgency}. Not opened yet: {count}."),
    "alert.reason.new": N_("Why you: it just came in."),
    "alert.reason.unopened": N_("Why you: nobody has opened it in time."),
    "alert.reason.off-duty": N_("Why you: nobody else is on duty now."),
    "alert.reason.still": N_("Why you: everybody was told before, and still nobody has opened it."),
    "alert.do": N_("Please open the console now. If you cannot, call a colleague."),
    "alert.digest.title": N_("Today's count"),
    "alert.digest": N_("Not opened yet: {new}. In work: {work}. Waiting too long for an answer: {late}."),
    "alert.test.title": N_("A test"),
    "alert.test": N_("This is only a test. Alerts reach you here."),
}

ALERT_NOTES: Final[Mapping[str, str]] = {
    "alert.title": "Title of a message to an officer's phone; others may see the screen",
    "alert.queue": "{team}: the name of an office; {urgency}: one word, as in the queue; {count}: a number",
    "alert.digest": "A daily message to an officer; {new}, {work}, {late}: numbers",
}

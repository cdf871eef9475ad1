"""What children say of this service: which things can be rated, in which words of ours, and what of it is counted.

Faces and matters are pressed and counted; words of their own are sealed at once to the feedback readers.  Nothing here leads
to a chat or a case.
"""

from collections.abc import Iterable, Mapping

from bot.core.choices import Rows
from bot.core.effects import Button, Text
from bot.core.rows import door, stacked

HELPED = "helped"
"""Counted: whether a page, a story or a tool helped, as a face."""

SAID = "said"
"""Counted: what is the matter with it, and that somebody wrote words of their own about it."""

ANSWERED = "answered"
"""Counted: whether somebody who was answered felt heard.  Also what such words are about."""

SHEET = "sheet"
"""Counted: what a reader marked for the yearly sheet, or not for it."""

PROPOSAL = "proposal"
"""What words are about that say what grown-ups should change."""

FEEDBACK = "feedback"

CONCERNS = (FEEDBACK, PROPOSAL)
"""Kinds of concern of what is sealed here; no report has one of them."""

URGENCY = "U3"
"""Never climbs; who is in need is shown the numbers instead."""

FACES = ("yes", "some", "no")
MATTERS = ("hard", "wrong", "missing", "helped")
WORDS = "words"
FOR_SHEET, NOT_FOR_SHEET = "for", "not"

SAY = door("button.voice-say", "say")
OWN_WORDS = door("button.voice-words", "say")

FACE_ROW = tuple(door(f"button.face-{face}", f"f:{face}") for face in FACES)
PRESSES = frozenset({SAY.key, *(button.key for button in FACE_ROW)})
"""Keys that mean the same wherever something can be rated."""

MATTER_ROWS = stacked([Button(f"m:{matter}", Text(f"button.matter-{matter}")) for matter in MATTERS], 2)


def rated(item: str) -> Rows:
    """The rows below something that can be rated."""
    return (FACE_ROW, (SAY,)) if item else ()


def item_key(item: str, what: str) -> str:
    return f"{item}:{what}"


def concern_of(about: str) -> str:
    return PROPOSAL if about == PROPOSAL else FEEDBACK


def countable(items: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """All that may be counted of `items`: nobody can make a row of another name (S10)."""
    known = tuple(items)
    worded = (PROPOSAL, ANSWERED, *known)
    return {
        HELPED: frozenset(item_key(item, face) for item in known for face in FACES),
        SAID: frozenset(item_key(item, matter) for item in known for matter in MATTERS)
        | frozenset(item_key(item, WORDS) for item in worded),
        ANSWERED: frozenset(FACES),
    }

"""The life of a case: what an officer may do with it next, and what the child is told about it.

Pure and total: every status has an answer for every deed.  Who belongs to the team is decided before this.
"""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, assert_never

from bot.core.triage import CLIMBING


class Status(Enum):
    """Where a case stands; the values are stored."""

    NEW = "new"
    OPENED = "opened"
    IN_WORK = "in_work"
    PASSED_ON = "passed_on"
    ANSWERED = "answered"
    CLOSED = "closed"


class Deed(Enum):
    """What an officer does with a case; the values are stored in the audit log."""

    OPEN = "open"
    CLAIM = "claim"
    TAKE_OVER = "take_over"
    RELEASE = "release"
    REPLY = "reply"
    PASS_ON = "pass_on"  # noqa: S105 - a way to go, not a word to sign in with
    CLOSE = "close"
    NO_REPORT = "no_report"
    """An insult, a prank or a test: closed in one go.  It can be opened again, and is by whoever holds the code and writes."""
    REOPEN = "reopen"
    SHEET = "sheet"
    NO_SHEET = "no_sheet"
    GO_ON = "go_on"
    """The reporter took the report back, and the officer acts all the same: a life is in danger."""
    QUIET = "quiet"
    """Insults, pranks, a flood: what more comes with this code is kept and waits aside for some hours, at most a day.

    It is the case that is quiet, not a person, a device or a chat: a new report is a new case and never waits.
    """
    SNOOZE = "snooze"
    """Nothing can be done before some day: the case sleeps until then, or until the child writes."""
    WAKE = "wake"


PUT_OFF = (Deed.SNOOZE, Deed.QUIET)
"""Deeds that need a time at which the case stands in its lists again."""

MARKS = {Deed.SHEET: Status.PASSED_ON, Deed.NO_SHEET: Status.CLOSED}
"""What is done with words about this service, and nothing else is: they go to the yearly sheet, or they do not."""


class Wish(Enum):
    """What the reporter wants done with the report, as last told; the values are stored."""

    NONE = 0
    STOP = 1
    """Taken back: nobody acts any more, except where a life is in danger."""
    OVERRULED = 2
    """Taken back, and an officer goes on because a life is in danger.  The reporter is told so."""


class Refusal(Enum):
    """Why a deed cannot be done now; each has a text of its own in the console."""

    CHANGED = "changed"
    """Somebody else changed the case since it was read."""
    HELD = "held"
    """A colleague works on it: taking over is a deed of its own."""
    NOT_HELD = "not_held"
    """Only whoever works on it may do this: claim it first."""
    UNREAD = "unread"
    """It was never opened, so nobody can answer or close it."""
    CLOSED = "closed"
    ALREADY = "already"
    TAKEN_BACK = "taken_back"
    """The reporter took the report back: it is given to nobody else."""
    PREPARED_FIRST = "prepared_first"
    """The first answer is made of prepared sentences only (S53)."""
    NO_CONSENT = "no_consent"
    """Nothing is passed on before it was recorded that the child agrees, or that a life is in danger."""
    NOT_TWO = "not_two"
    """This needs two persons, and the other one has not agreed, or the request is too old."""
    NOT_READER = "not_reader"
    """Somebody on the list of new readers may not read this, or the list of officers has changed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`holder`: id of the officer who works on it, or nobody.  `version` rises by one with each deed.

    `asleep`: put off to a day by whoever works on it; every other deed wakes it.  `quiet`: the reporter's words do not.
    """

    status: Status
    holder: str | None
    version: int
    wish: Wish = Wish.NONE
    asleep: bool = False
    quiet: bool = False


def do(standing: Standing, deed: Deed, *, by: str, version: int) -> Standing | Refusal:
    """Return how the case stands after `deed` of officer `by`, who saw `version` of it; or why not.

    Opening changes nothing but the first time, so it is never refused and needs no version.
    """
    if deed is Deed.OPEN:
        return _moved(standing, Status.OPENED) if standing.status is Status.NEW else standing
    if version != standing.version:
        return Refusal.CHANGED
    if standing.status is Status.NEW:
        return Refusal.UNREAD
    if deed in MARKS:
        return _marked(standing, MARKS[deed])
    if (standing.status is Status.CLOSED) != (deed is Deed.REOPEN):
        return Refusal.CLOSED if standing.status is Status.CLOSED else Refusal.ALREADY
    return _with_holder(standing, deed, by)


def fits(deed: Deed, *, feedback: bool, urgency: str) -> bool:
    """Whether a deed is one for words about this service, or else for a report; where danger is now nothing is made quiet."""
    return deed is Deed.OPEN or ((deed in MARKS) == feedback and not (deed is Deed.QUIET and urgency in CLIMBING))


def may(standing: Standing, *, by: str, feedback: bool = False, urgency: str = "") -> tuple[Deed, ...]:
    """Every deed that `do` would not refuse now, for the buttons of a page."""
    fitting = (d for d in Deed if fits(d, feedback=feedback, urgency=urgency))
    return tuple(d for d in fitting if isinstance(do(standing, d, by=by, version=standing.version), Standing))


def seen_by_child(status: Status) -> str:
    """The honest state a reporter is shown (DESIGN §3): received, opened, passed_on, answered or closed."""
    return _SEEN[status]


_SEEN = {
    Status.NEW: "received",
    Status.OPENED: "opened",
    Status.IN_WORK: "opened",
    Status.PASSED_ON: "passed_on",
    Status.ANSWERED: "answered",
    Status.CLOSED: "closed",
}


def heard(status: Status) -> Status:
    """How a case stands once the child wrote again: whatever was done, there are words that somebody has to read.

    Whoever works on it still does; storage says so in one statement of its own, made from this.
    """
    return Status.OPENED if status in (Status.ANSWERED, Status.PASSED_ON, Status.CLOSED) else status


def _marked(standing: Standing, status: Status) -> Standing | Refusal:
    """A reader may think again; nobody need say first that they work on it."""
    if standing.status is status:
        return Refusal.ALREADY
    return _next(standing, status=status)


def _with_holder(standing: Standing, deed: Deed, by: str) -> Standing | Refusal:
    match deed:
        case Deed.CLAIM:
            if standing.holder is None:
                return _moved(standing, _worked_on(standing.status), by)
            return Refusal.ALREADY if standing.holder == by else Refusal.HELD
        case Deed.TAKE_OVER:
            if standing.holder in (None, by):
                return Refusal.ALREADY
            return _moved(standing, _worked_on(standing.status), by)
        case Deed.REOPEN:
            return _moved(standing, Status.IN_WORK, by)
        case Deed.NO_REPORT:
            if standing.holder not in (None, by):
                return Refusal.HELD
            return _next(standing, status=Status.CLOSED, holder=None)
        case Deed.QUIET:
            if standing.holder not in (None, by):
                return Refusal.HELD
            return Refusal.ALREADY if standing.quiet else _next(standing, asleep=True, quiet=True)
        case Deed.WAKE:
            return _next(standing) if standing.asleep else Refusal.ALREADY
        case _:
            if standing.holder != by:
                return Refusal.NOT_HELD if standing.holder is None else Refusal.HELD
            return _by_holder(standing, deed)


def _by_holder(standing: Standing, deed: Deed) -> Standing | Refusal:
    match deed:
        case Deed.RELEASE:
            status = Status.OPENED if standing.status is Status.IN_WORK else standing.status
            return _next(standing, status=status, holder=None)
        case Deed.REPLY:
            return _moved(standing, Status.ANSWERED)
        case Deed.PASS_ON:
            if standing.wish is Wish.STOP:
                return Refusal.TAKEN_BACK
            if standing.status is Status.PASSED_ON:
                return Refusal.ALREADY
            return _moved(standing, Status.PASSED_ON)
        case Deed.GO_ON:
            if standing.wish is not Wish.STOP:
                return Refusal.ALREADY
            return _next(standing, wish=Wish.OVERRULED)
        case Deed.SNOOZE:
            return _next(standing, asleep=True)
        case Deed.CLOSE:
            return _next(standing, status=Status.CLOSED, holder=None)
        case (
            Deed.OPEN
            | Deed.CLAIM
            | Deed.TAKE_OVER
            | Deed.NO_REPORT
            | Deed.QUIET
            | Deed.WAKE
            | Deed.REOPEN
            | Deed.SHEET
            | Deed.NO_SHEET
        ):
            raise AssertionError(deed)
        case _ as unreachable:
            assert_never(unreachable)


def _worked_on(status: Status) -> Status:
    """Being claimed tells the child nothing less: what was answered or passed on stays so."""
    return Status.IN_WORK if status is Status.OPENED else status


def _moved(standing: Standing, status: Status, holder: str | None = None) -> Standing:
    return _next(standing, status=status, holder=holder or standing.holder)


def _next(standing: Standing, *, asleep: bool = False, quiet: bool = False, **changed: Any) -> Standing:
    return replace(standing, version=standing.version + 1, asleep=asleep, quiet=quiet, **changed)

"""Passing a case to another team: what may be done with a referral next, and by whom (style §5).

Pure and total.  Whether somebody belongs to a team, and who reads, is decided before this.
"""

from dataclasses import replace
from enum import Enum

from bot.core.case import Refusal, Standing, Status, Wish


class Way(Enum):
    """What is passed; the values are stored."""

    REFERRAL = "referral"
    """Another team helps as well; the case stays here."""
    TRANSFER = "transfer"
    """The case goes to another team; it leaves here once they accept."""
    COMPLAINT = "complaint"
    """A complaint about this helpline or one of its officers; it goes to another desk, away from whoever is named."""


class Consent(Enum):
    """Why the other team may know; none is passed without one of these.  The values are stored."""

    GIVEN = "given"
    DANGER = "danger"
    """Without the child's word, because a life is in danger."""


class Progress(Enum):
    """Where a referral stands; the values are stored."""

    IN_PROGRESS = "in_progress"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DONE = "done"
    REVOKED = "revoked"


class Step(Enum):
    """What can be done with it."""

    ACCEPT = "accept"
    REJECT = "reject"
    DONE = "done"
    REVOKE = "revoke"


_BY_THEM = {
    (Progress.IN_PROGRESS, Step.ACCEPT): Progress.ACCEPTED,
    (Progress.IN_PROGRESS, Step.REJECT): Progress.REJECTED,
    (Progress.ACCEPTED, Step.DONE): Progress.DONE,
}
_BY_US = {
    (Progress.IN_PROGRESS, Step.REVOKE): Progress.REVOKED,
    (Progress.ACCEPTED, Step.REVOKE): Progress.REVOKED,
}
ENDS_ACCESS = frozenset({Progress.REJECTED, Progress.DONE, Progress.REVOKED})
"""After these the other team reads no more: what was passed for a purpose is not kept beyond it."""


def go(progress: Progress, step: Step, *, theirs: bool, ours: bool, way: Way = Way.REFERRAL) -> Progress | None:
    """How it stands after `step`, done by the team asked (`theirs`) or the one that asked (`ours`); none if it may not be.

    A transfer that was accepted is over: the case is theirs, and there is nothing left to finish or take back.
    """
    if way is not Way.REFERRAL and progress is Progress.ACCEPTED:
        return None
    if theirs and (after := _BY_THEM.get((progress, step))):
        return after
    return _BY_US.get((progress, step)) if ours else None


def pass_on(standing: Standing, *, by: str, version: int, consent: Consent | None) -> Standing | Refusal:
    """How the case stands once officer `by`, who saw `version`, passed it; or why not."""
    if version != standing.version:
        return Refusal.CHANGED
    if standing.status is Status.NEW:
        return Refusal.UNREAD
    if standing.status is Status.CLOSED:
        return Refusal.CLOSED
    if standing.holder != by:
        return Refusal.NOT_HELD if standing.holder is None else Refusal.HELD
    if standing.wish is Wish.STOP:
        return Refusal.TAKEN_BACK
    if consent is None:
        return Refusal.NO_CONSENT
    return replace(standing, status=Status.PASSED_ON, version=standing.version + 1)

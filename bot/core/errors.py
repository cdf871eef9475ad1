"""What can go wrong, sorted by who must act.  A reporter's surprise is not an error: it is an event.

Messages hold ids and sizes, never words of a reporter.
"""

from collections.abc import Sequence


class HelplineError(Exception):
    """Base of every error of ours."""


class ContentError(HelplineError):
    """What the helpline says is wrong: raised at start or in tests, never in a talk."""


class ConfigError(HelplineError):
    """A setting is missing or wrong; each line of the message names one and its remedy."""


class StorageError(HelplineError):
    """The database refused or did not answer."""


class Busy(StorageError):
    """The database is occupied; the sender should try again."""


class Conflict(StorageError):
    """Somebody else changed it first; both texts are kept and the newer one is shown."""


class CaseMoved(Conflict):
    """The case has grown since the page saw it: the page looks again and seals anew."""


class PartsMissing(Conflict):
    """Some parts of an upload are not here; `numbers` names them, and the page sends them again."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__(f"{len(numbers)} parts are missing")
        self.numbers = tuple(numbers)


class ChannelError(HelplineError):
    """A message could not be delivered."""


class RetryAfter(ChannelError):
    """The channel asks us to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait {seconds:g} s")
        self.seconds = seconds


class Gone(ChannelError):
    """The chat no longer exists or has blocked us: end cleanly (R8)."""


class Unclear(ChannelError):
    """No answer came: the message may or may not have arrived."""


class Refused(ChannelError):
    """The channel will never accept this message as it is."""


class TooLarge(ChannelError):
    """The channel's file is larger than we, or it, allow to fetch: it never can be."""


class SealingError(HelplineError):
    """Something could not be sealed or opened: then nothing is said to be received (S6)."""


class ReadersChanged(SealingError):
    """Sealed to other readers than the list of officers names now: the page looks again and seals anew."""


class PicturesOff(SealingError):
    """Pictures came after the operator stopped taking them: the page sends the report without them."""


class RosterRefused(SealingError):
    """The list of officers is unsigned, stale, expired or older than one already seen (S11)."""


class NoReaders(SealingError):
    """Fewer than two living keys remain, duty team included, and no recovery key exists (D6)."""


class NotMine(SealingError):
    """This key does not open this slot or record."""


class TooLong(SealingError):
    """The text does not fit the largest size; the channel asks for the rest as a second part (S9)."""


class NotText(SealingError):
    """The text holds half a character (a lone surrogate): what cannot be shown again is not sealed (S4)."""


class Unknown(SealingError):
    """The envelope names a version or an algorithm that we do not know or no longer accept (S5)."""


class Damaged(SealingError):
    """The envelope was changed, cut, or belongs to another place than it is shown in (S3)."""


class Lapsed(SealingError):
    """The daily key of this item has been destroyed, as promised (D8, D9)."""


class RosterForged(RosterRefused):
    """The list of officers lacks the signatures it needs, or names another root than ours."""


class RosterExpired(RosterRefused):
    """The list of officers has expired, or is dated in the future: a new one must be signed."""


class RosterSuperseded(RosterRefused):
    """A newer list of officers, or another one of the same version, has been seen already."""


class RosterMalformed(RosterRefused):
    """The list of officers is signed but not well-formed: a field is missing, or a team cannot be reached."""

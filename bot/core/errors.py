"""What can go wrong, sorted by who must act.  A reporter's surprise is not an error: it is an event.

Messages hold ids and sizes, never words of a reporter.
"""


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


class SealingError(HelplineError):
    """Something could not be sealed or opened: then nothing is said to be received (S6)."""


class RosterRefused(SealingError):
    """The list of officers is unsigned, stale, expired or older than one already seen (S11)."""


class NoReaders(SealingError):
    """Fewer than two living keys remain, duty team included, and no recovery key exists (D6)."""


class NotMine(SealingError):
    """This key does not open this slot or record."""

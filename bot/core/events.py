"""What a reporter did, free of any channel, and what the shell found out for the core.

Every event knows when it happened (`at`, epoch seconds UTC by the server's clock): the core is told the time.
"""

from dataclasses import dataclass, field

from bot.core.case import Wish
from bot.core.note import VoiceNote
from bot.core.private import Private


@dataclass(frozen=True, slots=True)
class Leads:
    """What words typed while looking around lead to, found by the shell for this one answer and kept nowhere (D18).

    `pages`: screens, best first.  `danger`: the words sound like danger; the numbers come first then.
    """

    pages: tuple[str, ...] = ()
    danger: bool = False


NO_LEADS = Leads()


@dataclass(frozen=True, slots=True)
class Started:
    """The talk was opened (`/start`, page loaded); `campaign` comes from a deep link and names no person."""

    at: int
    campaign: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Chose:
    """A button was pressed.  `turn`: the number its message carried; an old one is answered kindly.

    Untrusted: any string may arrive.
    """

    at: int
    key: str
    turn: int


@dataclass(frozen=True, slots=True)
class Wrote:
    """`leads` say something about the words, so they are not shown either."""

    at: int
    words: Private
    edited: bool = False
    leads: Leads = field(default=NO_LEADS, repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """Something that is not words: voice, picture, sticker, contact ...; nothing of it was fetched.

    `words`: what was written under it.  `voice`: where it is a voice note that could be fetched.
    """

    at: int
    what: str
    words: Private | None = None
    leads: Leads = field(default=NO_LEADS, repr=False)
    voice: VoiceNote | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """Show again where we are: an answer was lost on its way, or asked for twice.

    `words`: of the event it answered; they are kept already.
    """

    at: int
    words: Private | None = None
    leads: Leads = field(default=NO_LEADS, repr=False)


@dataclass(frozen=True, slots=True)
class AskedHelp:
    at: int


@dataclass(frozen=True, slots=True)
class Left:
    """Leave fast: works from everywhere."""

    at: int


@dataclass(frozen=True, slots=True)
class CodeMade:
    """The shell drew a case code and derived its mailbox; the code itself is only ever shown."""

    at: int
    code: Private


@dataclass(frozen=True, slots=True)
class MailboxOpened:
    """The code fits.  `status`: received, opened, passed_on, answered or closed; `replies`: verified answers, oldest first.

    `until`: epoch second at which a closed case, and the mailbox with it, is deleted; none while there is no such time.
    `emptied`: the reporter deleted earlier answers.  `notes`: how many voice notes the case holds.
    `noticed`: a chat is told when there is an answer.  `reachable`: so could this one be.
    """

    at: int
    status: str
    replies: tuple[Private, ...]
    until: int | None = None
    wish: Wish = Wish.NONE
    emptied: bool = False
    notes: int = 0
    noticed: bool = False
    reachable: bool = False


@dataclass(frozen=True, slots=True)
class MailboxMissing:
    """No such mailbox, a wrong secret, or a deleted one: indistinguishable (S19)."""

    at: int


@dataclass(frozen=True, slots=True)
class CodeMistyped:
    """A digit is wrong or missing: said at once, without a look into any mailbox."""

    at: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The shell could not do what the core asked (sealing, storage): say so honestly, lose nothing that is kept."""

    at: int


Event = (
    Started
    | Chose
    | Wrote
    | Sent
    | Looked
    | AskedHelp
    | Left
    | CodeMade
    | CodeMistyped
    | MailboxOpened
    | MailboxMissing
    | Failed
)

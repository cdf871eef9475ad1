"""What the shell must do after a turn, in order.  Texts travel as ids and parameters, never rendered (DESIGN §4.11)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from bot.core.note import VoiceNote
from bot.core.private import Private


@dataclass(frozen=True, slots=True)
class PlaceName:
    """Rendered as the place is called in the reporter's language."""

    code: str


@dataclass(frozen=True, slots=True)
class Number:
    """A phone number, code or web address: ASCII, isolated left to right, never localised."""

    text: str


@dataclass(frozen=True, slots=True)
class LocalTime:
    """Minutes-exact local time of an opening; `weekday` 0 = Monday, or none when it is today."""

    hour: int
    minute: int
    weekday: int | None


@dataclass(frozen=True, slots=True)
class Text:
    """A text's id and its named parameters; a parameter may be a text itself."""

    id: str
    params: Mapping[str, "Param"] = field(default_factory=dict)


Param = Text | PlaceName | Number | LocalTime | Private | str | int


@dataclass(frozen=True, slots=True)
class Button:
    """`label` is a text, or the name of a place, or a plain name from data (an office).

    `chosen`: already picked, in a question that takes several answers.
    """

    key: str
    label: Text | PlaceName | str
    danger: bool = False
    chosen: bool = False


class Class(Enum):
    """Outgoing message classes and their guarantees (reliability §5)."""

    URGENT = "urgent"
    PROMPT = "prompt"
    SAVED = "saved"
    CODE = "code"
    """Holds something private: shown on request only, never queued."""


@dataclass(frozen=True, slots=True)
class Say:
    """One message: `lines` are joined by an empty line; `rows` are rows of buttons.

    `stand_in`: what waits in the outbox in its place, where the message itself tells of somebody's words (D18).
    `picture`: id of a picture to show above the words, "" for none; it adds nothing to them, so a channel may leave it out.
    `private`: why a channel that can lead to the private page offers it here, as the id of a text; "" where it does not.
    `vanish`: the channel deletes it after so many seconds, 0: it stays.
    """

    lines: tuple[Text, ...]
    rows: tuple[tuple[Button, ...], ...] = ()
    kind: Class = Class.PROMPT
    turn: int = 0
    stand_in: "Say | None" = None
    picture: str = ""
    private: str = ""
    vanish: int = 0


@dataclass(frozen=True, slots=True)
class Seal:
    """Keep these words sealed in the draft; nothing is said to be kept before this is done (S6)."""

    ask: str
    words: Private
    edited: bool = False


@dataclass(frozen=True, slots=True)
class FetchVoice:
    """Fetch a voice note after the turn and seal it: to the draft under `ask`, or, with `back`, to the open case.

    `turn`: the talk's number when it came, so that nothing is said of it after leaving.
    """

    ask: str
    voice: VoiceNote
    turn: int
    back: bool = False


@dataclass(frozen=True, slots=True)
class Routing:
    """What choosing readers needs.  `avoid_offices`: team ids; `pair_only`: a person was named, so the duty pair alone reads.

    `team`: no report, so only this team reads; the duty team where the roster has no such team.
    """

    places: tuple[str, ...]
    concern: str
    avoid_offices: tuple[str, ...] = ()
    pair_only: bool = False
    team: str = ""


@dataclass(frozen=True, slots=True)
class FixReaders:
    """The readers are known now: seal the case key to them and forget it."""

    routing: Routing


@dataclass(frozen=True, slots=True)
class Cover:
    """The page a queue row shows, sealed.  `answers`: every pressed answer, by question."""

    age_band: str
    reasons: tuple[str, ...]
    concern: str
    answers: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Deliver:
    """The child said send: the draft becomes a case.  Only these fields are clear on the server (D11)."""

    cover: Cover
    language: str
    region: str
    concern: str
    urgency: str
    routing: Routing


@dataclass(frozen=True, slots=True)
class DropDraft:
    """The words kept so far are erased (the reporter asked, changed who may read, or a day has passed)."""


@dataclass(frozen=True, slots=True)
class MakeCode:
    """Draw a case code and derive its mailbox, outside the transaction; comes back as `CodeMade`."""


@dataclass(frozen=True, slots=True)
class FindMailbox:
    """Derive and look; comes back as `MailboxOpened` or `MailboxMissing`."""

    code: Private


@dataclass(frozen=True, slots=True)
class WriteBack:
    """Add these words to the case whose mailbox is open.  `ask`: what they answer, if anything."""

    words: Private
    ask: str = ""


@dataclass(frozen=True, slots=True)
class TellWish:
    """Tell the officers of the case whose mailbox is open to stop, or to go on after all."""

    stop: bool


@dataclass(frozen=True, slots=True)
class EmptyMailbox:
    """Delete the answers that were shown when the mailbox was opened; newer ones were not read yet, so they stay."""


@dataclass(frozen=True, slots=True)
class CloseMailbox:
    """Delete the open mailbox with all its answers; its code opens nothing any more, and the case stays."""


@dataclass(frozen=True, slots=True)
class AskNotice:
    """The reporter wants a neutral word in this chat when there is an answer in the open mailbox (D10)."""


@dataclass(frozen=True, slots=True)
class EndNotice:
    """No such word any more for the open mailbox, whichever chat it was asked from."""


@dataclass(frozen=True, slots=True)
class ForgetNotices:
    """Nothing is ever said in this chat by itself any more: it was left, or others read the phone."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """Delete what the channel still shows.  `all`: the talk is left; else it goes on with what is said next."""

    all: bool


@dataclass(frozen=True, slots=True)
class Fade:
    """Delete now what would vanish by itself: a case code that was kept, and on a shared phone what was told."""


@dataclass(frozen=True, slots=True)
class Speak:
    """Play the recordings of these texts, in order: lines of the prompt, then what its buttons say.

    On request only, so never queued; the prompt itself stays as it is.
    """

    lines: tuple[str, ...]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """One more of something, in the language of the talk and this month; `item` is an id that the deployment knows.

    `alone`: without language and audience.
    """

    kind: str
    item: str
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Feedback:
    """Words about this service, sealed to its feedback readers as a case of their own, without mailbox or place.

    `about`: the page, story or tool; `said`: what was pressed before.  Clear on the server: language, kind of concern, day.
    """

    about: str
    said: str
    words: Private
    concern: str
    language: str
    routing: Routing


Effect = (
    Say
    | Seal
    | FetchVoice
    | FixReaders
    | Deliver
    | DropDraft
    | MakeCode
    | FindMailbox
    | WriteBack
    | TellWish
    | EmptyMailbox
    | CloseMailbox
    | AskNotice
    | EndNotice
    | ForgetNotices
    | Sweep
    | Fade
    | Speak
    | Count
    | Feedback
)

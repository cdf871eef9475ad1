"""How the code screen and an open mailbox look, and what each button of a mailbox asks before it does anything."""

from dataclasses import dataclass
from datetime import timedelta

from bot.core.choices import Rows
from bot.core.effects import Number, Say, Text
from bot.core.hours import Hours
from bot.core.rows import DOORS, EXITS, door
from bot.core.state import Reading

QUESTION, ANSWER = PROOF = ("question", "answer")
"""Something only the reporter knows is being written (S54)."""
NOTICE, NO_NOTICE = "notice", "no-notice"
"""To be told that there is an answer, and no longer (D10)."""


@dataclass(frozen=True, slots=True)
class Step:
    """`asks`: what is said before it is done.  `wrote`: what words typed here answer, and what is then said.

    `confirms`: label of the button that does it; none where words are awaited.  `once`: not offered once the report was
    taken back.
    """

    asks: str
    confirms: str = ""
    wrote: tuple[str, str] = ("", "mail.written")
    once: bool = False
    from_button: bool = True

    def offered(self, stopped: bool) -> bool:
        return self.from_button and not (self.once and stopped)


STEPS = {
    "add": Step("mail.ask-add"),
    "empty": Step("mail.ask-empty", "button.yes-empty"),
    "close": Step("mail.ask-close", "button.yes-close"),
    "stop": Step("mail.ask-stop", "button.yes-stop", once=True),
    QUESTION: Step("check.ask-question", wrote=("check-question", "check.question-kept")),
    NOTICE: Step("notice.ask", "button.yes-notice"),
    ANSWER: Step("check.ask-answer", wrote=("check-answer", "check.kept"), from_button=False),
}
"""What can be done in an open mailbox, by the key of its button."""


def entering_picture() -> Say:
    lost, before = door("button.lost-code", "go:lost-code"), door("button.wrote-before", "go:wrote-before")
    return Say((Text("mail.ask"),), ((lost,), (before,), (DOORS["!home"],), EXITS))


def mailbox_picture(state: Reading) -> Say:
    step = STEPS.get(state.step)
    return Say((Text(step.asks if step else "mail.write"),), mailbox_rows(state))


def mailbox_rows(state: Reading) -> Rows:
    """What can be done; or, while one thing is being done, the way on and the way back."""
    step = STEPS.get(state.step)
    if step is None:
        wish = door("button.go-on", "go-on") if state.stopped else door("button.stop", "stop")
        return (
            (door("button.add", "add"),),
            (door("button.check", QUESTION),),
            *_notice_row(state),
            (door("button.empty", "empty"), door("button.close", "close")),
            (wish,),
            (DOORS["!home"],),
            EXITS,
        )
    back = (door("button.back", "!back"),)
    return ((door(step.confirms, "yes", danger=True),), back, EXITS) if step.confirms else (back, EXITS)


def _notice_row(state: Reading) -> Rows:
    """Offered where a word can reach this chat and nobody else reads it; ended from anywhere."""
    match state.notice:
        case "on":
            return ((door("button.no-notice", NO_NOTICE),),)
        case "off":
            return ((door("button.notice", NOTICE),),)
        case _:
            return ()


def date_of(hours: Hours, until: int) -> Number:
    """The last day on which everything can be read from morning to night, where the reporter is."""
    return Number((hours.local_day(until) - timedelta(days=1)).isoformat())

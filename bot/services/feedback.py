"""Words about this service become a case of their own: sealed at once to the feedback readers, without a mailbox.

It never touches the draft of a report, and nothing of the talk goes along but its language.
"""

from bot.core.effects import Cover, Deliver, Feedback, Seal
from bot.core.voice import URGENCY
from bot.core.writes import Write
from bot.services.report import Sealer

NOBODYS_AGE = "unknown"


def seal_feedback(sealer: Sealer, feedback: Feedback, channel: str, now: int) -> list[Write]:
    """Everything one turn has to keep.  Raises `SealingError`, then nothing is kept and nothing may be said to be (S6)."""
    draft, writes = sealer.begin(now)
    draft, words = sealer.seal_words(draft, Seal(feedback.concern, feedback.words), now)
    draft, slots = sealer.fix(draft, feedback.routing, now)
    told = {"about": (feedback.about,)} | ({"said": (feedback.said,)} if feedback.said else {})
    deliver = Deliver(
        cover=Cover(NOBODYS_AGE, (), feedback.concern, told),
        language=feedback.language,
        region="",
        concern=feedback.concern,
        urgency=URGENCY,
        routing=feedback.routing,
    )
    return [*writes, *words, *slots, *sealer.deliver(draft, None, deliver, channel, now)]

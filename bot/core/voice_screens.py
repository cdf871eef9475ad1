"""How the questions about this service look: they say who reads the answer, and help stands beside them."""

from bot.core.effects import Button, Say, Text
from bot.core.rows import DOORS, EXITS, door
from bot.core.state import Voicing
from bot.core.voice import ANSWERED, MATTER_ROWS, PROPOSAL

DID_IT_HELP = Text("voice.did-it-help")
WERE_YOU_HEARD = Text("voice.heard")


def voice_picture(state: Voicing) -> Say:
    """To tell somebody stands on each: whoever wants to report must not do it here by mistake."""
    ways = ((DOORS["!tell"], _back(state)), EXITS)
    if state.kept:
        return Say((Text("voice.kept"),), ways)
    if state.about == PROPOSAL:
        return Say((Text("voice.propose"), Text("voice.propose-sheet")), ways)
    if state.about == ANSWERED:
        return Say((Text("voice.words"),), ways)
    if state.said:
        return Say((Text("voice.counted"), Text("voice.words")), ways)
    return Say((Text("voice.matter"), Text("voice.words")), (*MATTER_ROWS, *ways))


def _back(state: Voicing) -> Button:
    if state.about in (PROPOSAL, ANSWERED):
        return DOORS["!home"]
    return door("button.back", "!back")

"""What a turn keeps for somebody who wants to be told that there is an answer: a chat that only the notifier can read (D10)."""

from collections.abc import Callable

from bot.core.errors import Lapsed
from bot.core.notices import LIVES_DAYS
from bot.core.writes import DropNotice, DropNoticesOf, KeepNotice, ReadNotice, Write
from bot.sealing.context import new_id
from bot.services.outgoing import Contact
from bot.services.session import OpenMailbox

SealChat = Callable[[bytes, bytes, str, int], bytes]
"""(row it belongs to, address, language, now) → sealed to the notifier."""

_HOUR_S = 3_600


def ask_notice(seal: SealChat | None, box: OpenMailbox, contact: Contact, lang: str, now: int) -> list[Write]:
    """The answers that were shown are told already."""
    if seal is None or contact.address is None:
        return []
    try:
        chat = seal(box.id, contact.address, lang, now)
    except Lapsed:  # the notifier has not said yet what to seal to: then nobody is asked either
        return []
    return [KeepNotice(box.id, chat, box.head.count, now // _HOUR_S + LIVES_DAYS * 24)]


def read_notice(box: OpenMailbox) -> Write:
    return ReadNotice(box.id, box.head.count)


def end_notice(box: OpenMailbox) -> Write:
    return DropNotice(box.id)


def forget_notices(seal: SealChat | None, contact: Contact, now: int) -> list[Write]:
    """We do not know which they are: a row tells the notifier, sealed as they are."""
    if seal is None or contact.address is None:
        return []
    id = new_id()
    try:
        return [DropNoticesOf(id, seal(id, contact.address, "", now), now // _HOUR_S)]
    except Lapsed:  # nobody can have asked yet
        return []

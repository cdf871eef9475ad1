"""Prepared answers: what officers may say first, in every language it stands in (S53).

The first answer to a child comes from these alone.  The page shows that it keeps to them: it hands over the data key of
that one message, so the server reads sentences that are public anyway, and nothing else is ever opened here.
"""

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from bot.core.errors import SealingError
from bot.core.roster import Roster
from bot.sealing.context import Context
from bot.sealing.keys import key_id
from bot.sealing.padding import REPLY
from bot.sealing.record import open_body
from bot.sealing.reply import Reply, verify_reply

BEGINNING: Final = "begin."


class Wording(Protocol):
    """`texts`: language → id → text; `places`: language → code → name."""

    @property
    def texts(self) -> Mapping[str, Mapping[str, str]]: ...
    @property
    def places(self) -> Mapping[str, Mapping[str, str]]: ...


class FirstAnswer(Protocol):
    """The message of an answer, as it goes to the mailbox; `shown`: its data key."""

    @property
    def message_id(self) -> bytes: ...
    @property
    def message(self) -> bytes: ...
    @property
    def roster(self) -> int: ...
    @property
    def shown(self) -> bytes | None: ...


class Prepared:
    """`now`: the wording of now; `prefix`: of the console's texts in it; `first_only`: the first answer is one of these."""

    def __init__(
        self, now: Callable[[], Wording], roster: Callable[[int], Roster], *, prefix: str, first_only: bool
    ) -> None:
        self._now = now
        self._roster = roster
        self._prefix = prefix + BEGINNING
        self.first_only = first_only

    def places(self, lang: str) -> list[str]:
        """Names of places in a language, to warn of them before an answer is sent; none for an unknown language."""
        return sorted(set(self._now().places.get(lang, {}).values()))

    def may_be_first(self, case: bytes, mailbox: bytes, answer: FirstAnswer, *, now: int) -> bool:
        """Whether the message, opened with the data key that was shown, holds prepared sentences only.

        `mailbox`: its public key.
        """
        if not self.first_only:
            return True
        if answer.shown is None:
            return False
        roster = self._roster(now)
        place = Context(
            deployment=roster.deployment,
            roster_version=answer.roster,
            case_id=case,
            record_id=answer.message_id,
            kind="reply",
            seq=0,
            recipient=key_id(mailbox),
        )
        try:
            said = verify_reply(place, open_body(answer.shown, place, answer.message, REPLY), roster)
        except SealingError:
            return False
        if not isinstance(said, Reply):
            return False
        sentences = self._sentences()
        lines = said.text.reveal().split("\n")
        return all(line in sentences for line in lines)

    def _sentences(self) -> frozenset[str]:
        texts = self._now().texts.values()
        return frozenset(text for of in texts for id, text in of.items() if id.startswith(self._prefix))

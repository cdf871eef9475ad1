"""A whole exchange: one event, its committed turn, and the errands that follow, each a turn of its own."""

from collections.abc import AsyncIterator

from bot.core.errors import HelplineError
from bot.core.events import Event, Failed
from bot.services.errands import Errands
from bot.services.receive import Answer, Contact, Receive


class Talk:
    """The door every channel knocks at."""

    def __init__(self, receive: Receive, errands: Errands) -> None:
        self._receive = receive
        self._errands = errands

    async def talk(self, contact: Contact, event: Event, *, source: str, number: int | None) -> AsyncIterator[Answer]:
        """Yield answers as they are committed; none when the update was already taken.

        Raises only before the first answer: a failing errand is told in the talk.
        """
        answer = await self._receive.turn(contact, event, source=source, number=number)
        while answer is not None:
            yield answer
            if answer.errand is None:
                return
            answer = await self._follow(contact, answer, event.at)

    async def _follow(self, contact: Contact, answer: Answer, now: int) -> Answer | None:
        assert answer.errand is not None
        try:
            event, found = await self._errands.run(answer.errand, answer.keys[0], now)
        except HelplineError:
            event, found = Failed(now), None
        return await self._receive.turn(contact, event, found=found)

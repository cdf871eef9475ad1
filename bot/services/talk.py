"""A whole exchange: one event, its committed turn, and the errands that follow, each a turn of its own."""

from collections.abc import AsyncIterator

from bot.core.errors import HelplineError
from bot.core.events import Event, Failed
from bot.services.errands import Errands
from bot.services.outgoing import Contact
from bot.services.receive import Answer, Receive


class Talk:
    """The door every channel knocks at."""

    def __init__(self, receive: Receive, errands: Errands) -> None:
        self._receive = receive
        self._errands = errands

    async def talk(self, contact: Contact, event: Event, *, source: str, number: int | None) -> AsyncIterator[Answer]:
        """Yield answers as they are committed; none when the update was already taken.

        An errand that fails is told in the talk.  Later answers can fail to be committed, but what came before stands.
        """
        answer = await self.answer(contact, event, source=source, number=number)
        if answer is not None:
            yield answer
            async for later in self.follow(contact, answer, event.at):
                yield later

    async def answer(self, contact: Contact, event: Event, *, source: str, number: int | None) -> Answer | None:
        """The first of them, for a channel that does not wait for errands."""
        return await self._receive.turn(contact, event, source=source, number=number)

    async def follow(self, contact: Contact, answer: Answer, now: int) -> AsyncIterator[Answer]:
        """Run the errand of `answer` and yield what comes of it; never raises for an errand that fails."""
        following: Answer | None = answer
        while following is not None and following.errand is not None:
            following = await self._follow(contact, following, now)
            if following is not None:
                yield following

    async def _follow(self, contact: Contact, answer: Answer, now: int) -> Answer | None:
        assert answer.errand is not None
        try:
            event, found = await self._errands.run(answer.errand, answer.keys[0], now)
        except HelplineError:
            event, found = Failed(now), None
        return await self._receive.turn(contact, event, found=found)

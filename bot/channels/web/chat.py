"""The web chat's one address for turns: an event in, messages out, nothing kept on the device.

The page draws a random name for its talk and keeps it in memory only; closing the page ends the talk.  Answers have one of
few sizes, so that the network does not see what the mailbox holds (S9).
"""

import base64
import binascii
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Protocol

from starlette.requests import Request
from starlette.responses import Response

from bot.channels.speech import OFFER_BUTTON, Wording, speak
from bot.channels.web.hearing import marks, played
from bot.core.counting import campaign_of
from bot.core.effects import Class, Say, Text
from bot.core.errors import HelplineError
from bot.core.events import AskedHelp, Chose, Event, Left, Looked, Started, Wrote
from bot.core.flow import Flow
from bot.core.helplines import number_lines
from bot.core.private import Private
from bot.services.errands import LookBehind
from bot.services.outgoing import Contact
from bot.services.receive import Answer
from bot.wording.voices import NO_VOICES, Voices

LONGEST_BODY = 64 * 1024
LONGEST_WORDS = 4_000
SIZES = (8 * 1024, 64 * 1024)
"""Bytes of an answer: ordinary turns fit the first; whatever concerns a case code always takes the second."""

SOURCE = "web"
_SESSION_BYTES = 32
_NUMBERS = 2**53

PAGE_TEXTS: Final = {
    "placeholder": "web.write",
    "send": "web.send",
    "leave": "button.leave",
    "unsent": "web.trouble",
    "keeps-nothing": "web.keeps-nothing",
    "you": "web.you",
    "talk": "web.talk",
    "choices": "web.choices",
    "trial": "web.trial",
    "player": "web.player",
    "hush": "web.hush",
    "unheard": "say.unheard",
}
"""What the page itself says: name in the page → text."""


class Conversation(Protocol):
    """`services.talk`: one event and whatever errands follow from it."""

    def talk(self, contact: Contact, event: Event, *, source: str, number: int | None) -> AsyncIterator[Answer]: ...


@dataclass(frozen=True, slots=True)
class Answered:
    """`size`: bytes the response is padded to; `status`: 503 when nothing could be kept."""

    body: Mapping[str, Any]
    size: int
    status: int = 200


class Chat:
    """`now`: epoch seconds; `voices`: what can be heard, where there is anything."""

    def __init__(
        self,
        conversation: Conversation,
        wording: Callable[[], Wording],
        flow: Callable[[], Flow],
        now: Callable[[], int],
        voices: Voices = NO_VOICES,
    ) -> None:
        self._conversation = conversation
        self._wording = wording
        self._flow = flow
        self._now = now
        self._voices = voices

    async def turn(self, request: Request) -> Response:
        """POST /chat/turn.  400 for what no page of ours sends; 503 with the numbers when nothing could be kept."""
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return Response(status_code=415)
        body = await _bounded(request)
        if body is None:
            return Response(status_code=413)
        answer = await self.answer(body)
        if answer is None:
            return Response(status_code=400)
        return _sized(answer)

    async def answer(self, body: bytes) -> Answered | None:
        """Take one request of the page; none for what no page of ours sends."""
        asked = _read(body, self._now())
        if asked is None:
            return None
        session, number, event = asked
        try:
            return await self._answer(session, number, event)
        except HelplineError:
            return self._sorry()

    async def _answer(self, session: bytes, number: int, event: Event) -> Answered:
        contact = Contact("web", session)
        messages: list[dict[str, Any]] = []
        secret = left = tidy = fade = False
        answers = [a async for a in self._conversation.talk(contact, event, source=SOURCE, number=number)]
        if not answers:  # asked twice: the first answer was lost on its way
            looked = Looked(event.at, event.words if isinstance(event, Wrote) else None)
            answers = [a async for a in self._conversation.talk(contact, looked, source=SOURCE, number=None)]
        for answer in answers:
            left, tidy, fade = left or answer.sweep, tidy or answer.tidy, fade or answer.fade
            secret = secret or isinstance(answer.errand, LookBehind)
            messages += [self._message(m.say, m.lang) for m in answer.messages]
        secret = secret or any(m["kind"] == Class.CODE.value for m in messages)
        last = answers[-1] if answers else None
        lang = messages[-1]["lang"] if messages else last.lang if last else ""
        body: dict[str, Any] = {"messages": messages, "left": left, "page": self._page(lang)}
        if tidy:
            body["tidy"] = True
        if fade:
            body["fade"] = True
        if last is not None and last.vanish:
            body["vanish"] = last.vanish
        if last is not None and last.speak is not None:
            body["speak"] = played(self._voices, self._wording(), last.speak, lang)
        return Answered(body, SIZES[1] if secret else SIZES[0])

    def _page(self, lang: str) -> dict[str, str]:
        """The page's own few words in the language of the talk."""
        wording = self._wording()
        return {name: wording.say(lang, Text(id)) for name, id in PAGE_TEXTS.items()}

    def _message(self, say: Say, lang: str) -> dict[str, Any]:
        spoken = speak(self._wording(), say, lang)
        rows = [[{"key": k, "label": label, "danger": danger} for k, label, danger in row] for row in spoken.rows]
        return {
            "text": spoken.text,
            "rows": rows,
            "dir": spoken.direction,
            "lang": lang,
            "turn": say.turn,
            "kind": say.kind.value,
            **({"picture": say.picture} if say.picture else {}),
            **({"vanish": say.vanish} if say.vanish else {}),
            **(self._offer(lang, say.private) if say.private else {}),
            **marks(self._wording(), say, lang),
        }

    def _offer(self, lang: str, why: str) -> dict[str, Any]:
        wording = self._wording()
        return {"private": {"why": wording.say(lang, Text(why)), "label": wording.label(lang, OFFER_BUTTON)}}

    def _sorry(self) -> Answered:
        """Nothing was kept, and the page still has the words: say so, with the numbers (reliability §9)."""
        lines = (Text("say.failed"), *number_lines(self._flow(), ""))
        say = Say(lines, kind=Class.URGENT)
        body = {"messages": [self._message(say, "")], "left": False, "page": self._page("")}
        return Answered(body, SIZES[0], 503)


async def _bounded(request: Request) -> bytes | None:
    """The body, or none when it is longer than any page of ours sends; what announces itself as longer is not read."""
    announced = request.headers.get("content-length", "0")
    if not announced.isascii() or not announced.isdigit() or len(announced) > 9 or int(announced) > LONGEST_BODY:
        return None
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            return None
    return body


def _read(body: bytes, now: int) -> tuple[bytes, int, Event] | None:
    try:
        asked = json.loads(body)
        session = base64.b64decode(asked["session"], validate=True)
        number, event = asked["number"], _event(asked["event"], now)
    except (ValueError, KeyError, TypeError, binascii.Error, RecursionError):
        return None
    if len(session) != _SESSION_BYTES or type(number) is not int or not 0 <= number < _NUMBERS or event is None:
        return None
    # One update key for each press of each talk: another page's number never collides with ours.
    return session, _mixed(session, number), event


def _event(asked: Mapping[str, Any], now: int) -> Event | None:
    match asked:
        case {"kind": "started", "hint": str(hint)}:
            campaign = asked.get("campaign", "")
            return Started(now, campaign_of(campaign) if isinstance(campaign, str) else "", hint[:16])
        case {"kind": "chose", "key": str(key), "turn": int(turn)}:
            return Chose(now, key[:64], turn)
        case {"kind": "wrote", "words": str(words)} if 0 < len(words) <= LONGEST_WORDS:
            return Wrote(now, Private(_whole(words)))
        case {"kind": "help"}:
            return AskedHelp(now)
        case {"kind": "left"}:
            return Left(now)
        case {"kind": "looked"}:
            return Looked(now)
    return None


def _whole(words: str) -> str:
    """Half characters become a mark: they cannot be sealed and shown again (S4)."""
    return words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _mixed(session: bytes, number: int) -> int:
    digest = sha256(session + number.to_bytes(8, "big")).digest()
    return int.from_bytes(digest[:8], "big") >> 1  # what a signed column holds


def _sized(answer: Answered) -> Response:
    """JSON padded with spaces to its size, or to the next larger one, or to a multiple of the largest."""
    body = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":")).encode()
    largest = -(-len(body) // SIZES[-1]) * SIZES[-1]
    fitting = next((s for s in SIZES if s >= max(answer.size, len(body))), largest)
    return Response(body.ljust(fitting), answer.status, media_type="application/json")

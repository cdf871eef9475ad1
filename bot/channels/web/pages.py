"""The pages of the web chat: one address for the whole talk, a harmless page to leave to, and the numbers without scripts."""

from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from bot.channels.speech import Wording
from bot.channels.web.chat import Chat
from bot.channels.web.hearing import Hearing
from bot.channels.web.picturing import Picturing
from bot.core.flow import Flow
from bot.core.helplines import number_lines
from bot.web.bundle import Bundle
from bot.wording.voices import Voices

_TEMPLATES = Path(__file__).parent / "templates"
_LEAVING = {"clear-site-data": '"cache", "storage"'}


class Pages:
    """`trial`: what every page says of the trial, empty in service.  `away`: where leaving fast goes, "" for our own page."""

    def __init__(
        self,
        chat: Chat,
        bundle: Bundle,
        wording: Callable[[], Wording],
        flow: Callable[[], Flow],
        voices: Voices,
        pictures: Mapping[str, bytes],
        *,
        name: str,
        trial: str,
        away: str,
    ) -> None:
        environment = Environment(
            loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        environment.globals["integrity"] = bundle.integrity
        self._chat_page = environment.get_template("chat.html")
        self._away_page = environment.get_template("away.html")
        self._wording, self._flow = wording, flow
        self._chat, self._bundle = chat, bundle
        self._hearing, self._picturing = Hearing(voices), Picturing(pictures)
        self._name, self._trial, self._away = name, trial, away

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self._talk, name="chat"),
            Route("/away", self._left, name="away"),
            Route("/chat/turn", self._chat.turn, methods=["POST"], name="turn"),
            Route("/audio/{lang}/{name}", self._hearing.clip, name="audio"),
            Route("/pictures/{name}", self._picturing.picture, name="pictures"),
            Mount("/static", self._bundle.files, name="static"),
        ]

    async def _talk(self, request: Request) -> Response:
        root = request.scope.get("root_path", "")
        page = self._chat_page.render(
            name=self._name,
            trial=self._trial.splitlines(),
            static=f"{root}/static",
            turn=f"{root}/chat/turn",
            audio=f"{root}/audio",
            pictures=f"{root}/pictures",
            away=self._away or f"{root}/away",
            numbers=self._numbers(),
        )
        return HTMLResponse(page)

    async def _left(self, request: Request) -> Response:
        page = self._away_page.render(static=f"{request.scope.get('root_path', '')}/static")
        return HTMLResponse(page, headers=_LEAVING)

    def _numbers(self) -> list[str]:
        """What somebody without scripts sees: the numbers, which need none."""
        wording, lines = self._wording(), number_lines(self._flow(), "")
        return [wording.say("", line) for line in lines]

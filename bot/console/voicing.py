"""The page of a text's recording, beside the translators' desk: hear it, record it, approve it, take it back."""

from base64 import b64decode
from binascii import Error
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from bot.console.doors import COOKIE, Door, Knock, Refused, missing, page_token
from bot.console.endpoints import Desk
from bot.console.pages import Pages
from bot.console.wording_asked import TRANSLATORS, Asked, Voicing, whole
from bot.console.wording_views import changes, day_of
from bot.services.spoken import LONGEST_S, Sound
from bot.services.wording_desk import DRAFT, REVIEWED, WITHDRAWN, Line, WordingDesk
from bot.wording.voices import mark_of

_TEMPLATE: Final = "voicing.html"
_DONE: Final = frozenset({"save", "approve", "publish", "withdraw", "revert"})
_TYPE: Final = "audio/ogg; codecs=opus"
_LONGEST: Final = 1024 * 1024
"""Characters of a sound in base64; more is refused before it is read."""

Where = Callable[[Knock, Mapping[str, Any]], Awaitable[Asked]]


def voicing_doors(desk: Desk, wording: WordingDesk, voicing: Voicing, pages: Pages, where: Where) -> tuple[Door, ...]:
    """`where`: what the wording's page makes of a question; it lets nobody into another's language."""
    page = VoicingPage(desk, wording, voicing, pages, where)
    return (
        Door("/wording/recording", "GET", page.show, roles=TRANSLATORS, refused=page.refused),
        Door("/wording/recording", "POST", page.act, roles=TRANSLATORS, form=True, refused=page.refused),
        Door("/wording/sound", "GET", page.sound, roles=TRANSLATORS),
    )


class VoicingPage:
    def __init__(self, desk: Desk, wording: WordingDesk, voicing: Voicing, pages: Pages, where: Where) -> None:
        self._desk = desk
        self._wording = wording
        self._voices = voicing.desk
        self._pages = pages
        self._where = where
        self._heard = voicing.heard

    async def show(self, knock: Knock) -> Response:
        asked, line = await self._asked(knock, knock.request.query_params)
        done = knock.request.query_params.get("done", "")
        return await self._page(knock, asked, line, said=done if done in _DONE else "")

    async def sound(self, knock: Knock) -> Response:
        """What children hear now (version 0), or one of the recordings made here."""
        asked, line = await self._asked(knock, knock.request.query_params)
        version = whole(knock.request.query_params.get("version"))
        if version:
            content = await self._voices.sound(asked.of, line.id, version)
            if content is None:
                raise missing()
            return Response(content, media_type=_TYPE)
        clip = self._heard(asked.of, line.id)
        if clip is None or not clip.file.is_file():
            raise missing()
        return FileResponse(clip.file, media_type=_TYPE, content_disposition_type="inline")

    async def act(self, knock: Knock) -> Response:
        asked, line = await self._asked(knock, knock.body)
        deed = str(knock.body.get("do", ""))
        refused = await self._step(knock, asked, line, deed)
        if refused:
            return await self._page(knock, asked, line, refused=refused, status=409)
        path = knock.request.url_for("page").path + "wording/recording"
        return RedirectResponse(path + asked.query(done=deed), 303)

    def refused(self, request: Request, refused: Refused) -> Response | None:
        """Whoever is not signed in is shown where to; what one may not see is not there."""
        return self._render(request, {"view": "over"}, status=401) if refused.status == 401 else None

    async def _step(self, knock: Knock, asked: Asked, line: Line, deed: str) -> str:
        who, lang, now, based = knock.whoever, asked.of, self._desk.now(), whole(knock.body.get("based"))
        match deed:
            case "save":
                sound, mark = _sound(knock.body), str(knock.body.get("mark", ""))
                return await self._voices.save(who, lang, line, sound, mark=mark, based=based, now=now)
            case "approve":
                return await self._voices.approve(who, lang, line, based=based, now=now)
            case "publish":
                return await self._voices.publish(who, lang, line, based=based, now=now)
            case "withdraw":
                return await self._voices.withdraw(who, lang, line, based=based, now=now)
            case "revert":
                to = whole(knock.body.get("to"))
                return await self._voices.revert(who, lang, line, to=to, based=based, now=now)
        raise Refused(400, "malformed")

    async def _asked(self, knock: Knock, given: Mapping[str, Any]) -> tuple[Asked, Line]:
        asked = replace(await self._where(knock, given), start=0)
        line = next((one for one in await self._wording.board(asked.of) if one.id == asked.text), None)
        if line is None:
            raise missing()
        return asked, line

    async def _page(
        self, knock: Knock, asked: Asked, line: Line, *, said: str = "", refused: str = "", status: int = 200
    ) -> Response:
        words = self._voices.words_of(asked.of, line)
        past = await self._voices.history(asked.of, line.id)
        newest = past[0] if past else None
        current = newest is not None and newest.words == words
        names = await self._desk.sign_in.colleagues()
        shown = {
            "view": "voice",
            "asked": asked,
            "line": line,
            "words": words,
            "mark": mark_of(words),
            "borrowed": words != line.words,
            "heard": self._heard(asked.of, line.id) is not None,
            "version": newest.version if newest else 0,
            "longest": LONGEST_S,
            "steps": {
                "approve": current and newest is not None and newest.state == DRAFT,
                "publish": current and newest is not None and newest.state == REVIEWED,
                "withdraw": newest is not None and newest.state != WITHDRAWN,
            },
            "history": [
                (row, names.get(row.author, row.author), day_of(row.hour), row.words not in ("", words),
                 changes(row.words, words))
                for row in past
            ],
            "said": said,
            "refused": refused,
        }  # fmt: skip
        return self._render(knock.request, shown, status=status)

    def _render(self, request: Request, shown: Mapping[str, Any], *, status: int = 200) -> Response:
        asked = shown.get("asked")
        languages = self._wording.live.wording.registry.languages
        more = {
            "to": languages[asked.of] if asked else None,
            "token": page_token(request.cookies.get(COOKIE, "")),
            "script": self._pages.link(request, "voicing.js"),
        }
        return self._pages.render(request, _TEMPLATE, status=status, **more, **shown)


def _sound(form: Mapping[str, Any]) -> Sound:
    """What the page's script put into the form."""
    text, level = str(form.get("sound", "")), str(form.get("level", ""))
    try:
        content = b64decode(text, validate=True) if len(text) <= _LONGEST else b""
    except (Error, ValueError):
        content = b""
    told = level.removeprefix("-")
    return Sound(content, int(level) if told.isascii() and told.isdigit() and len(told) < 4 else None)

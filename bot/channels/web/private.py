"""The private page at `/report`: the same report as in the chat, sealed in the child's browser before anything is sent.

Here come ciphertext, and a few closed fields that choosing readers needs.  Bodies are bounded bytes of one type, read into
memory and never by a form parser, which would spool to disk (S8).  Launch data of a messenger app is refused (D12).
"""

import base64
import gzip
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.web.private_content import ABROAD, Names, places_data, report_data
from bot.channels.web.private_doors import TYPE, Refused, answering, bounded, refuse_launch_data
from bot.core.effects import Text
from bot.core.flow import Flow
from bot.core.helplines import number_lines
from bot.core.keeping import sent_lines
from bot.sealing.case_code import LOCATE_DIGITS
from bot.sealing.message import ASKING_BYTES, MESSAGE_BYTES
from bot.sealing.roster import shard
from bot.sealing.submission import CLOSING_BYTES, PART_BYTES, PART_HEAD_BYTES, Closing
from bot.services.page_mailbox import DEED_BYTES
from bot.services.submitting import region_of
from bot.web.bundle import Bundle

_TEMPLATES = Path(__file__).parent / "templates"


class Submitting(Protocol):
    async def part(self, body: bytes, now: int) -> None: ...

    async def close(self, body: bytes, now: int) -> Closing: ...


class Salts(Protocol):
    async def salt_of(self, locator: str) -> bytes: ...


class Mailbox(Protocol):
    async def read(self, body: bytes, now: int) -> bytes: ...

    async def do(self, body: bytes, now: int) -> None: ...


class Writing(Protocol):
    async def write(self, body: bytes, now: int) -> bytes: ...


class PrivatePage:
    """`document`: the newest signed roster; `root`: the fingerprint rendered into the page; `now`: epoch seconds."""

    def __init__(
        self,
        submitting: Submitting,
        salts: Salts,
        mailbox: Mailbox,
        writing: Writing,
        document: Callable[[], Awaitable[bytes]],
        bundle: Bundle,
        wording: Callable[[], Names],
        flow: Callable[[], Flow],
        now: Callable[[], int],
        *,
        root: str,
        name: str,
        trial: str,
        away: str,
    ) -> None:
        environment = Environment(
            loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        environment.globals["integrity"] = bundle.integrity
        self._template = environment.get_template("report.html")
        self._submitting, self._salts, self._document = submitting, salts, document
        self._mailbox, self._writing = mailbox, writing
        self._wording, self._flow, self._now = wording, flow, now
        self._root, self._name, self._trial, self._away = root, name, trial, away
        self._made: tuple[Flow | None, Names | None, dict[str, bytes]] = (None, None, {})

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/report", self.page, name="report"),
            Route("/report/content", self.content, name="report-content"),
            Route("/report/places", self.places, name="report-places"),
            Route("/report/roster", self.roster, name="report-roster"),
            Route("/report/salt", self.salt, methods=["POST"], name="report-salt"),
            Route("/report/mailbox", self.mailbox, methods=["POST"], name="report-mailbox"),
            Route("/report/deed", self.deed, methods=["POST"], name="report-deed"),
            Route("/report/message", self.message, methods=["POST"], name="report-message"),
            Route("/report/part", self.part, methods=["POST"], name="report-part"),
            Route("/report/close", self.close, methods=["POST"], name="report-close"),
        ]

    @answering
    async def page(self, request: Request) -> Response:
        root = request.scope.get("root_path", "")
        wording, flow = self._wording(), self._flow()
        page = self._template.render(
            name=self._name,
            trial=self._trial.splitlines(),
            static=f"{root}/static",
            report=f"{root}/report",
            chat=f"{root}/",
            away=self._away or f"{root}/away",
            root=self._root,
            languages=[(tag, own, wording.direction(tag)) for tag, own in flow.languages],
            say=lambda text: wording.say("", Text(text)).split("\n\n"),
            label=lambda text: wording.label("", Text(text)),
            numbers=[line for text in number_lines(flow, "") for line in wording.say("", text).split("\n\n")],
        )
        return HTMLResponse(page)

    @answering
    async def content(self, request: Request) -> Response:
        """GET ?lang=: the questions in one language."""
        lang = self._language(request)
        return self._packed(request, lang, lambda flow, wording: report_data(flow, wording, lang))

    @answering
    async def places(self, request: Request) -> Response:
        """GET ?lang=&in=: places inside a province or country, or every country ("*")."""
        lang, within = self._language(request), request.query_params.get("in", "")
        if within != ABROAD and not (within and self._flow().children.get(within)):
            raise Refused(404)
        return self._packed(request, f"{lang} {within}", lambda f, w: places_data(f, w, lang, within))

    @answering
    async def roster(self, request: Request) -> Response:
        """GET ?teams=: the signed list of officers with the keys of these teams only, and the clock that counts."""
        wanted = [team for team in request.query_params.get("teams", "").split(",") if team]
        document = shard(await self._document(), wanted)
        return Response(document, media_type=TYPE, headers={"x-time": str(self._now())})

    @answering
    async def salt(self, request: Request) -> Response:
        """POST five digits: the salt of that bucket, whether a mailbox is in it or not (S19)."""
        locator = (await bounded(request, LOCATE_DIGITS)).decode("ascii", "replace")
        if len(locator) != LOCATE_DIGITS or not (locator.isascii() and locator.isdigit()):
            raise Refused(400)
        salt = await self._salts.salt_of(locator)
        return JSONResponse({"salt": base64.b64encode(salt).decode()})

    @answering
    async def mailbox(self, request: Request) -> Response:
        """POST locator, id and proof: state and sealed answers of a mailbox, in one size whatever is behind it (S19)."""
        body = await bounded(request, ASKING_BYTES)
        return Response(await self._mailbox.read(body, self._now()), media_type="application/json")

    @answering
    async def deed(self, request: Request) -> Response:
        """POST what is to be done with a mailbox; one answer, whatever was behind it (S19)."""
        await self._mailbox.do(await bounded(request, DEED_BYTES), self._now())
        return JSONResponse({})

    @answering
    async def message(self, request: Request) -> Response:
        """POST what the parts that came are to be added to; one status and size, whatever was behind it (S19)."""
        body = await bounded(request, MESSAGE_BYTES)
        refuse_launch_data(body)
        return Response(await self._writing.write(body, self._now()), media_type="application/json")

    @answering
    async def part(self, request: Request) -> Response:
        await self._submitting.part(await bounded(request, PART_HEAD_BYTES + PART_BYTES), self._now())
        return JSONResponse({})

    @answering
    async def close(self, request: Request) -> Response:
        body, now = await bounded(request, CLOSING_BYTES), self._now()
        refuse_launch_data(body)
        closing = await self._submitting.close(body, now)
        lines = sent_lines(self._flow(), region_of(closing.routing), closing.urgency, now)
        said = [self._wording().say(closing.language, line) for line in lines]
        return JSONResponse({"receipt": closing.digest.hex()[:16], "lines": said})

    def _language(self, request: Request) -> str:
        lang = request.query_params.get("lang", "")
        if not self._flow().speaks(lang):
            raise Refused(404)
        return lang

    def _packed(self, request: Request, key: str, make: Callable[[Flow, Names], Any]) -> Response:
        """Made and compressed once for each flow and wording; nothing in it depends on who asks, so its size tells nothing."""
        flow, wording = self._flow(), self._wording()
        if self._made[0] is not flow or self._made[1] is not wording:
            self._made = (flow, wording, {})
        made = self._made[2]
        if key not in made:
            plain = json.dumps(make(flow, wording), ensure_ascii=False, separators=(",", ":")).encode()
            made[key] = gzip.compress(plain, mtime=0)
        headers = {"vary": "accept-encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(made[key], media_type="application/json", headers={**headers, "content-encoding": "gzip"})
        return Response(gzip.decompress(made[key]), media_type="application/json", headers=headers)

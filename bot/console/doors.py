"""Who may knock where: every route of the console declares it, and nothing opens that does not (S22, S23).

One guard stands before each endpoint.  What must not be seen answers as if it did not exist.
"""

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from bot.services.officers.account import Role
from bot.services.officers.sign_in import Sessions, Signed

COOKIE: Final = "__Host-hamrah"
"""Browsers keep a `__Host-` cookie from TLS only; Chromium and Firefox also from loopback, where a trial runs."""

MOST_BYTES: Final = 96 * 1024
"""An answer sealed twice, in base64, is about 37 kB; nothing else comes near."""


MOST_FORM_BYTES: Final = 8 * 1024 * 1024
"""A catalog of a language, in percent signs."""


class Need(Enum):
    """How far somebody must have come."""

    NOTHING = "nothing"
    SESSION = "session"
    UNLOCKED = "unlocked"


READERS: Final = frozenset({Role.OFFICER, Role.SUPERVISOR})
"""Administrators and translators never touch a case (S23)."""
EVERYBODY: Final = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Knock:
    """A request that the guard let through.  `signed` is set where the door needs a session."""

    request: Request
    body: Mapping[str, Any]
    signed: Signed | None = None

    def text(self, name: str, most: int = 4096) -> str:
        """A text of the body; anything else is an answer to nobody's question."""
        value = self.body.get(name)
        if not isinstance(value, str) or len(value) > most:
            raise Refused(400, "malformed")
        return value

    def number(self, name: str) -> int:
        value = self.body.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
            raise Refused(400, "malformed")
        return value

    def raw(self, name: str, size: int | None = None) -> bytes:
        """Bytes written in base64; `size`: exactly so many."""
        return decoded(self.text(name, MOST_BYTES), size)

    @property
    def whoever(self) -> Signed:
        assert self.signed is not None, "this door declares no session"
        return self.signed


Endpoint = Callable[[Knock], Awaitable[Response | Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Door:
    """One route.  `roles`: any of them; `case`: the path names a case, and only its team's readers find it.

    `quiet`: the page knocks by itself, so that it keeps no session alive.
    `form`: the knock is a form of our own page, which carries the token in itself and works without scripts.
    `refused`: a page of its own for whoever is not let in, where one is shown instead of data.
    """

    path: str
    method: str
    endpoint: Endpoint
    need: Need = Need.UNLOCKED
    roles: frozenset[Role] = field(default=READERS)
    case: bool = False
    form: bool = False
    quiet: bool = False
    refused: Callable[[Request, "Refused"], Response | None] | None = None

    @property
    def changes(self) -> bool:
        return self.method not in ("GET", "HEAD")


class Refused(Exception):
    """The answer is no; `error` has a text of its own in the page."""

    def __init__(self, status: int, error: str, **more: object) -> None:
        super().__init__(error)
        self.status = status
        self.answer = {"error": error, **more}


def missing() -> Refused:
    """Not there, not yours and not allowed are one answer (S23, S58)."""
    return Refused(404, "missing")


class Guard:
    """`origins`: the addresses the console is reached at, e.g. "https://console.example"."""

    def __init__(self, sessions: Sessions, origins: frozenset[str], now: Callable[[], int]) -> None:
        self._sessions = sessions
        self._origins = origins
        self._now = now

    def before(self, door: Door) -> Callable[[Request], Awaitable[Response]]:
        """The Starlette endpoint of a door."""

        async def endpoint(request: Request) -> Response:
            try:
                answer = await door.endpoint(await self._let_in(door, request))
            except Refused as refused:
                page = door.refused(request, refused) if door.refused else None
                return page or JSONResponse(refused.answer, refused.status)
            return answer if isinstance(answer, Response) else JSONResponse(dict(answer))

        return endpoint

    async def _let_in(self, door: Door, request: Request) -> Knock:
        if door.changes:
            self._same_site(request, form=door.form)
        signed = await self._who(door, request)
        body: Mapping[str, Any] = await _fields(request) if door.changes and door.form else {}
        token = str(body.get("token", "")) if door.form else request.headers.get("x-token", "")
        if signed is not None and door.changes and not same_text(token, page_token(_cookie(request))):
            raise missing()
        if door.changes and not door.form:
            body = await _json(request)
        return Knock(request, body, signed)

    def _same_site(self, request: Request, *, form: bool) -> None:
        """A change must come from our own page: browsers say where a request was made (S22).

        A form that a page without referrer sends has the origin "null"; then the browser itself must say same-origin.
        """
        site = request.headers.get("sec-fetch-site", "" if form else "same-origin")
        if form and site == "same-origin" and request.headers.get("origin") == "null":
            return
        if site != "same-origin" or request.headers.get("origin") not in self._origins:
            raise missing()

    async def _who(self, door: Door, request: Request) -> Signed | None:
        if door.need is Need.NOTHING:
            return None
        quiet = door.quiet or "x-quiet" in request.headers or door.need is Need.SESSION
        signed = await self._sessions.find(_cookie(request), now=self._now(), quiet=quiet)
        if signed is None:
            raise Refused(401, "signed_out")
        if not door.roles & signed.account.is_a:
            raise missing()
        if door.need is Need.UNLOCKED and not signed.unlocked:
            raise Refused(401, "locked")
        return signed


def page_token(cookie: str) -> str:
    """What the page sends beside the cookie; derived, so nothing more is stored, and useless without the cookie."""
    return sha256(b"hamrah page token\n" + cookie.encode()).hexdigest()


def _cookie(request: Request) -> str:
    return request.cookies.get(COOKIE, "")


def same_text(one: str, other: str) -> bool:
    """Compared in constant time; whatever was sent, no fault."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())


async def _fields(request: Request) -> Mapping[str, str]:
    """The fields of a form, each once."""
    received = await _received(request, "application/x-www-form-urlencoded", MOST_FORM_BYTES)
    try:
        found = parse_qsl(received.decode("ascii"), keep_blank_values=True, max_num_fields=64, errors="strict")
    except ValueError:
        raise Refused(400, "malformed") from None
    return {name: value.replace("\r\n", "\n") for name, value in found}


async def _received(request: Request, kind: str, most: int) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != kind:
        raise Refused(415, "malformed")
    received = bytearray()
    try:
        async for chunk in request.stream():
            received += chunk
            if len(received) > most:
                raise Refused(413, "malformed")
    except ClientDisconnect:
        raise Refused(400, "malformed") from None
    return bytes(received)


async def _json(request: Request) -> Mapping[str, Any]:
    received = await _received(request, "application/json", MOST_BYTES)
    try:
        body = json.loads(received)
        json.dumps(
            body, ensure_ascii=False
        ).encode()  # half a character (a lone surrogate) can be neither sought nor kept
    except (ValueError, RecursionError):
        raise Refused(400, "malformed") from None
    if not isinstance(body, dict):
        raise Refused(400, "malformed")
    return body


def decoded(text: str, size: int | None = None) -> bytes:
    """Base64 to bytes, strictly."""
    from base64 import b64decode

    try:
        value = b64decode(text, validate=True)
    except ValueError:
        raise Refused(400, "malformed") from None
    if size is not None and len(value) != size:
        raise Refused(400, "malformed")
    return value

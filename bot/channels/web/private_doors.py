"""The doors of the private page: bodies of one type and bounded, no launch data, and one short answer to whatever is wrong.

Bodies are read into memory and never by a form parser, which would spool to disk (S8).
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Final, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.core.errors import Conflict, Damaged, HelplineError, PartsMissing, PicturesOff, ReadersChanged, Unknown

TYPE: Final = "application/octet-stream"
LAUNCH_DATA: Final = (b"initdata", b"tgwebappdata")
"""Names under which a messenger app's launch data could come; they would tell us who the child is (D12)."""

Page = TypeVar("Page")
Handler = Callable[[Page, Request], Awaitable[Response]]


class Refused(Exception):
    """Not what a page of ours sends."""

    def __init__(self, status: int, why: str = "") -> None:
        super().__init__(status)
        self.status, self.why = status, why


def answering(handler: Handler[Page]) -> Handler[Page]:
    """What the page can mend has a name; what no page of ours sends has none; nothing says more than that."""

    @wraps(handler)
    async def answered(self: Page, request: Request) -> Response:
        if _names_the_child(request):
            return _no(400, "launch-data")
        try:
            return await handler(self, request)
        except Refused as refused:
            return _no(refused.status, refused.why)
        except PartsMissing as fault:
            return _no(409, "parts", missing=list(fault.numbers))
        except ReadersChanged:
            return _no(409, "readers")
        except PicturesOff:
            return _no(409, "pictures")
        except Conflict:
            return _no(409, "other")
        except (Damaged, Unknown):
            return _no(400, "damaged")
        except HelplineError:
            return _no(503, "later")

    return answered


async def bounded(request: Request, most: int) -> bytes:
    """At most so many bytes of the one type we take; what announces itself as longer is not read."""
    if request.headers.get("content-type", "") != TYPE:
        raise Refused(415)
    announced = request.headers.get("content-length", "0")
    if not announced.isascii() or not announced.isdigit() or len(announced) > 9 or int(announced) > most:
        raise Refused(413)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise Refused(413)
    return bytes(body)


def refuse_launch_data(body: bytes) -> None:
    """In a message that could hold it: ciphertext is not looked at, it says nothing."""
    if any(name in body.lower() for name in LAUNCH_DATA):
        raise Refused(400, "launch-data")


def _names_the_child(request: Request) -> bool:
    """Whether launch data came along, in the address or a header."""
    query: bytes = request.scope.get("query_string", b"").lower()
    headers = [(name.lower(), value.lower()) for name, value in request.headers.raw]
    signed = any(name == b"authorization" and value.startswith(b"tma ") for name, value in headers)
    named = [query, *(name.replace(b"-", b"") + b" " + value for name, value in headers if name != b"user-agent")]
    return signed or any(name in text for name in LAUNCH_DATA for text in named)


def _no(status: int, why: str, **more: Any) -> Response:
    return JSONResponse({"why": why, **more}, status)

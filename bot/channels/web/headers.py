"""Security headers on every response of every web app, and one answer to whatever goes wrong (S24, S25, S58).

The policy is closed; each exception to it stands in `EXCEPTIONS`, with its reason, and nowhere else.
"""

import secrets
from collections.abc import Mapping
from typing import Final

import structlog
from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web import player, viewer

POLICY: Final[Mapping[str, str]] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "worker-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "hamrah",
}
"""S24.  `trusted-types` names the one policy that may make an address of a script (`web/src/dom.ts`)."""

EXCEPTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    # Argon2id is WebAssembly, run in these workers alone: a page that shows untrusted words compiles nothing.
    "vault.js": {"script-src": "'self' 'wasm-unsafe-eval'"},
    "derive.js": {"script-src": "'self' 'wasm-unsafe-eval'"},
    # As a Mini App in Telegram's web client the private page stands in a frame of that client, and of no other (D12).
    # Whoever speaks there hears it again before it is sealed: from the page's own memory.
    "/report": {"frame-ancestors": "https://web.telegram.org", "media-src": "blob:"},
    # The page of the chat, on which recordings of its own texts are played; nothing else on this site makes a sound.
    # On a host name of its own the console's page has this address too, and frames player and viewer as below.
    "/": {"media-src": "'self'", "frame-src": "'self'"},
    # The console's page frames the player and the viewer, which stand in no other page.  Each runs the script written in it.
    "": {"frame-src": "'self'"},
    "player": {
        "script-src": player.SCRIPT_HASH,
        "media-src": "blob:",
        "frame-ancestors": "'self'",
        "connect-src": "'none'",
        "img-src": "'none'",
        "style-src": "'none'",
        "worker-src": "'none'",
        "sandbox": "allow-scripts",
    },
    "viewer": {
        "script-src": viewer.SCRIPT_HASH,
        "frame-ancestors": "'self'",
        "connect-src": "'none'",
        "img-src": "'none'",
        "style-src": "'none'",
        "worker-src": "'none'",
        "sandbox": "allow-scripts",
    },
    # The desks and the room work without scripts, so their own forms are sent; to themselves and nowhere else.
    "wording": {"form-action": "'self'", "media-src": "'self'"},
    # Whoever reads a text aloud hears it from the page's own memory before it is sent, and what is there from our own address.
    "recording": {"form-action": "'self'", "media-src": "'self' blob:"},
    "content": {"form-action": "'self'"},
    "room": {"form-action": "'self'"},
    "teams": {"form-action": "'self'"},
    "people": {"form-action": "'self'"},
    "codes": {"form-action": "'self'"},
}
"""Whole path, or last part of it → directives that differ for that response."""

FEATURES: Final = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture",
    "encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts",
    "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "publickey-credentials-create",
    "publickey-credentials-get", "screen-wake-lock", "serial", "storage-access", "usb",
    "window-management", "xr-spatial-tracking",
)  # fmt: skip

RECORDED: Final = "/report"
READ_ALOUD: Final = "/wording/recording"
"""The two pages that may ask for the microphone: where a child may speak, and where translators record texts."""

PASSKEYS: Final = frozenset({"publickey-credentials-create", "publickey-credentials-get"})
"""Allowed to our own origin under the console, where officers sign in; off everywhere else."""

_FIXED: Final[Mapping[str, str]] = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cache-control": "no-store",
    "x-frame-options": "DENY",
    "x-dns-prefetch-control": "off",
    "x-robots-tag": "noindex, nofollow",
}

HSTS: Final = "max-age=63072000; includeSubDomains"
"""Sent over TLS only: on loopback it would lock a trial's browser out of plain addresses."""

_log = structlog.get_logger()


class SecurityHeaders:
    """ASGI middleware around a whole site.  Outermost: what it sets, no route can weaken.

    `secure`: the site is reached over TLS.  `passkeys`: paths under this prefix may use passkeys.
    """

    def __init__(self, app: ASGIApp, *, secure: bool, passkeys: str | None = None) -> None:
        self._app = app
        self._secure = secure
        self._passkeys = passkeys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        held: list[Message] = []
        begun = False

        async def send_guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                self._dress(scope["path"], MutableHeaders(scope=message))
            if held or message.get("status") == 500:
                held.append(message)  # the framework's own page of faults: replaced by ours if a fault follows
                return
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_guarded)
        except Exception as error:
            held.clear()
            sorry = _sorry(error)
            if not begun:
                self._dress(scope["path"], sorry.headers)
                await sorry(scope, receive, send)
        for message in held:
            await send(message)

    def _dress(self, path: str, headers: MutableHeaders) -> None:
        headers["content-security-policy"] = policy(path)
        headers["permissions-policy"] = features(path, self._passkeys)
        for name, value in _FIXED.items():
            headers[name] = value
        if "frame-ancestors" in _exceptions(path):
            del headers["x-frame-options"]  # it knows no exception, and old browsers would follow it
        if self._secure:
            headers["strict-transport-security"] = HSTS


def policy(path: str) -> str:
    """The content security policy of the response at `path`."""
    directives = {**POLICY, **_exceptions(path)}
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def _exceptions(path: str) -> Mapping[str, str]:
    return EXCEPTIONS.get(path) or EXCEPTIONS.get(path.rpartition("/")[2], {})


def features(path: str, passkeys: str | None) -> str:
    """Every browser feature off; passkeys on for ourselves where officers sign in, the microphone where somebody may speak."""
    inside = passkeys is not None and (path == passkeys or path.startswith(passkeys.rstrip("/") + "/"))
    speaks = path == RECORDED or (inside and path.endswith(READ_ALOUD))
    allowed = (PASSKEYS if inside else frozenset()) | (frozenset({"microphone"}) if speaks else frozenset())
    return ", ".join(f"{name}=({'self' if name in allowed else ''})" for name in FEATURES)


def _sorry(error: Exception) -> JSONResponse:
    """One answer for everything unforeseen: a random id that a colleague finds in the log (S58).

    The log names the kind of error and never its message or locals, which could carry words (S7).
    """
    number = secrets.token_hex(4)
    _log.error("unforeseen", id=number, kind=type(error).__name__)
    return JSONResponse({"error": "unforeseen", "id": number}, status_code=500)

"""Every call to Telegram leaves through here: one pooled session, one host, no proxy, no redirect (S55).

The token lives in this object alone.  It enters the address at the last moment, and no error, log line or repr
(S50); the library's `Bot` is given a stand-in, so it has nothing to betray.
"""

import json
import logging
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

import aiohttp
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.channels.telegram.answers import result_of
from bot.core.errors import ConfigError, Refused, RetryAfter, TooLarge, Unclear
from bot.core.failpoints import reach
from bot.core.note import MOST_BYTES

STAND_IN = "0:stand-in"
OFFICIAL = "https://api.telegram.org"
ANSWER_LIMIT = 32 * 1024 * 1024
"""Bytes; a full batch of 100 updates is far below, a file (20 MB at most) too."""

_JSON = {"Content-Type": "application/json"}
_TO_JSON = json.JSONEncoder(separators=(",", ":")).encode
_NO_HABITS = ("User-Agent", "Accept", "Accept-Encoding")
_LOUD = ("telegram", "aiohttp", "httpx", "httpcore")


FILE_S = 60.0
"""Seconds in which a whole file must have come."""
_FILE_PATH = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/){0,8}[A-Za-z0-9_-][A-Za-z0-9_.-]*")
"""As getFile gives it: below this host's own address, so no step up and no other host."""


class Unreached(RetryAfter):
    """No connection came about, so nothing was sent: try again a little later."""


class PooledRequest(BaseRequest):
    """The library's documented extension point, over aiohttp.  For one event loop, after `initialize()`.

    `api_url`: scheme and host of the Bot API, or of a local or fake server; a closing `/bot` is fine.
    """

    def __init__(
        self,
        token: str,
        *,
        api_url: str = OFFICIAL,
        connections: int = 100,
        connect_s: float = 5.0,
        answer_s: float = 15.0,
    ) -> None:
        self._root = _root(api_url) + f"/bot{token}/"
        self._file_root = _root(api_url) + f"/file/bot{token}/"
        self._addresses: dict[str, URL] = {}
        self._connections = connections
        self._connect_s = connect_s
        self._answer_s = answer_s
        self._timeouts: dict[float, aiohttp.ClientTimeout] = {}
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        return "PooledRequest()"

    @property
    def read_timeout(self) -> float:
        return self._answer_s

    async def initialize(self) -> None:
        if self._session is not None:
            return
        hush_libraries()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300, keepalive_timeout=55),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=_NO_HABITS,
            trust_env=False,
            auto_decompress=False,
        )

    async def shutdown(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def exchange(
        self, method: str, params: Mapping[str, object], *, answer_s: float | None = None
    ) -> tuple[int, bytes]:
        """Post `params` as JSON to a Bot API method; return status and body.

        Raises `Unreached` when no connection came about, `Unclear` when one did and no whole answer came.
        """
        return await self._post(method, encoded(params), _JSON, answer_s or self._answer_s)

    async def upload(
        self,
        method: str,
        params: Mapping[str, object],
        field: str,
        name: str,
        content: bytes,
        kind: str,
        *,
        answer_s: float | None = None,
    ) -> tuple[int, bytes]:
        """Post one file with `params`, as `exchange` does.  `name`: of the file, as the other side sees it."""
        form = aiohttp.FormData()
        for key, value in params.items():
            form.add_field(key, value if isinstance(value, str) else _TO_JSON(value))
        form.add_field(field, content, filename=name, content_type=kind)
        return await self._post(method, form, {}, answer_s or self._answer_s)

    async def fetch(self, path: str, size: int | None = None) -> bytes:
        """Fetch a file by the path that getFile gave, into memory: at most `MOST_BYTES` in `FILE_S` seconds (S55).

        `size`: as getFile told it.  Raises `TooLarge`, `Refused` for a path that is none here, else `Unclear`: the link may
        have expired, the connection been cut; getFile gives a new one.
        """
        if self._session is None:
            raise Unreached(1)
        if not _FILE_PATH.fullmatch(path):
            raise Refused("not a path on this host")
        address = URL(self._file_root + path, encoded=True)
        try:
            async with self._session.get(address, allow_redirects=False, timeout=self._timeout(FILE_S)) as answer:
                if answer.status != 200:
                    failure: Exception = Unclear(f"no file: status {answer.status}")
                else:
                    return await _whole(answer, size)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            failure = Unreached(2)
        except (aiohttp.ClientError, TimeoutError, OSError) as trouble:
            failure = Unclear(f"no whole file: {type(trouble).__name__}")
        raise failure  # outside the handler: the cause would name the address, and with it the token

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        """Serve the library's `Bot`; of its address only the method's name is used, so it leads nowhere else."""
        if method != "POST":
            raise ConfigError("files are not fetched through the library")
        body, headers = _form(request_data)
        status, answer = await self._post(url.rpartition("/")[2], body, headers, self._answer_s)
        result_of(status, answer)  # refusals become our errors here; the library would quote them
        return status, answer

    async def _post(
        self, method: str, body: bytes | aiohttp.FormData, headers: Mapping[str, str], answer_s: float
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise Unreached(1)
        try:
            async with self._session.post(
                self._address(method),
                data=body,
                headers=headers,
                allow_redirects=False,
                timeout=self._timeout(answer_s),
            ) as answer:
                return answer.status, await _bounded(answer)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            failure: Exception = Unreached(2)
        except (aiohttp.ClientError, TimeoutError, OSError) as trouble:
            failure = Unclear(f"no whole answer: {type(trouble).__name__}")
        raise failure  # outside the handler: the cause would name the address, and with it the token

    def _address(self, method: str) -> URL:
        address = self._addresses.get(method)
        if address is None:
            if not method.isascii() or not method.isalpha():
                raise ConfigError("a Bot API method is letters only")
            address = self._addresses[method] = URL(self._root + method, encoded=True)
        return address

    def _timeout(self, answer_s: float) -> aiohttp.ClientTimeout:
        timeout = self._timeouts.get(answer_s)
        if timeout is None:
            timeout = aiohttp.ClientTimeout(total=answer_s, sock_connect=self._connect_s)
            self._timeouts[answer_s] = timeout
        return timeout


def encoded(params: Mapping[str, object]) -> bytes:
    """JSON in ASCII: a lone surrogate in a text cannot break it."""
    return _TO_JSON(params).encode()


def hush_libraries() -> None:
    """Keep libraries that log addresses and parameters at DEBUG or INFO quiet below WARNING (S50)."""
    for name in _LOUD:
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))


async def _bounded(answer: aiohttp.ClientResponse) -> bytes:
    if answer.content_length is not None and answer.content_length <= ANSWER_LIMIT:
        return await answer.read()
    body = bytearray()
    async for piece in answer.content.iter_chunked(65536):
        body += piece
        if len(body) > ANSWER_LIMIT:
            raise aiohttp.ClientPayloadError("answer too long")
    return bytes(body)


async def _whole(answer: aiohttp.ClientResponse, size: int | None) -> bytes:
    """The body, exactly `size` bytes of it where that is known; never more in memory than is allowed."""
    body = bytearray()
    async for piece in answer.content.iter_chunked(65536):
        body += piece
        if len(body) > MOST_BYTES:
            raise TooLarge("longer than was said")
        reach("F14")
    if not body or (size is not None and len(body) != size):
        raise Unclear(f"{len(body)} bytes, not {size}")
    return bytes(body)


def _form(data: RequestData | None) -> tuple[bytes | aiohttp.FormData, Mapping[str, str]]:
    if data is None:
        return b"{}", _JSON
    if not data.contains_files:
        return data.json_payload, _JSON
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=kind)
    return form, {}


def _root(api_url: str) -> str:
    parts = urlsplit(api_url)
    path = parts.path.rstrip("/").removesuffix("/bot")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query or path:
        raise ConfigError("TELEGRAM_API_URL: give scheme and host only, such as https://api.telegram.org")
    return f"{parts.scheme}://{parts.netloc}"

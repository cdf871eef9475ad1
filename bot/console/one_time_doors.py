"""The doors of one-time codes: signing in with one, and the page where they are set up and removed (S21).

They exist only where the operator allows codes; elsewhere these paths are not there.
"""

from collections.abc import Mapping
from typing import Any, Final

import segno
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.console.doors import COOKIE, EVERYBODY, Door, Knock, Need, Refused, page_token
from bot.console.endpoints import Console, Desk, with_cookie
from bot.console.pages import Pages
from bot.services.officers.one_time import Busy, Fresh, OneTimeCodes

_TEMPLATE: Final = "one_time.html"
_QUIET_MODULES: Final = 4
_MOST_CODE: Final = 32


def one_time_doors(desk: Desk, codes: OneTimeCodes, pages: Pages) -> tuple[Door, ...]:
    page = OneTimePage(desk, codes, pages)
    return (
        Door("/codes/first", "POST", page.first, Need.NOTHING, EVERYBODY),
        Door("/codes/sign-in", "POST", page.enter, Need.NOTHING, EVERYBODY),
        # For everybody who is unlocked: it shows and changes one's own codes only.
        Door("/codes", "GET", page.show, roles=EVERYBODY, refused=page.refused),
        Door("/codes", "POST", page.act, roles=EVERYBODY, form=True, refused=page.refused),
    )


class OneTimePage:
    def __init__(self, desk: Desk, codes: OneTimeCodes, pages: Pages) -> None:
        self._desk = desk
        self._console = Console(desk)
        self._codes = codes
        self._pages = pages

    async def first(self, knock: Knock) -> Mapping[str, Any]:
        """The secret, once, for whoever proved the pass phrase of an account without a second way in."""
        login, proof = knock.text("login", 128), knock.raw("proof", 32)
        fresh = await self._codes.first(login, proof, now=self._desk.now())
        if fresh is None:
            raise Refused(401, "wrong")
        return _shown(fresh)

    async def enter(self, knock: Knock) -> Response:
        login, proof, code = knock.text("login", 128), knock.raw("proof", 32), knock.text("code", _MOST_CODE)
        try:
            entered = await self._codes.enter(login, proof, code, now=self._desk.now())
        except Busy:
            raise Refused(429, "slow") from None
        if entered is None:
            raise Refused(401, "wrong")
        cookie, signed = entered
        return with_cookie(JSONResponse(await self._console.session(signed, cookie)), cookie)

    async def show(self, knock: Knock) -> Response:
        return await self._page(knock)

    async def act(self, knock: Knock) -> Response:
        match knock.body.get("do"):
            case "make":
                fresh = await self._codes.add(knock.whoever, now=self._desk.now())
                return await self._page(knock, fresh=fresh)
            case "keep":
                return await self._keep(knock)
            case "remove" if await self._codes.remove(knock.whoever, now=self._desk.now()):
                return await self._page(knock, done="removed")
        raise Refused(400, "malformed")

    def refused(self, request: Request, refused: Refused) -> Response | None:
        """Whoever is not signed in is shown where to."""
        return self._pages.render(request, _TEMPLATE, status=401, view="over") if refused.status == 401 else None

    async def _keep(self, knock: Knock) -> Response:
        try:
            taken = await self._codes.fits(
                knock.whoever.account, str(knock.body.get("code", ""))[:_MOST_CODE], now=self._desk.now()
            )
        except Busy:
            taken = False
        return await self._page(knock, wrong=not taken, status=200 if taken else 409)

    async def _page(
        self, knock: Knock, *, fresh: Fresh | None = None, done: str = "", wrong: bool = False, status: int = 200
    ) -> Response:
        response = self._pages.render(
            knock.request,
            _TEMPLATE,
            status=status,
            view="codes",
            token=page_token(knock.request.cookies.get(COOKIE, "")),
            state=(await self._codes.state(knock.whoever)).value,
            fresh=_shown(fresh) if fresh else None,
            done=done,
            wrong=wrong,
        )
        response.headers["cache-control"] = "no-store"
        return response


def _shown(fresh: Fresh) -> dict[str, Any]:
    """The secret as text, four letters at a time, and as the dark squares of a QR code of so many `size`."""
    modules = list(segno.make(fresh.address, error="m", micro=False).matrix_iter(border=_QUIET_MODULES))
    dark = "".join(f"M{c} {r}h1v1h-1z" for r, row in enumerate(modules) for c, one in enumerate(row) if one)
    spaced = " ".join(fresh.written[at : at + 4] for at in range(0, len(fresh.written), 4))
    return {"secret": spaced, "size": len(modules), "squares": dark}

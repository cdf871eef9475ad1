"""The page on which somebody who was invited becomes an officer, and its doors; the invitation is what opens them."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.console import answers
from bot.console.doors import EVERYBODY, Door, Knock, Need, Refused, missing
from bot.console.endpoints import Desk
from bot.console.pages import Pages
from bot.services.officers.account import Role
from bot.services.officers.enrol import READS
from bot.services.officers.joining import Joining, Made

_TOKEN = 64
_TEMPLATE = "join.html"


def join_doors(desk: Desk, joining: Joining, pages: Pages) -> tuple[Door, ...]:
    doors = JoinDoors(desk, joining, pages)
    return (
        Door("/join", "GET", doors.page, Need.NOTHING, EVERYBODY),
        Door("/join/look", "POST", doors.look, Need.NOTHING, EVERYBODY),
        Door("/join/shard", "POST", doors.shard, Need.NOTHING, EVERYBODY),
        Door("/join/done", "POST", doors.done, Need.NOTHING, EVERYBODY),
    )


class JoinDoors:
    def __init__(self, desk: Desk, joining: Joining, pages: Pages) -> None:
        self._desk = desk
        self._joining = joining
        self._pages = pages

    async def page(self, knock: Knock) -> Response:
        return self._shell(knock.request)

    async def look(self, knock: Knock) -> Mapping[str, Any]:
        """Who was invited, and what the browser needs to make the keys."""
        now = self._desk.now()
        invited = await self._joining.look(knock.text("token", _TOKEN), now=now)
        if invited is None:
            raise missing()
        return {
            "login": invited.login,
            "name": invited.name,
            "reads": bool(READS & {Role(role) for role in invited.roles}),
            "deployment": self._desk.trust.roster(now).deployment.hex(),
            "cost": self._joining.cost,
            "now": now,
        }

    async def shard(self, knock: Knock) -> Mapping[str, Any]:
        try:
            key = bytes.fromhex(knock.text("key", 32))
        except ValueError:
            raise Refused(400, "malformed") from None
        if len(key) != 16:
            raise Refused(400, "malformed")
        shard = await self._joining.shard(knock.text("token", _TOKEN), key, now=self._desk.now())
        if shard is None:
            raise missing()
        return {"shard": answers.base64(shard)}

    async def done(self, knock: Knock) -> Mapping[str, Any]:
        made = Made(knock.raw("salt", 16), knock.raw("proof", 32))
        if "public" in knock.body:
            made = Made(
                made.salt,
                made.proof,
                signing=knock.raw("signing", 32),
                public=knock.raw("public"),
                starts=knock.number("starts"),
                ends=knock.number("ends"),
                signature=knock.raw("signature", 64),
                wrapped=knock.raw("wrapped"),
            )
        if not await self._joining.join(knock.text("token", _TOKEN), made, now=self._desk.now()):
            raise missing()
        return {}

    def _shell(self, request: Request) -> Response:
        return self._pages.render(
            request,
            _TEMPLATE,
            script=self._pages.link(request, "join.js"),
            vault=self._pages.link(request, "vault.js")["url"],
        )

"""The page of people, for administrators: who may sign in, who waits to be signed; inviting, and ending every access (S14).

Nobody becomes a reader here: the root signs the list of officers elsewhere.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.doors import COOKIE, Door, Knock, Refused, page_token
from bot.console.endpoints import Desk
from bot.console.pages import Pages
from bot.core.errors import Conflict
from bot.services.officers.account import Role
from bot.services.officers.joining import INVITATION_S, Joining
from bot.services.officers.leaving import Leaving

KEEPERS: Final = frozenset({Role.ADMINISTRATOR})
_TEMPLATE: Final = "people.html"
_HOUR_S: Final = 3_600

Person = tuple[str, str, frozenset[str]]
"""Id, display name, roles."""


@dataclass(frozen=True, slots=True)
class People:
    """`everybody`: who may sign in."""

    joining: Joining
    leaving: Leaving
    everybody: Callable[[], Awaitable[Sequence[Person]]]


def people_doors(desk: Desk, people: People, pages: Pages) -> tuple[Door, ...]:
    page = PeoplePage(desk, people, pages)
    return (
        Door("/people", "GET", page.show, roles=KEEPERS, refused=page.refused),
        Door("/people", "POST", page.act, roles=KEEPERS, form=True, refused=page.refused),
    )


class PeoplePage:
    def __init__(self, desk: Desk, people: People, pages: Pages) -> None:
        self._desk = desk
        self._people = people
        self._pages = pages

    async def show(self, knock: Knock) -> Response:
        return await self._page(knock, done=knock.request.query_params.get("done", ""))

    async def act(self, knock: Knock) -> Response:
        login = str(knock.body.get("login", "")).strip()
        match knock.body.get("do"):
            case "invite":
                return await self._invite(knock, login)
            case "leave":
                return await self._leave(knock, login)
            case "device" if await self._people.leaving.lost_device(login, now=self._desk.now()):
                path = knock.request.url_for("page").path
                return RedirectResponse(f"{path}people?lang={self._lang(knock)}&done=device", 303)
        raise Refused(400, "malformed")

    def refused(self, request: Request, refused: Refused) -> Response | None:
        """Whoever is not signed in is shown where to; what one may not see is not there."""
        return self._pages.render(request, _TEMPLATE, status=401, view="over") if refused.status == 401 else None

    async def _invite(self, knock: Knock, login: str) -> Response:
        """The link is shown in the answer and nowhere else; loading the page again does not bring it back."""
        name, role = str(knock.body.get("name", "")).strip(), str(knock.body.get("role", ""))
        typed = {"login": login, "name": name, "role": role}
        named = login.isascii() and login.isprintable() and " " not in login and 0 < len(login) <= 64
        if not named or not 0 < len(name) <= 100 or role not in {one.value for one in Role}:
            return await self._page(knock, wrong="shape", typed=typed, status=409)
        try:
            token = await self._people.joining.invite(login, name, frozenset({Role(role)}), now=self._desk.now())
        except Conflict:
            return await self._page(knock, wrong="taken", typed=typed, status=409)
        link = f"{knock.request.url_for('/join')}#{token}"
        return await self._page(knock, link=link, invited=login)

    async def _leave(self, knock: Knock, login: str) -> Response:
        if login == knock.whoever.account.id:
            return await self._page(knock, wrong="self", status=409)
        if knock.body.get("sure") != "on":
            return await self._page(knock, wrong="sure", status=409)
        left = await self._people.leaving.leave(login, now=self._desk.now())
        if left is None:
            return await self._page(knock, wrong="shape", status=409)
        if not left.done:
            return await self._page(knock, wrong="lost", count=left.lost, status=409)
        path = knock.request.url_for("page").path
        return RedirectResponse(f"{path}people?lang={self._lang(knock)}&done=left", 303)

    async def _page(
        self,
        knock: Knock,
        *,
        done: str = "",
        wrong: str = "",
        count: int = 0,
        link: str = "",
        invited: str = "",
        typed: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        page: dict[str, Any] = {
            "view": "people",
            "token": page_token(knock.request.cookies.get(COOKIE, "")),
            "everybody": [(id, name, sorted(roles)) for id, name, roles in await self._people.everybody()],
            "me": knock.whoever.account.id,
            "pending": await self._people.joining.pending(now=self._desk.now()),
            "roles": [role.value for role in Role],
            "hours": INVITATION_S // _HOUR_S,
            "done": done if done in ("left", "device") else "",
            "wrong": wrong,
            "count": count,
            "link": link,
            "invited": invited,
            "typed": {"login": "", "name": "", "role": "", **(typed or {})},
        }
        return self._pages.render(knock.request, _TEMPLATE, status=status, **page)

    def _lang(self, knock: Knock) -> str:
        return self._pages.catalog.language(str(knock.body.get("lang", "")))

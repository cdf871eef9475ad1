"""The form that prepares a list of teams for signing.  It keeps nothing and adds no reader: its result is a file (S23)."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from bot.console.doors import COOKIE, Door, Knock, Refused, missing, page_token
from bot.console.endpoints import Desk
from bot.console.pages import Pages
from bot.console.room import ROOM, Person
from bot.content.model import Content
from bot.core.errors import ConfigError
from bot.core.roster import Team
from bot.services.founding import parsed_teams, written_teams
from bot.services.officers.account import Role
from bot.services.officers.ports import Conn, Database
from bot.services.team_draft import Known, differences, faults, with_team, without_team

_TEMPLATE: Final = "teams.html"
_READERS: Final = frozenset({Role.OFFICER.value, Role.SUPERVISOR.value})
_OWN_CONCERNS: Final = ("feedback", "proposal")
"""What is said of the service itself is a kind of concern, too."""
_LONGEST: Final = 200_000

People = Callable[[Conn], Any]


def teams_doors(
    desk: Desk, database: Database, pages: Pages, people: People, content: Callable[[], Content]
) -> tuple[Door, ...]:
    page = TeamsPage(desk, database, pages, people, content)
    return (
        Door("/teams", "GET", page.show, roles=ROOM, refused=page.refused),
        Door("/teams", "POST", page.act, roles=ROOM, form=True, refused=page.refused),
    )


class TeamsPage:
    def __init__(
        self, desk: Desk, database: Database, pages: Pages, people: People, content: Callable[[], Content]
    ) -> None:
        self._desk = desk
        self._database = database
        self._pages = pages
        self._people = people
        self._content = content

    async def show(self, knock: Knock) -> Response:
        return await self._page(knock, self._signed())

    async def act(self, knock: Knock) -> Response:
        """Change one team of the draft that the form itself carries, or hand the draft out as a file."""
        body = knock.body
        try:
            draft = parsed_teams(str(body.get("draft", ""))[:_LONGEST])
        except ConfigError as wrong:
            return await self._page(knock, self._signed(), unread=str(wrong), status=422)
        name = str(body.get("team", ""))[:100]
        match body.get("do"):
            case "open":
                return await self._page(knock, draft, opened=name)
            case "change":
                changed = _typed(body)
                return await self._page(knock, with_team(draft, changed), opened=changed.id)
            case "remove":
                return await self._page(knock, without_team(draft, name))
            case "file":
                headers = {"content-disposition": 'attachment; filename="teams.toml"'}
                return Response(written_teams(draft), media_type="application/octet-stream", headers=headers)
        raise Refused(400, "malformed")

    def refused(self, request: Request, refused: Refused) -> Response | None:
        """Whoever is not signed in is shown where to; what one may not see is not there."""
        return self._pages.render(request, _TEMPLATE, status=401, view="over") if refused.status == 401 else None

    def _signed(self) -> tuple[Team, ...]:
        return self._desk.trust.roster(self._desk.now()).teams

    async def _page(
        self,
        knock: Knock,
        draft: tuple[Team, ...],
        *,
        opened: str | None = None,
        unread: str = "",
        status: int = 200,
    ) -> Response:
        roster = self._desk.trust.roster(self._desk.now())
        readers = await self._readers()
        content = self._content()
        known = Known(
            content.places.keys(),
            {*readers, *(one.id for one in roster.officers)},
            {*content.concern_codes, *_OWN_CONCERNS},
        )
        team = next((one for one in draft if one.id == opened), Team("", "", (), ()))
        page: Mapping[str, Any] = {
            "view": "teams",
            "token": page_token(knock.request.cookies.get(COOKIE, "")),
            "draft": draft,
            "file": written_teams(draft),
            "changes": [*differences(roster.teams, draft)],
            "faults": [*faults(draft, known)],
            "form": None if opened is None else team,
            "readers": sorted({*known.readers, *team.officers}),
            "names": readers,
            "version": roster.version + 1,
            "unread": unread,
        }
        return self._pages.render(knock.request, _TEMPLATE, status=status, **page)

    async def _readers(self) -> dict[str, str]:
        """Id → name of everybody who may read once a signed list says so."""
        people: list[Person] = await self._database.read(self._people)
        return {id: name for id, name, roles in people if roles & _READERS}


def _typed(body: Mapping[str, Any]) -> Team:
    """A team as the form has it; a box that is ticked is a field of its own."""
    ticked = [name.removeprefix("reader.") for name in body if name.startswith("reader.")]
    id = str(body.get("team", "")) or str(body.get("f.id", "")).strip()
    if not id:
        raise missing()
    return Team(
        id,
        " ".join(str(body.get("f.name", "")).split())[:100],
        _codes(body, "f.places"),
        tuple(ticked),
        _codes(body, "f.concerns"),
        body.get("f.duty") == "on",
        _codes(body, "f.pair") if body.get("f.duty") == "on" else (),
    )


def _codes(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = str(body.get(name, "")).replace(",", " ").split()
    return tuple(dict.fromkeys(found))

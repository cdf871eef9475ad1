"""The administrators' room: who reads and how to change it, settings, people, posters, health.  It opens no case (S23)."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.doors import COOKIE, Door, Knock, Refused, missing, page_token
from bot.console.endpoints import Desk
from bot.console.pages import Pages
from bot.console.wording_views import day_of
from bot.services.content_desk import PUBLISHED, No
from bot.services.founding import written_teams
from bot.services.officers.account import Role
from bot.services.officers.ports import Conn, Database
from bot.services.ruling import CHANGEABLE, TRANSLATOR, Ruling

ROOM: Final = frozenset({Role.ADMINISTRATOR})
_TEMPLATE = "room.html"
_DAY_S: Final = 86_400
_LONGEST: Final = 2_000
_WORDS_ONLY: Final = "none"

Check = tuple[str, bool, str]
Person = tuple[str, str, frozenset[str]]
"""Id, display name, roles."""


@dataclass(frozen=True, slots=True)
class House:
    """What the room shows of the house.  `poster`: campaign and language → SVG, where there is somewhere to lead to.

    `checks`: what `doctor` says; takes seconds.  `links`: the addresses of a campaign.
    """

    checks: Callable[[], Awaitable[Sequence[Check]]]
    poster: Callable[[str, str], Awaitable[str | None]]
    links: Callable[[str], Sequence[str]]
    people: Callable[[Conn], Sequence[Person]]


def room_doors(desk: Desk, database: Database, ruling: Ruling, pages: Pages, house: House) -> tuple[Door, ...]:
    page = RoomPage(desk, database, ruling, pages, house)
    return (
        Door("/room", "GET", page.show, roles=ROOM, refused=page.refused),
        Door("/room", "POST", page.act, roles=ROOM, form=True, refused=page.refused),
    )


class RoomPage:
    def __init__(self, desk: Desk, database: Database, ruling: Ruling, pages: Pages, house: House) -> None:
        self._desk = desk
        self._database = database
        self._ruling = ruling
        self._pages = pages
        self._house = house

    async def show(self, knock: Knock) -> Response:
        asked = knock.request.query_params
        if campaign := asked.get("poster", ""):
            return await self._poster(campaign, asked.get("of", ""))
        checks = await self._house.checks() if asked.get("look") else ()
        return await self._page(knock, checks=checks, done="done" in asked)

    async def act(self, knock: Knock) -> Response:
        """Set one thing; a refusal shows what was typed again."""
        body, who, now = knock.body, knock.whoever, self._desk.now()
        name, value = str(body.get("name", ""))[:100], str(body.get("value", ""))[:_LONGEST].strip()
        based = _whole(body.get("based"))
        match body.get("do"):
            case "set":
                if name == "attachments" and value != _WORDS_ONLY and body.get("procedure") != "on":
                    return await self._page(knock, refused="procedure", typed={name: value}, status=409)
                found = await self._ruling.set(who, name, value, based=based, now=now)
            case "unset" if name in CHANGEABLE:
                found = await self._ruling.unset(who, name, based=based, now=now)
            case "languages":
                found = await self._give(knock, name, value, based)
            case _:
                raise Refused(400, "malformed")
        if isinstance(found, No):
            return await self._page(knock, refused=found.value, typed={name: value}, status=409)
        if found:
            return await self._page(knock, wrong=found, typed={name: value}, status=409)
        path = knock.request.url_for("page").path
        return RedirectResponse(f"{path}room?lang={self._lang(knock)}&done=1", 303)

    def refused(self, request: Request, refused: Refused) -> Response | None:
        """Whoever is not signed in is shown where to; what one may not see is not there."""
        return self._pages.render(request, _TEMPLATE, status=401, view="over") if refused.status == 401 else None

    async def _give(self, knock: Knock, account: str, value: str, based: int) -> No | str | None:
        people = await self._database.read(self._house.people)
        if not any(id == account and Role.TRANSLATOR.value in roles for id, _, roles in people):
            raise missing()
        known = self._pages.catalog.tags()
        tags = [tag.strip() for tag in value.split(",") if tag.strip()]
        if strange := [tag for tag in tags if tag not in known]:
            return f"{', '.join(strange)}: there are {', '.join(known)}"
        return await self._ruling.give_languages(knock.whoever, account, tags, based=based, now=self._desk.now())

    async def _poster(self, campaign: str, lang: str) -> Response:
        if campaign not in self._ruling.settings.known_campaigns or lang not in self._pages.catalog.tags():
            raise missing()
        drawn = await self._house.poster(campaign, lang)
        if drawn is None:
            raise missing()
        headers = {"content-disposition": f'attachment; filename="poster-{campaign}-{lang}.svg"'}
        return Response(drawn, media_type="image/svg+xml", headers=headers)

    async def _page(
        self,
        knock: Knock,
        *,
        checks: Sequence[Check] = (),
        done: bool = False,
        refused: str = "",
        wrong: str = "",
        typed: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        names = await self._desk.sign_in.colleagues()
        now = self._desk.now()
        roster = self._desk.trust.roster(now)
        page = {
            "view": "room",
            "token": page_token(knock.request.cookies.get(COOKIE, "")),
            "roster": roster,
            "days": (roster.expires - now) // _DAY_S,
            "teams": [
                (team, [id for id in team.officers if (one := roster.officer(id)) and one.living_key(now)])
                for team in roster.teams
            ],
            "teams_file": written_teams(roster.teams),
            "settings": await self._settings(names, typed or {}),
            "people": await self._people(typed or {}),
            "campaigns": [(name, self._house.links(name)) for name in sorted(self._ruling.settings.known_campaigns)],
            "poster_in": [(tag, own) for tag, own in self._pages.catalog.named() if self._house.links("x")],
            "checks": checks,
            "done": done,
            "refused": refused,
            "wrong": wrong,
        }
        return self._pages.render(knock.request, _TEMPLATE, status=status, **page)

    async def _settings(self, names: Mapping[str, str], typed: Mapping[str, str]) -> list[dict[str, Any]]:
        newest = await self._ruling.newest()
        shown = []
        for name in CHANGEABLE:
            row = newest.get(name)
            here = row is not None and row.state == PUBLISHED
            # what was just set may not have reached this replica yet: the database says it
            value = json.loads(row.entry)["value"] if row and here else str(getattr(self._ruling.settings, name))
            shown.append(
                {
                    "name": name,
                    "now": value,
                    "value": typed.get(name, value),
                    "version": row.version if row else 0,
                    "here": here,
                    "who": names.get(row.author, row.author) if row else "",
                    "when": day_of(row.hour) if row else "",
                    "options": {
                        "helplines": ("sure", "sourced", "all"),
                        "attachments": ("none", "voice", "all"),
                        "notices": ("offered", "none"),
                    }.get(name, ()),
                }
            )
        return shown

    async def _people(self, typed: Mapping[str, str]) -> list[dict[str, Any]]:
        given = await self._ruling.newest(TRANSLATOR)
        people = await self._database.read(self._house.people)
        return [
            {
                "id": id,
                "name": name,
                "given": id in given,
                "value": typed.get(id, ", ".join(json.loads(given[id].entry)["languages"]) if id in given else ""),
                "version": given[id].version if id in given else 0,
            }
            for id, name, roles in people
            if Role.TRANSLATOR.value in roles
        ]

    def _lang(self, knock: Knock) -> str:
        return self._pages.catalog.language(str(knock.body.get("lang", "")))


def _whole(value: object) -> int:
    text = str(value or "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0

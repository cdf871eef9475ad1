"""The page where the content is changed: plain forms that need no script, for administrators and reviewers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.doors import COOKIE, Door, Knock, Refused, missing, page_token
from bot.console.endpoints import Desk
from bot.console.entry_forms import KINDS_OF_INPUT, beginning_of, extra_of, is_name, label_of, preview, read_form, shown
from bot.console.pages import Pages
from bot.console.wording_views import changes, day_of
from bot.content.entries import ANSWER, HELPLINE, KINDS, PAGE, REGION, STORY, Kind, Values
from bot.content.model import Content
from bot.core.effects import Text
from bot.services import content_desk
from bot.services.content_desk import DRAFT, PUBLISHED, REVIEWED, ContentDesk, Item, No, Refusal
from bot.services.officers.account import Role
from bot.wording.render import Wording

ADMINISTRATORS: Final = frozenset({Role.ADMINISTRATOR, Role.REVIEWER})
PER_PAGE: Final = 30
DIAL_EVERY_DAYS: Final = 90
"""A live service dials its numbers so often (DESIGN §4.10)."""

_TEMPLATE = "content.html"
_DONE = frozenset({"save", "remove", "approve", "publish", "withdraw", "revert", "called"})


def content_doors(
    desk: Desk, content: ContentDesk, pages: Pages, now: Callable[[], Content], wording: Callable[[], Wording]
) -> tuple[Door, ...]:
    """`now`: the content that counts in this replica."""
    page = ContentPage(desk, content, pages, now, wording)
    return (
        Door("/content", "GET", page.show, roles=ADMINISTRATORS, refused=page.refused),
        Door("/content", "POST", page.act, roles=ADMINISTRATORS, form=True, refused=page.refused),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Where somebody is.  `item`: "" in the list; `view`: "", "new" or "recheck"."""

    lang: str
    kind: str
    item: str
    find: str
    start: int
    view: str

    def query(self, **more: object) -> str:
        now = {"lang": self.lang, "kind": self.kind, "item": self.item, "q": self.find, "from": self.start}
        now |= {"view": self.view} | more
        return "?" + urlencode({name: value for name, value in now.items() if value not in ("", 0)})


class ContentPage:
    def __init__(
        self, desk: Desk, content: ContentDesk, pages: Pages, now: Callable[[], Content], wording: Callable[[], Wording]
    ) -> None:
        self._desk = desk
        self._content = content
        self._pages = pages
        self._now = now
        self._wording = wording

    async def show(self, knock: Knock) -> Response:
        asked, kind = self._asked(knock.request.query_params)
        if file := knock.request.query_params.get("file", ""):
            return await self._file(file)
        done = knock.request.query_params.get("done", "")
        said = done if done in _DONE else ""
        if asked.view == "recheck":
            return await self._recheck(knock, asked, said)
        if asked.item or asked.view == "new" or kind.single:
            return await self._entry(knock, asked, kind, said=said)
        return await self._list(knock, asked, kind)

    async def act(self, knock: Knock) -> Response:
        """One step of one entry; what was typed is never lost: a refusal shows it again."""
        asked, kind = self._asked(knock.body)
        deed = str(knock.body.get("do", ""))
        if deed in ("worked", "failed"):
            return await self._called(knock, asked, deed)
        values, wrong = read_form(kind, knock.body) if deed in ("save", "remove") else ({}, ())
        id = asked.item or str(values.get(kind.key, ""))
        if not asked.item and not wrong and await self._content.find(kind, id):
            wrong = (f"{kind.key}: there is an entry of this name already",)
        refused = Refusal(No.FAULTY, wrong) if wrong else await self._step(knock, kind, id, deed, values)
        if refused is not None:
            return await self._entry(knock, asked, kind, refused=refused, values=values or None, status=409)
        target = Asked(asked.lang, asked.kind, id, asked.find, asked.start, "")
        return RedirectResponse(knock.request.url_for("page").path + "content" + target.query(done=deed), 303)

    def refused(self, request: Request, refused: Refused) -> Response | None:
        """Whoever is not signed in is shown where to; what one may not see is not there."""
        return self._render(request, {"view": "over", "asked": None}, status=401) if refused.status == 401 else None

    async def _step(self, knock: Knock, kind: Kind, id: str, deed: str, values: Values) -> Refusal | None:
        who, now, based = knock.whoever, self._desk.now(), _whole(knock.body.get("based"))
        at = (who, kind, id)
        if not kind.single and not is_name(kind, id):
            raise missing()
        match deed:
            case "save" | "remove":
                return await self._content.save(*at, values, based=based, now=now, gone=deed == "remove")
            case "approve":
                return await self._content.approve(*at, based=based, now=now)
            case "publish":
                return await self._content.publish(*at, based=based, now=now)
            case "withdraw":
                return await self._content.withdraw(*at, based=based, now=now)
            case "revert":
                return await self._content.revert(*at, to=_whole(knock.body.get("to")), based=based, now=now)
        raise Refused(400, "malformed")

    async def _called(self, knock: Knock, asked: Asked, deed: str) -> Response:
        if not any(entry.line.id == asked.item for entry in self._now().helplines):
            raise missing()
        await self._content.called(knock.whoever, asked.item, worked=deed == "worked", now=self._desk.now())
        target = Asked(asked.lang, HELPLINE.name, "", "", 0, "recheck")
        return RedirectResponse(knock.request.url_for("page").path + "content" + target.query(done="called"), 303)

    async def _file(self, file: str) -> Response:
        text = (await self._content.export()).get(file)
        if text is None:
            raise missing()
        name = file.rpartition("/")[2]
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(text, media_type="application/octet-stream", headers=headers)

    async def _list(self, knock: Knock, asked: Asked, kind: Kind) -> Response:
        found = [item for item in await self._content.board(kind) if _matches(item, asked.find)]
        start, more = asked.start, asked.start + PER_PAGE
        shown = {
            "view": "list",
            "asked": asked,
            "rows": [(item, _name_of(kind, item)) for item in found[start:more]],
            "count": len(found),
            "earlier": asked.query(**{"from": max(0, start - PER_PAGE)}) if start else "",
            "more": asked.query(**{"from": more}) if more < len(found) else "",
            "files": sorted(await self._content.export()),
        }
        return self._render(knock.request, shown)

    async def _recheck(self, knock: Knock, asked: Asked, said: str) -> Response:
        """Numbers nobody called for three months, the never called first."""
        today = date.fromisoformat(content_desk.day_of(self._desk.now()))
        due = [
            entry
            for entry in self._now().helplines
            if entry.line.dial
            and (not entry.dialled_on or (today - date.fromisoformat(entry.dialled_on)).days > DIAL_EVERY_DAYS)
        ]
        due.sort(key=lambda entry: (entry.dialled_on, not entry.line.child_line, entry.line.country != "PK"))
        texts = self._now().texts
        rows = [(entry, texts[entry.line.name].en) for entry in due]
        return self._render(knock.request, {"view": "recheck", "asked": asked, "rows": rows, "said": said})

    async def _entry(
        self,
        knock: Knock,
        asked: Asked,
        kind: Kind,
        *,
        said: str = "",
        refused: Refusal | None = None,
        values: Values | None = None,
        status: int = 200,
    ) -> Response:
        id = kind.name if kind.single else asked.item
        item = (
            await self._content.find(kind, id)
            if id
            else Item(kind.name, "", beginning_of(kind), DRAFT, 0, False, False)
        )
        if item is None:
            raise missing()
        written = item.values if values is None else values
        names = await self._desk.sign_in.colleagues()
        past = await self._content.history(kind, id) if id else ()
        wanted = _whole(knock.request.query_params.get("version"))
        seen = next((row for row in past if row.version == wanted), None)
        page = {
            "view": "entry",
            "asked": asked,
            "item": item,
            "fields": [self._field(field, written, fixed=bool(id) and field.name == kind.key) for field in kind.fields],
            "bubbles": self._bubbles(asked.lang, kind, content_desk.read_entry(seen.entry)[0] if seen else written),
            "previewed": seen.version if seen else 0,
            "steps": {
                "remove": kind.removable and item.version + item.shipped > 0 and not item.gone,
                "approve": item.state == DRAFT and item.version > 0,
                "publish": item.state == REVIEWED,
                "withdraw": item.version > 0 and item.state in (DRAFT, REVIEWED, PUBLISHED),
            },
            "history": [
                (row, names.get(row.author, row.author), day_of(row.hour), changes(older, _plain(row.entry)))
                for row, older in zip(past, [*(_plain(r.entry) for r in past[1:]), ""], strict=False)
            ],
            "said": said,
            "refused": refused,
        }
        return self._render(knock.request, page, status=status)

    def _field(self, field: Any, values: Values, *, fixed: bool) -> dict[str, Any]:
        return {
            "name": field.name,
            "label": label_of(field),
            "extra": extra_of(field),
            "input": KINDS_OF_INPUT.get(field.kind, "line"),
            "kind": field.kind,
            "options": field.options,
            "needed": field.needed,
            "value": shown(field, values.get(field.name)),
            "fixed": fixed,
        }

    def _bubbles(self, lang: str, kind: Kind, values: Values) -> list[tuple[str, str, list[str]]]:
        wording = self._wording()

        def said_of(one: Text | str) -> str:
            return wording.say("en", one) if isinstance(one, Text) else one

        return [
            (who, said_of(said), [said_of(label) for label in buttons]) for who, said, buttons in preview(kind, values)
        ]

    def _asked(self, given: Mapping[str, Any]) -> tuple[Asked, Kind]:
        """Whatever was asked, an answerable question."""
        kind = KINDS.get(str(given.get("kind", "")), HELPLINE)
        view = str(given.get("view", ""))
        asked = Asked(
            self._pages.catalog.language(str(given.get("lang", ""))),
            kind.name,
            kind.name if kind.single else str(given.get("item", ""))[:100],
            str(given.get("q", ""))[:200],
            _whole(given.get("from")),
            view if view in ("new", "recheck") else "",
        )
        return asked, kind

    def _render(self, request: Request, page: Mapping[str, Any], *, status: int = 200) -> Response:
        more = {
            "kinds": list(KINDS),
            "token": page_token(request.cookies.get(COOKIE, "")),
        }
        return self._pages.render(request, _TEMPLATE, status=status, **more, **page)


def _matches(item: Item, find: str) -> bool:
    wanted = find.casefold().strip()
    return not wanted or wanted in item.id.casefold() or any(wanted in str(v).casefold() for v in item.values.values())


_NAMES: Final = {PAGE.name: "title", STORY.name: "title", ANSWER.name: "text", REGION.name: "en", HELPLINE.name: "name"}


def _name_of(kind: Kind, item: Item) -> str:
    name = _NAMES.get(kind.name, "reason")
    return str(item.values.get(name, ""))


def _plain(entry: str) -> str:
    """Values one after the other, for the difference between two versions."""
    values, gone = content_desk.read_entry(entry)
    return ("removed " if gone else "") + " ".join(f"{name}: {_words(value)}" for name, value in values.items())


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{key}: {_words(one)}" for key, one in value.items())
    return " ".join(map(_words, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)


def _whole(value: object) -> int:
    text = str(value or "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0

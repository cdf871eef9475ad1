"""The translators' desk: plain forms that need no script, for translators and administrators, who never see a case."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.doors import COOKIE, Door, Knock, Refused, missing, page_token
from bot.console.endpoints import Desk
from bot.console.pages import Pages
from bot.console.voicing import voicing_doors
from bot.console.wording_asked import EVERY_LANGUAGE, TRANSLATORS, Asked, Voicing, whole
from bot.console.wording_company import Company, Reported, nothing_reported, ready_words, taken
from bot.console.wording_places import beside, glossary_file
from bot.console.wording_views import FILTERS, changes, day_of, matches, preview_of, standing_of, suggestions
from bot.core.errors import ContentError
from bot.core.words import placeholders
from bot.services.glossary import Glossary, used
from bot.services.wording_desk import DRAFT, REVIEWED, Line, No, WordingDesk
from bot.wording.exchange import FORMATS, SUFFIXES, read, write

PAGE: Final = 20
_TEMPLATE = "wording.html"
_LONGEST_WORDS = 8_000


Reach = Callable[[str], Awaitable[frozenset[str] | None]]
"""Account id → the languages somebody works on; none: every one."""


async def everywhere(account: str) -> frozenset[str] | None:
    return None


def wording_doors(
    desk: Desk,
    wording: WordingDesk,
    pages: Pages,
    voicing: Voicing,
    glossary: Glossary,
    company: Company,
    reach: Reach = everywhere,
    reported: Reported = nothing_reported,
) -> tuple[Door, ...]:
    page = WordingPage(desk, wording, pages, voicing, glossary, company, reach, reported)
    return (
        Door("/wording", "GET", page.show, roles=TRANSLATORS, refused=page.refused),
        Door("/wording", "POST", page.act, roles=TRANSLATORS, form=True, refused=page.refused),
        *voicing_doors(desk, wording, voicing, pages, page.where),
    )


class WordingPage:
    def __init__(
        self,
        desk: Desk,
        wording: WordingDesk,
        pages: Pages,
        voicing: Voicing,
        glossary: Glossary,
        company: Company,
        reach: Reach = everywhere,
        reported: Reported = nothing_reported,
    ) -> None:
        self._reach = reach
        self._reported = reported
        self._company = company
        self._desk = desk
        self._wording = wording
        self._pages = pages
        self._voicing = voicing
        self._glossary = glossary

    async def show(self, knock: Knock) -> Response:
        asked = await self.where(knock, knock.request.query_params)
        lines = await self._wording.board(asked.of)
        if kind := knock.request.query_params.get("get", ""):
            return await self._file(asked, kind)
        if asked.text:
            return await self._editor(knock, asked, lines, said=knock.request.query_params.get("done", ""))
        terms = await self._glossary.terms(asked.of)
        return self._list(knock, asked, lines, terms=terms, said=knock.request.query_params.get("done", ""))

    async def act(self, knock: Knock) -> Response:
        """One step of one text; what was written is never lost: a refusal shows it again."""
        body = knock.body
        asked = await self.where(knock, body)
        words = str(body.get("words", ""))[:_LONGEST_WORDS].strip()
        lines = await self._wording.board(asked.of)
        if body.get("do") in ("look", "take"):
            return await self._bring(knock, asked, lines)
        if body.get("do") == "accept":
            return await self._accept(knock, asked, lines)
        if body.get("do") == "term":
            return await self._name(knock, asked)
        if asked.text not in {line.id for line in lines}:
            raise missing()
        deed = str(body.get("do", ""))
        refused = await self._step(knock, asked, deed, words)
        if refused is not None:
            return await self._editor(knock, asked, lines, refused=refused, words=words, status=409)
        await self._company.leaves(knock.whoever.account.id, asked.of, asked.text)
        target = asked
        if deed == "save-next":
            ids = [line.id for line in self._listed(asked, lines)]
            target = replace(asked, text=_beside(ids, asked.text, 1))
        address = knock.request.url_for("page").path + "wording" + target.query(done=deed)
        return RedirectResponse(address, 303)

    def refused(self, request: Request, refused: Refused) -> Response | None:
        """Whoever is not signed in is shown where to, and whose file is too large, how large; the rest is not there."""
        view = {401: "over", 413: "large"}.get(refused.status)
        return self._render(request, {"view": view}, status=refused.status) if view else None

    async def _step(self, knock: Knock, asked: Asked, deed: str, words: str) -> No | None:
        who, now, based = knock.whoever, self._desk.now(), whole(knock.body.get("based"))
        at = (who, asked.of, asked.text)
        match deed:
            case "save" | "save-next":
                return await self._wording.save(*at, words, based=based, now=now)
            case "approve":
                return await self._wording.approve(*at, based=based, now=now)
            case "publish":
                return await self._wording.publish(*at, based=based, now=now)
            case "withdraw":
                return await self._wording.withdraw(*at, based=based, now=now)
            case "revert":
                return await self._wording.revert(*at, to=whole(knock.body.get("to")), based=based, now=now)
        raise Refused(400, "malformed")

    async def _name(self, knock: Knock, asked: Asked) -> Response:
        """Say what a term of the glossary is called, or forget it."""
        english, words, note = (
            str(knock.body.get(f"term.{part}", "")).strip() for part in ("english", "words", "note")
        )
        who, now = knock.whoever, self._desk.now()
        done = await self._glossary.put(who, asked.of, english, words, note, now=now)
        query = asked.query(done="term" if done else "no-term") + "#glossary"
        return RedirectResponse(knock.request.url_for("page").path + "wording" + query, 303)

    async def _accept(self, knock: Knock, asked: Asked, lines: Sequence[Line]) -> Response:
        """Words that are ready become drafts, those that were ticked; what changed meanwhile is left as it is."""
        ticked, who, now = taken(knock.body), knock.whoever, self._desk.now()
        for line, words in ready_words(lines):
            if line.id in ticked:
                await self._wording.save(who, asked.of, line.id, words, based=line.version, now=now)
        return self._list(knock, asked, await self._wording.board(asked.of), accepted=True)

    async def _file(self, asked: Asked, kind: str) -> Response:
        if kind == "glossary":
            return glossary_file(asked.of, await self._glossary.terms(asked.of))
        if kind not in FORMATS:
            raise missing()
        text = write(kind, asked.of, await self._wording.entries(asked.of))
        name = f"hamrah-{asked.of}.{SUFFIXES[kind]}"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(text, media_type="application/octet-stream", headers=headers)

    async def _bring(self, knock: Knock, asked: Asked, lines: Sequence[Line]) -> Response:
        """Show what a file would change, or take it over whole."""
        kind, content = str(knock.body.get("kind", "")), str(knock.body.get("content", ""))
        if kind not in FORMATS:
            raise Refused(400, "malformed")
        who, dry = knock.whoever, knock.body.get("do") == "look"
        try:
            entries = read(kind, asked.of, content.encode("utf-8", "replace"))
            plan = await self._wording.bring(who.account.id, who.key, asked.of, entries, now=self._desk.now(), dry=dry)
        except ContentError as wrong:
            return self._list(knock, asked, lines, status=422, unread=str(wrong), content=content, kind=kind)
        if dry or plan.refused:
            status = 422 if plan.refused else 200
            return self._list(knock, asked, lines, status=status, plan=plan, content=content, kind=kind)
        return self._list(knock, asked, await self._wording.board(asked.of), taken=True)

    def _list(
        self, knock: Knock, asked: Asked, lines: Sequence[Line], *, status: int = 200, **brought: object
    ) -> Response:
        found = self._listed(asked, lines)
        shown = found[asked.start : asked.start + PAGE]
        return self._render(
            knock.request,
            {
                "view": "list",
                "asked": asked,
                "lines": shown,
                "count": len(found),
                "standing": standing_of(lines, self._voicing.ids(asked.of)),
                "earlier": asked.query(**{"from": max(0, asked.start - PAGE)}) if asked.start else "",
                "more": asked.query(**{"from": asked.start + PAGE}) if asked.start + PAGE < len(found) else "",
                "formats": FORMATS,
                "plan": None,
                "unread": "",
                "content": "",
                "kind": "po",
                "taken": False,
                "accepted": False,
                "terms": (),
                "said": "",
                "ready": ready_words(lines) if asked.show == "missing" else [],
                **brought,
            },
            status=status,
        )

    async def _editor(
        self,
        knock: Knock,
        asked: Asked,
        lines: Sequence[Line],
        *,
        said: str = "",
        refused: No | None = None,
        words: str | None = None,
        status: int = 200,
    ) -> Response:
        line = next((one for one in lines if one.id == asked.text), None)
        if line is None:
            raise missing()
        ids = [one.id for one in self._listed(asked, lines)]
        written = line.words if words is None else words
        names = await self._desk.sign_in.colleagues()
        past = await self._wording.history(asked.of, line.id)
        others = await self._company.joins(knock.whoever.account.id, asked.of, line.id, self._desk.now())
        shown = {
            "others": ", ".join(names.get(one, one) for one in others),
            "view": "text",
            "asked": asked,
            "line": line,
            "words": written,
            "chips": sorted(placeholders(line.source.en)),
            "limit": self._wording.limit(line.id, line.source),
            "faults": self._wording.faults(asked.of, line.id, line.source, written) if written else (),
            "changed": changes(line.before, line.source.en) if line.before else (),
            **beside(self._wording, asked.of, line.id, lines),
            "terms": used(await self._glossary.terms(asked.of), line.source.en, written),
            "heard": self._voicing.heard(asked.of, line.id) is not None,
            "preview": preview_of(self._wording, asked.of, line.id),
            "suggestions": suggestions(self._wording.live, asked.of, line.id, lines),
            "history": [(row, names.get(row.author, row.author), day_of(row.hour), changes(older, row.words))
                        for row, older in zip(past, [*(r.words for r in past[1:]), ""], strict=False)],
            "steps": {"approve": line.state == DRAFT and not line.stale, "publish": line.state == REVIEWED and not line.stale,
                      "withdraw": line.version > 0},
            "said": said if said in (*_DONE, "term", "no-term") else "",
            "refused": refused.value if refused else "",
            "before": asked.query(text=_beside(ids, line.id, -1)),
            "after": asked.query(text=_beside(ids, line.id, 1)),
        }  # fmt: skip
        return self._render(knock.request, shown, status=status)

    def _listed(self, asked: Asked, lines: Sequence[Line]) -> list[Line]:
        voiced = self._voicing.ids(asked.of)

        def failing(line: Line) -> bool:
            faults = self._wording.faults(asked.of, line.id, line.source, line.words) if line.words else ()
            return any(fault.blocks for fault in faults)

        wanted = FILTERS[asked.show]
        found = [line for line in lines if matches(line, asked.find) and wanted(line, voiced, failing)]
        return found if asked.only is None else [one for one in found if asked.wants(one.id)]

    async def where(self, knock: Knock, given: Mapping[str, Any]) -> Asked:
        """What is asked; nobody is let into a language that is not theirs."""
        asked = self._asked(given, await self._open_to(knock))
        if asked.show == "reported":
            return replace(asked, only=await self._reported(asked.of))
        return replace(asked, only=await self._voicing.desk.waiting(asked.of)) if asked.show == "spoken" else asked

    async def _open_to(self, knock: Knock) -> tuple[str, ...]:
        """The languages somebody works on: a translator's own, for reviewers and administrators every one."""
        every = tuple(self._wording.live.wording.registry.languages)
        account = knock.whoever.account
        if account.is_a & EVERY_LANGUAGE:
            return every
        own = await self._reach(account.id)
        return every if own is None else tuple(tag for tag in every if tag in own)

    def _asked(self, given: Mapping[str, Any], open_to: tuple[str, ...]) -> Asked:
        """Whatever was asked, an answerable question; another's language is not there."""
        registry = self._wording.live.wording.registry
        of, show = str(given.get("of", "")), str(given.get("show", ""))
        if not open_to or (of in registry.languages and of not in open_to):
            raise missing()
        first = next((tag for tag in registry.offered if tag != "en" and tag in open_to), open_to[0])
        return Asked(
            self._pages.catalog.language(str(given.get("lang", ""))),
            of if of in open_to else first,
            show if show in FILTERS else "all",
            str(given.get("q", ""))[:200],
            whole(given.get("from")),
            str(given.get("text", ""))[:200],
            open_to,
        )

    def _render(self, request: Request, shown: Mapping[str, Any], *, status: int = 200) -> Response:
        registry = self._wording.live.wording.registry
        asked = shown.get("asked")
        more = {
            "wanted": [registry.languages[tag] for tag in asked.open] if asked else [],
            "to": registry.languages[asked.of] if asked else None,
            "filters": list(FILTERS),
            "token": page_token(request.cookies.get(COOKIE, "")),
            "script": self._pages.link(request, "wording.js"),
        }
        return self._pages.render(request, _TEMPLATE, status=status, **more, **shown)


_DONE = frozenset({"save", "save-next", "approve", "publish", "withdraw", "revert"})


def _beside(ids: Sequence[str], id: str, step: int) -> str:
    """The next or previous text of the list; the first where this one is no longer in it, itself at the ends."""
    if id not in ids:
        return ids[0] if ids else id
    return ids[min(max(ids.index(id) + step, 0), len(ids) - 1)]

"""What each door of the console does: read the knock, ask a use case, answer plain data."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.console import answers
from bot.console.doors import COOKIE, Knock, Refused, missing, page_token
from bot.console.view_doors import narrow_of, view_of
from bot.core.case import PUT_OFF, Deed, Refusal
from bot.core.roster import Roster
from bot.services.officers.casework import Answer, Casework
from bot.services.officers.live import Watch
from bot.services.officers.queue import Queue
from bot.services.officers.sign_in import IDLE_S, Sessions, Signed, SignIn
from bot.services.officers.work import Work

MOST_SHOWN: Final = 500
"""Rows on one screen that a page may ask about."""
MOST_SNOOZED_S: Final = 90 * 86_400
MOST_QUIET_S: Final = 86_400
_DEEDS: Final = {deed.value: deed for deed in Deed if deed is not Deed.OPEN}


@dataclass(frozen=True, slots=True)
class Trust:
    """What a page needs to check everything itself.  `root`: published fingerprint; `document`: the signed roster."""

    root: str
    document: Callable[[], Awaitable[bytes]]
    roster: Callable[[int], Roster]


@dataclass(frozen=True, slots=True)
class Desk:
    """The use cases behind the console."""

    sessions: Sessions
    sign_in: SignIn
    queue: Queue
    casework: Casework
    work: Work
    trust: Trust
    now: Callable[[], int]
    watch: Watch


class Console:
    """The endpoints; each answers plain data."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def start(self, knock: Knock) -> Mapping[str, Any]:
        """Salt and cost for a name; every name has them (S19 in spirit: no account can be guessed from here)."""
        salt, cost = await self._desk.sign_in.start(knock.text("login", 128))
        return {"salt": answers.base64(salt), "cost": cost}

    async def enter(self, knock: Knock) -> Response:
        login, proof = knock.text("login", 128), knock.raw("proof", 32)
        entered = await self._desk.sign_in.enter(login, proof, now=self._desk.now())
        if entered is None:
            raise Refused(401, "wrong")
        cookie, signed = entered
        return with_cookie(JSONResponse(await self.session(signed, cookie)), cookie)

    async def me(self, knock: Knock) -> Mapping[str, Any]:
        """The token of the session, if there is one; who it is stays untold until the pass phrase was proven."""
        cookie = _cookie(knock.request)
        found = await self._desk.sessions.find(cookie, now=self._desk.now(), quiet=True)
        return {"token": page_token(cookie) if found else ""}

    async def unlock_start(self, knock: Knock) -> Mapping[str, Any]:
        account = knock.whoever.account
        return {"salt": answers.base64(account.salt), "cost": account.cost}

    async def unlock(self, knock: Knock) -> Mapping[str, Any]:
        unlocked = await self._desk.sign_in.unlock(knock.whoever, knock.raw("proof", 32), now=self._desk.now())
        if unlocked is None:
            raise Refused(401, "wrong")
        return await self.session(unlocked, _cookie(knock.request))

    async def lock(self, knock: Knock) -> Mapping[str, Any]:
        await self._desk.sign_in.lock(knock.whoever, now=self._desk.now())
        return {}

    async def leave(self, knock: Knock) -> Response:
        await self._desk.sign_in.leave(knock.whoever, now=self._desk.now())
        response = JSONResponse({})
        response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
        return response

    async def queue(self, knock: Knock) -> Mapping[str, Any]:
        """A change in the sense of the guard: reading a queue leaves a trace."""
        view, narrow = view_of(knock), narrow_of(knock)
        try:
            after = answers.after(knock.body.get("after"))
        except ValueError:
            raise Refused(400, "malformed") from None
        limit = max(1, knock.number("limit"))
        found = await self._desk.queue.page(
            knock.whoever, view, after, limit=limit, now=self._desk.now(), narrow=narrow
        )
        return answers.page(found, knock.whoever)

    async def glance(self, knock: Knock) -> Mapping[str, Any]:
        """What changed in the list on the screen; the page asks by itself."""
        view, narrow, limit = view_of(knock), narrow_of(knock), max(1, knock.number("limit"))
        shown = knock.body.get("shown")
        if not isinstance(shown, list) or len(shown) > MOST_SHOWN:
            raise Refused(400, "malformed")
        found = await self._desk.queue.glance(
            knock.whoever, view, [_id(one) for one in shown], limit=limit, now=self._desk.now(), narrow=narrow
        )
        return answers.glance(found, knock.whoever)

    async def open(self, knock: Knock) -> Mapping[str, Any]:
        found = await self._desk.casework.open(knock.whoever, case_of(knock), now=self._desk.now())
        if found is None:
            raise missing()
        return answers.opened(found, knock.whoever)

    async def sound(self, knock: Knock) -> Response:
        """The sealed bytes of a voice note, as they lie here."""
        return _sealed(await self._desk.casework.sound(knock.whoever, case_of(knock), _record(knock)))

    async def picture(self, knock: Knock) -> Response:
        """The sealed bytes of a picture.  A change in the sense of the guard: looking leaves a trace."""
        case, record = case_of(knock), _record(knock)
        return _sealed(await self._desk.casework.picture(knock.whoever, case, record, now=self._desk.now()))

    async def act(self, knock: Knock) -> Mapping[str, Any]:
        deed = _DEEDS.get(knock.request.path_params["deed"])
        if deed is None:
            raise missing()
        done = await self._desk.casework.act(
            knock.whoever,
            case_of(knock),
            deed,
            version=knock.number("version"),
            key=key_of(knock),
            now=self._desk.now(),
            answer=_answer(knock) if deed is Deed.REPLY else None,
            until=self._until(knock, deed) if deed in PUT_OFF else None,
        )
        if done is None:
            raise missing()
        if isinstance(done, Refusal):
            raise Refused(409, done.value)
        return answers.case_line(done, knock.whoever)

    def _until(self, knock: Knock, deed: Deed) -> int:
        """A time to come, and none so far off that the case is as good as forgotten."""
        until, now = knock.number("until"), self._desk.now()
        if not now < until <= now + (MOST_QUIET_S if deed is Deed.QUIET else MOST_SNOOZED_S):
            raise Refused(400, "malformed")
        return until

    async def roster(self, knock: Knock) -> Mapping[str, Any]:
        """The signed list of officers as it is now; the page checks it, and goes on from there."""
        return {"roster": answers.base64(await self._desk.trust.document())}

    async def session(self, signed: Signed, cookie: str) -> dict[str, Any]:
        """Everything a page needs after the pass phrase was proven: who it is, whom to trust, what unlocks the key."""
        now = self._desk.now()
        roster = self._desk.trust.roster(now)
        teams = {team.id: team.name for team in roster.teams}
        keys = [answers.hand_out(one) for one in await self._desk.sign_in.hand_out(signed, now=now)]
        return {
            "officer": {
                "id": signed.account.id,
                "name": signed.account.name,
                "roles": sorted(role.value for role in signed.account.is_a),
                "teams": [{"id": id, "name": teams[id]} for id in signed.teams],
            },
            "token": page_token(cookie),
            "now": now,
            "idle": IDLE_S,
            "deployment": roster.deployment.hex(),
            "root": self._desk.trust.root,
            "roster": answers.base64(await self._desk.trust.document()),
            "names": await self._desk.sign_in.colleagues() if signed.account.reads else {},
            "teams": teams,
            "prepared": self._desk.work.prepared.first_only,
            "bundle": keys[0] if keys else None,
            "older": keys[1:],
            "renew": signed.unlocked and await self._desk.work.epochs.due(signed, now=now),
        }


def with_cookie(response: Response, cookie: str) -> Response:
    """The session's cookie, as strict as browsers know; it goes when the browser is closed (S22)."""
    response.set_cookie(COOKIE, cookie, path="/", secure=True, httponly=True, samesite="strict")
    return response


def _cookie(request: Request) -> str:
    return request.cookies.get(COOKIE, "")


def _sealed(found: bytes | None) -> Response:
    if found is None:
        raise missing()
    return Response(found, media_type="application/octet-stream")


def _record(knock: Knock) -> bytes:
    try:
        return bytes.fromhex(knock.request.path_params["record"])
    except ValueError:
        raise missing() from None


def case_of(knock: Knock) -> bytes:
    try:
        case = bytes.fromhex(knock.request.path_params["case"])
    except ValueError:
        raise missing() from None
    if len(case) != 16:
        raise missing()
    return case


def key_of(knock: Knock) -> bytes:
    """The action's idempotency key: a UUID the page draws."""
    text = knock.request.headers.get("idempotency-key", "").replace("-", "")
    try:
        key = bytes.fromhex(text)
    except ValueError:
        raise Refused(400, "malformed") from None
    if len(key) != 16:
        raise Refused(400, "malformed")
    return key


def _answer(knock: Knock) -> Answer:
    message, record = knock.body.get("message"), knock.body.get("record")
    if not isinstance(message, dict) or not isinstance(record, dict):
        raise Refused(400, "malformed")
    one, other = Knock(knock.request, message), Knock(knock.request, record)
    return Answer(
        message_id=id_of(one),
        seq=one.number("seq"),
        message=one.raw("envelope"),
        record_id=id_of(other),
        record_seq=other.number("seq"),
        record=other.raw("envelope"),
        roster=knock.number("roster"),
        shown=knock.raw("shown", 32) if "shown" in knock.body else None,
    )


def id_of(knock: Knock) -> bytes:
    return _id(knock.text("id", 32))


def _id(text: object) -> bytes:
    try:
        id = bytes.fromhex(str(text))
    except ValueError:
        raise Refused(400, "malformed") from None
    if len(id) != 16:
        raise Refused(400, "malformed")
    return id

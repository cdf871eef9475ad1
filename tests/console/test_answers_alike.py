"""Every answer of the site wears the same headers, and every fault the same face (S24, S25, S58)."""

import asyncio
import json
import random
from base64 import b64encode
from collections.abc import AsyncIterator
from hashlib import sha256

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Message

from bot.channels.web.headers import EXCEPTIONS, FEATURES, POLICY, SecurityHeaders, features, policy
from tests.console.officer import ORIGIN, SAME_SITE, Officer
from tests.console.world import World

STRICT = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types hamrah"
)
EXPECTED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cache-control": "no-store",
}
FORMS = {
    **dict.fromkeys(("/content", "/room", "/teams", "/people"), ""),
    "/wording": "; media-src 'self'",
    "/wording/recording": "; media-src 'self' blob:",
}
"""Path → what else is allowed there: recordings of texts, and what somebody just read aloud."""
SECRET_WORDS = "they keep my passport"


def every_path(world: World) -> list[tuple[str, str]]:
    """Method and path of each route there is, of files, and of what is not there."""
    named = {"{case}": "ab" * 16, "{record}": "cd" * 16, "{deed}": "claim"}
    listed = []
    for door in world.doors:
        path = door.path
        for name, value in named.items():
            path = path.replace(name, value)
        listed.append((door.method, path))
    files = [("GET", f"/static/{name}") for name in ("console.js", "console.css", "vault.js", "icon.svg", "none.js")]
    return [*listed, *files, ("GET", "/"), ("GET", "/words/ur"), ("GET", "/none"), ("PUT", "/queue"), ("GET", "/queue")]


@pytest.mark.promise("S24")
@pytest.mark.promise("S25")
async def test_every_answer_carries_every_header(world: World) -> None:
    async with Officer(world) as stranger:
        for method, path in every_path(world):
            answer = await stranger.http.request(method, f"{ORIGIN}/console{path}", headers=SAME_SITE)
            wanted = STRICT.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
            expected = wanted if path == "/static/vault.js" else STRICT
            if path in FORMS:  # their forms work without scripts
                expected = STRICT.replace("form-action 'none'", "form-action 'self'") + FORMS[path]
            if path == "/":  # it holds the frame in which sounds are heard
                expected += "; frame-src 'self'"
            assert (path, expected) == (path, answer.headers["content-security-policy"])
            assert EXPECTED.items() <= dict(answer.headers).items()
            assert all(f"{name}=(" in answer.headers["permissions-policy"] for name in FEATURES)


@pytest.mark.promise("S24")
def test_only_scripts_that_stretch_keys_may_compile() -> None:
    compiling = {name for name, changed in EXCEPTIONS.items() if "wasm-unsafe-eval" in changed.get("script-src", "")}
    assert {"vault.js", "derive.js"} == compiling
    assert {"script-src": "'self' 'wasm-unsafe-eval'"} == {k: v for n in compiling for k, v in EXCEPTIONS[n].items()}
    assert policy("/static/vault.js.html") == policy("/console/queue") != policy("/x/vault.js")
    assert "unsafe" not in "".join(POLICY.values())


@pytest.mark.promise("S24")
def test_the_page_of_the_chat_plays_our_own_recordings_and_the_officers_frame_what_it_is_given() -> None:
    sounding = {name: changed["media-src"] for name, changed in EXCEPTIONS.items() if "media-src" in changed}
    desk = {"wording": "'self'", "recording": "'self' blob:"}
    assert {"/": "'self'", "/report": "blob:", "player": "blob:", **desk} == sounding
    assert "media-src" not in policy("/away") + policy("/audio/ur/x.ogg") + policy("/static/chat.js")


@pytest.mark.promise("S24", "S33")
async def test_the_frame_for_sounds_has_no_origin_and_reaches_nothing(world: World) -> None:
    async with Officer(world) as stranger:
        answer = await stranger.http.get(f"{ORIGIN}/console/player", headers=SAME_SITE)
    rules = dict(rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; "))
    script = answer.text.partition("<script>")[2].partition("</script>")[0]

    assert "allow-scripts" == rules["sandbox"]
    assert "'self'" == rules["frame-ancestors"]
    assert f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" == rules["script-src"]
    reaching = ("default-src", "connect-src", "img-src", "style-src", "worker-src", "form-action", "base-uri")
    assert {"'none'"} == {rules[name] for name in reaching}


@pytest.mark.promise("S25")
def test_no_feature_of_the_browser_is_on_but_passkeys_where_officers_sign_in() -> None:
    outside, inside = features("/", "/console"), features("/console/", "/console")

    assert "self" not in outside + features("/consoles", "/console") + features("/console/", None)
    assert 2 == inside.count("(self)")


@pytest.mark.promise("S25")
def test_the_microphone_is_for_the_page_where_a_child_may_speak_and_the_one_where_texts_are_read_aloud() -> None:
    paths = ("/", "/report", "/wording/recording", "/console/wording/recording", "/console/wording", "/console/")
    assert ["/report", "/console/wording/recording"] == [
        path for path in paths if "microphone=(self)" in features(path, "/console")
    ]


@pytest.mark.promise("S25")
async def test_strict_transport_is_asked_for_over_tls_only() -> None:
    async def page(_: Request) -> Response:
        return PlainTextResponse("x")

    app = Starlette(routes=[Route("/", page)])
    for secure in (True, False):
        transport = httpx.ASGITransport(SecurityHeaders(app, secure=secure))
        async with httpx.AsyncClient(transport=transport, base_url="https://a.example") as client:
            assert secure is ("strict-transport-security" in (await client.get("/")).headers)


async def breaks(_: Request) -> Response:
    raise RuntimeError(SECRET_WORDS)


async def breaks_late(_: Request) -> Response:
    async def body() -> AsyncIterator[bytes]:
        yield b"begun"
        raise RuntimeError(SECRET_WORDS)

    return StreamingResponse(body())


@pytest.mark.promise("S58")
async def test_a_fault_of_ours_is_told_by_a_number_and_nothing_else() -> None:
    app = SecurityHeaders(Starlette(routes=[Route("/breaks", breaks)]), secure=True)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://a.example") as client:
        answer = await client.get("/breaks")

    assert (500, {"error", "id"}) == (answer.status_code, set(answer.json()))
    assert SECRET_WORDS not in answer.text
    assert STRICT == answer.headers["content-security-policy"]


@pytest.mark.promise("S58")
async def test_a_fault_in_the_middle_of_an_answer_cuts_it_and_says_nothing() -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.Event().wait()  # whoever asked stays until the end
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    app = SecurityHeaders(Starlette(routes=[Route("/", breaks_late)]), secure=True)
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    await app(scope, receive, send)

    assert ["http.response.start", "http.response.body"] == [message["type"] for message in sent]
    assert b"begun" == sent[-1]["body"]


@pytest.mark.promise("S58")
async def test_whatever_is_sent_to_any_route_is_answered_without_a_fault(world: World, sindh: Officer) -> None:
    case = await world.case()
    await fuzz(world, sindh, case.id.hex(), rounds=400)


@pytest.mark.promise("S58")
@pytest.mark.parametrize("path", ["/sign-in/start", "/sign-in/finish", "/queue"])
async def test_half_a_character_is_refused_wherever_it_stands(world: World, sindh: Officer, path: str) -> None:
    headers = {**SAME_SITE, "x-token": sindh.session["token"], "content-type": "application/json"}
    for body in ('{"login": "\\ud800"}', '{"\\udfff": 1}', '{"login": {"a": ["\\ud800"]}}'):
        answer = await sindh.http.post(f"{ORIGIN}/console{path}", content=body.encode(), headers=headers)
        assert answer.status_code in (400, 404)


@pytest.mark.promise("S58")
@pytest.mark.long
async def test_whatever_is_sent_to_any_route_is_answered_without_a_fault_at_full_size(
    world: World, sindh: Officer
) -> None:
    case = await world.case()
    await fuzz(world, sindh, case.id.hex(), rounds=100_000)


NOT_PLAYED = ("/sign-out", "/lock", "/live")
"""They end the session that plays, or never end themselves: `test_live.py` listens to that one."""


async def fuzz(world: World, officer: Officer, case: str, *, rounds: int) -> None:
    """Random methods, paths, headers and bodies; a fault or a trace is a failure."""
    dice = random.Random(58)
    paths = [path for _, path in every_path(world) if path not in NOT_PLAYED]
    for _ in range(rounds):
        path = dice.choice(paths).replace("ab" * 16, dice.choice([case, "ab" * 16, "zz", "\u06f1" * 32, ""]))
        headers = {**SAME_SITE, "x-token": officer.session["token"], "content-type": "application/json"}
        for name in dice.sample(sorted(headers), dice.randrange(2)):
            headers[name] = dice.choice(["", "x", "0" * 300])
        answer = await officer.http.request(
            dice.choice(["GET", "POST", "POST", "POST", "PUT", "DELETE"]),
            f"{ORIGIN}/console{path}",
            content=_any_body(dice),
            headers=headers,
        )
        assert answer.status_code in (200, 307, 400, 401, 404, 409, 413, 415), (path, answer.status_code)
        assert "Traceback" not in answer.text
        if answer.status_code in (404, 405):
            assert {"error": "missing"} == answer.json()


def _any_body(dice: random.Random) -> bytes:
    values: list[object] = [
        None, True, -1, 0, 1, 5, 2**53, 1e300, "", "todo", "U0.1.00", "U0.x.zz", "\ud800", "A" * 5000, [], [[]], {},
        {"id": "00" * 16, "seq": 0, "envelope": "AA=="}, {"id": 3}, "AAAA", "ab" * 32,
    ]  # fmt: skip
    names = ("view", "after", "limit", "version", "login", "proof", "message", "record", "roster", "credential")
    whole = {name: dice.choice(values) for name in names if dice.random() < 0.8}
    kind = dice.randrange(6)
    if kind == 0:
        return dice.randbytes(dice.randrange(200))
    if kind == 1:
        return json.dumps(dice.choice(values)).encode()
    if kind == 2:
        return b"[" * 5000
    return json.dumps({"view": "todo", "limit": 3, **whole} if kind == 3 else whole).encode()

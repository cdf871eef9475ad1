"""Updates as no server should send them: real shapes, then broken.  The seed is printed and repeats the run.

FUZZ_SEED=… in the environment chooses it.
"""

import copy
import json
import os
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from tests.fake_telegram import shapes
from tests.fake_telegram.shapes import Json

BOT = {"id": 1234567, "is_bot": True, "first_name": "Fake", "username": "fake_test_bot"}
NOW = 1_760_000_000
DEEP = 20_000
"""Brackets; far beyond what a recursive reader stands, far below the body limit."""

_HOSTILE: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2**31,
    2**63,
    -(2**63) - 1,
    10**400,
    1.5,
    -0.0,
    float("nan"),
    float("inf"),
    "",
    " ",
    "\x00",
    "0",
    "-1",
    "\ud800",
    "a\udfffb",
    "\u202e\u2066",
    "\u200d" * 50,
    "e\u0301" * 500,
    "👩‍👩‍👧‍👦" * 40,
    "/start " + "x" * 300,
    "/" * 40,
    "x" * 5000,
    "'; DROP TABLE cases; --",
    "{{7*7}}%s%d{0}{}",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    [],
    {},
    [[]],
    [None],
    {"id": {}},
    {"": ""},
    [{"type": "bot_command", "offset": -5, "length": 10**9}],
)


def fuzz_seed() -> int:
    """The seed to use, printed so that a failing run can be repeated."""
    named = os.environ.get("FUZZ_SEED")
    seed = int(named) if named else int.from_bytes(os.urandom(6))
    print(f"FUZZ_SEED={seed}")
    return seed


def fuzzed(seed: int, count: int, *, first_id: int = 1, people: Sequence[int] = (7001, 7002, 7003)) -> Iterator[bytes]:
    """`count` bodies, most of them broken in one to four places; ids rise from `first_id` where they survive."""
    chance = Random(seed)
    for number in range(count):
        update = _shape(chance, first_id + number, chance.choice(people))
        for _ in range(chance.choice((0, 1, 1, 1, 2, 2, 3, 4))):
            chance.choice(_BREAK)(chance, update)
        body = json.dumps(update).encode()
        yield chance.choice(_SPOIL)(chance, body) if chance.random() < 0.15 else body


def fuzzed_with_id(seed: int, count: int, *, first_id: int = 1) -> Iterator[tuple[int, bytes]]:
    """The same for polling, where every update keeps its number, first: without one no poller could go on."""
    for number, body in enumerate(fuzzed(seed, count, first_id=first_id)):
        update_id = first_id + number
        rest = body.partition(b",")[2] if body.startswith(b'{"update_id"') else b'"rest":' + body + b"}"
        yield update_id, b'{"update_id":%d,' % update_id + (rest or b'"rest":0}')


def _shape(chance: Random, update_id: int, person_id: int) -> Json:
    """One of everything a person can do in a chat."""
    person = shapes.user(person_id, "Made-up", chance.choice(("ur", "en", None)))
    chat = shapes.private_chat(person)
    if chance.random() < 0.05:
        chat = shapes.group_chat(-person_id, "Made-up group")
    kind, content = chance.choice(_KINDS)(chance, person, chat)
    return {"update_id": update_id, kind: content}


def _message(*contents: Callable[[Json], Json]) -> Callable[[Random, Json, Json], tuple[str, Json]]:
    def make(chance: Random, person: Json, chat: Json) -> tuple[str, Json]:
        content = chance.choice(contents)(person)
        kind = "edited_message" if chance.random() < 0.1 else "message"
        return kind, shapes.message(chance.randrange(1, 10**6), person, chat, NOW, **content)

    return make


def _press(chance: Random, person: Json, chat: Json) -> tuple[str, Json]:
    note = shapes.message(chance.randrange(1, 10**6), BOT, chat, NOW, text="?")
    data = chance.choice(("a:1", "lang:ur", "x" * 64, "1:yes:0", "\u0000", "9" * 60))
    return "callback_query", shapes.press(str(chance.getrandbits(60)), person, note, data)


def _membership(chance: Random, person: Json, chat: Json) -> tuple[str, Json]:
    status = chance.choice(("member", "kicked", "left"))
    return "my_chat_member", shapes.membership(person, chat, BOT, NOW, status)


_WORDS = ("سلام", "help", "مدد", "stop", "exit", "1", "۱۲۳۴", "I am far from home", "👍", "x" * 4096)
_KINDS = (
    _message(*[lambda _, word=word: {"text": word} for word in _WORDS]),
    _message(*[lambda _, word=word: shapes.command(word) for word in ("/start", "/help x", "/stop", "/nothing")]),
    _message(
        lambda _: shapes.voice(),
        lambda _: shapes.sticker(),
        lambda _: shapes.photo(album="5", caption="x"),
        lambda _: shapes.document(),
        shapes.contact,
        lambda _: shapes.location(),
        lambda _: shapes.poll(),
        lambda _: shapes.forwarded("x", NOW),
    ),
    _press,
    _press,
    _membership,
)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container with every key or index in it."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(pairs):
        yield value, key
        yield from _places(inner)


def _replace(chance: Random, update: Json) -> None:
    container, key = chance.choice(list(_places(update)) or [(update, "message")])
    container[key] = copy.deepcopy(chance.choice(_HOSTILE))


def _drop(chance: Random, update: Json) -> None:
    container, key = chance.choice(list(_places(update)) or [({"x": 1}, "x")])
    del container[key]


def _add(chance: Random, update: Json) -> None:
    """Fields that a coming version of the Bot API may bring, and second kinds of content beside the first."""
    holders = [update] + [c[k] for c, k in _places(update) if isinstance(c[k], dict)]
    name = chance.choice(("new_field", "text", "voice", "message", "callback_query", "data", "", "__class__"))
    chance.choice(holders)[name] = copy.deepcopy(chance.choice(_HOSTILE))


def _wrap(chance: Random, update: Json) -> None:
    container, key = chance.choice(list(_places(update)) or [(update, "message")])
    container[key] = (
        chance.choice(([container.get(key)], {"x": container.get(key)}))
        if isinstance(container, dict)
        else [container[key]]
    )


def _nest(chance: Random, update: Json) -> None:
    """A message that answers itself, forty times."""
    inner = copy.deepcopy(update.get("message"))
    for _ in range(40):
        inner = {"reply_to_message": inner}
    update["message"] = inner


def _cut(chance: Random, body: bytes) -> bytes:
    return body[: chance.randrange(len(body) + 1)]


def _flip(chance: Random, body: bytes) -> bytes:
    spoilt = bytearray(body)
    for _ in range(chance.randrange(1, 6)):
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def _bad_utf8(chance: Random, body: bytes) -> bytes:
    at = chance.randrange(len(body))
    return body[:at] + chance.choice((b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\x80", b"\xf8\x88")) + body[at:]


def _deep(chance: Random, body: bytes) -> bytes:
    opened, closed = chance.choice(((b"[", b"]"), (b'{"a":', b"}")))
    return body[:-1] + b',"deep":' + opened * DEEP + b"1" + closed * DEEP + b"}"


def _endless_number(chance: Random, body: bytes) -> bytes:
    return body[:-1] + b',"n":' + b"9" * chance.choice((400, 5000, 100_000)) + b"}"


def _twice(chance: Random, body: bytes) -> bytes:
    return chance.choice((body + body, body[:-1] + b"," + body[1:], b"[" + body + b"]", b'"' + body + b'"', b""))


_BREAK = (_replace, _replace, _replace, _drop, _drop, _add, _wrap, _nest)
_SPOIL = (_cut, _flip, _bad_utf8, _deep, _endless_number, _twice)

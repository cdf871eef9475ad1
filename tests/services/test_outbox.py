"""What waits to be sent: ids and plain parameters, nothing private; a sealed ticket, no chat (D9)."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.effects import Button, Class, LocalTime, Number, PlaceName, Say, Text
from bot.core.errors import Lapsed
from bot.core.private import Private
from bot.services.outgoing import SEND_WITHIN_S
from bot.services.posting import from_plain, plain
from tests.helpline import Helpline
from tests.people import DAY_S
from tests.services.rows import rows_of
from tests.talking import Talk, texts_in

pytestmark = pytest.mark.slow

WORDS = st.text(st.characters(codec="utf-8"), max_size=8)
SIMPLE = st.one_of(
    WORDS,
    st.integers(-(2**31), 2**31),
    st.builds(PlaceName, WORDS),
    st.builds(Number, WORDS),
    st.builds(LocalTime, st.integers(0, 23), st.integers(0, 59), st.none() | st.integers(0, 6)),
)
TEXTS = st.recursive(
    st.builds(Text, WORDS),
    lambda inner: st.builds(Text, WORDS, st.dictionaries(WORDS, SIMPLE | inner, max_size=2)),
    max_leaves=4,
)
COLUMNS = {"id", "serial", "kind", "priority", "ticket", "message", "collapse", "since", "due_at", "fence", "attempts"}
LABELS = TEXTS | st.builds(PlaceName, WORDS) | WORDS
ROWS = st.lists(st.lists(st.builds(Button, WORDS, LABELS, st.booleans(), st.booleans()), max_size=2).map(tuple))
SAYS = st.builds(
    Say,
    st.lists(TEXTS, max_size=3).map(tuple),
    ROWS.map(tuple),
    st.sampled_from(Class),
    st.integers(0, 2**31),
    picture=st.sampled_from(("", "boys-too")),
)


@settings(max_examples=60, deadline=None)
@given(SAYS)
def test_any_message_comes_back_as_it_was(say: Say) -> None:
    assert say == from_plain(json.loads(json.dumps(plain(say))))


def test_every_message_of_a_whole_talk_comes_back() -> None:
    talk = Talk().opens("ur", "u12")
    talk.tells({"danger": "now", "place-to": "AE", "moved": "brought", "avoid": ("lahore",)})
    for say in talk.everything:
        assert say == from_plain(json.loads(json.dumps(plain(say))))


def test_of_a_picture_only_its_id_waits_and_rows_of_an_older_release_have_none() -> None:
    pictured, bare = plain(Say((Text("x"),), picture="boys-too")), plain(Say((Text("x"),)))

    assert {**bare, "p": "boys-too"} == pictured
    assert "" == from_plain(bare).picture
    with pytest.raises(ValueError, match="not a message"):
        from_plain({**bare, "p": ["boys-too"]})


@pytest.mark.promise("S6")
def test_anything_private_is_refused() -> None:
    for lines in (
        (Text("code.show", {"code": Private("1234")}),),
        (Text("outer", {"inner": Text("code.show", {"code": Private("1234")})}),),
    ):
        with pytest.raises(ValueError, match="private"):
            plain(Say(lines))


@pytest.mark.parametrize("data", [[], ["x"], {}, None, ["p"], ["h", 1]])
def test_what_is_no_message_is_refused(data: Any) -> None:
    for message in (data, {"l": [["t", "x", {"a": data}]], "r": [], "k": "prompt", "t": 1}):
        with pytest.raises(ValueError, match="not a"):
            from_plain(message)


# --- as it lies in the database ---


async def test_a_row_holds_no_word_and_no_chat(helpline: Helpline) -> None:
    sara = helpline.reporter("sara")
    await sara.opens("ur")
    await sara.tells({"danger": "now", "words-what": "Zqkelpie7Qx"})
    await sara.chooses("send")
    rows = await rows_of(helpline.database, "outbox")

    assert rows
    for row in rows:
        assert "Zqkelpie7Qx" not in row["message"]
        assert b"sara" not in row["ticket"]
        assert sara.code() not in row["message"]
        assert COLUMNS == set(row)


async def test_codes_and_answers_are_never_queued(helpline: Helpline) -> None:
    code = await helpline.tells({"place-to": "PK-PB"})
    (case,) = await helpline.case_ids()
    await helpline.officer_answers(case, "thank you")
    sara = helpline.reporter()
    await sara.enters(code)
    await sara.chooses("!leave")

    assert "code" not in {row["kind"] for row in await rows_of(helpline.database, "outbox")}
    private = [
        out for out in sara.outgoing if any(isinstance(p, Private) for line in out.say.lines for p in texts_in(line))
    ]
    assert all(out.post is None for out in private)


async def test_the_ticket_opens_to_the_chat_for_a_day_and_then_never(helpline: Helpline) -> None:
    sara = helpline.reporter("sara")
    await sara.opens()
    (row, *_) = await rows_of(helpline.database, "outbox")

    assert helpline.keys.open_today("ticket", row["ticket"], now=helpline.now) == sara.contact.address
    helpline.keys.destroy_lapsed(now=helpline.now + 5 * DAY_S)
    with pytest.raises(Lapsed):
        helpline.keys.open_today("ticket", row["ticket"], now=helpline.now + 5 * DAY_S)


async def test_only_the_newest_prompt_waits(helpline: Helpline) -> None:
    sara = helpline.reporter()
    await sara.opens()
    await sara.chooses("c:learn", "c:job-offer")

    prompts = [row for row in await rows_of(helpline.database, "outbox") if row["kind"] == "prompt"]
    assert len(prompts) == 1
    assert "page.job-offer" in prompts[0]["message"]


async def test_numbers_wait_beside_the_prompt_and_go_first(helpline: Helpline) -> None:
    sara = helpline.reporter()
    await sara.opens()
    await sara.presses("!tell")
    await sara.chooses("a:yes", "skip", "a:ok", "a:now")
    rows = await rows_of(helpline.database, "outbox")

    first = min(rows, key=lambda row: row["priority"])
    assert first["kind"] == "urgent"


async def test_whoever_wrote_a_message_sends_it_before_anybody_else_may(helpline: Helpline) -> None:
    sara = helpline.reporter()
    await sara.opens()

    rows = await rows_of(helpline.database, "outbox")
    assert all(row["due_at"] - row["since"] == SEND_WITHIN_S for row in rows)
    assert all(out.post in {row["id"] for row in rows} for out in sara.outgoing)


async def test_where_the_answer_goes_back_on_the_same_line_nothing_waits(helpline: Helpline) -> None:
    page = helpline.reporter("page", "web")
    page.contact = type(page.contact)("web", b"page", None)
    await page.opens()

    assert await rows_of(helpline.database, "outbox") == []
    assert [out.post for out in page.outgoing] == [None]

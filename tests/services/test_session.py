"""An open conversation on disk: unreadable, bound to its chat, gone with its day; damage begins anew, not never."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import update

from bot.core.errors import Damaged
from bot.core.state import Asking, Browsing, Draft, State, begin
from bot.core.state import Talk as Where
from bot.sealing.chain import Head
from bot.sealing.today import DailyKeys
from bot.services.session import DraftKeys, NewMailbox, OpenMailbox, Session, open_session, seal_session
from storage.schema import conversations
from tests.core.test_state import STATES
from tests.helpline import Helpline
from tests.people import DAY_S
from tests.services.rows import rows_of
from tests.talking import NOON

KEY, OTHER = b"k" * 32, b"o" * 32
WHOLE = Session(
    Asking(Where("ur", "teen", "PK-PB", 9, NOON, Draft(NOON, {"concern": ("body",)}, ("opening",))), "age"),
    DraftKeys(b"c" * 16, b"p" * 1216, b"w" * 65, Head(3, b"h" * 32), ("lahore",), b"list"),
    NewMailbox(b"m" * 32, "12345", b"s" * 16, b"a" * 32, b"k" * 1216, "argon2id 3 65536 1", b"y" * 32),
    OpenMailbox(b"r" * 16, b"b" * 32, Head(2, b"t" * 32), b"x" * 32),
)


@pytest.fixture
def keys(helpline: Helpline) -> DailyKeys:
    return helpline.keys


def test_a_session_comes_back_as_it_was(keys: DailyKeys) -> None:
    sealed = seal_session(keys, WHOLE, KEY, NOON)

    assert WHOLE == open_session(keys, sealed, (KEY,), NOON)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(state=STATES)
def test_any_state_comes_back(keys: DailyKeys, state: State) -> None:
    assert state == open_session(keys, seal_session(keys, Session(state), KEY, NOON), (KEY,), NOON).state


def test_yesterdays_name_opens_it_today(keys: DailyKeys) -> None:
    sealed = seal_session(keys, WHOLE, OTHER, NOON)

    assert WHOLE == open_session(keys, sealed, (KEY, OTHER), NOON + DAY_S)


@pytest.mark.promise("S10")
def test_nothing_of_it_can_be_read_on_disk(keys: DailyKeys) -> None:
    sealed = seal_session(keys, WHOLE, KEY, NOON)

    for clear in (b"concern", b"body", b"PK-PB", b"ur", b"12345", b"cccc", b"Y2Nj"):
        assert clear not in sealed or len(clear) < 4


def test_a_session_moved_to_another_conversation_does_not_open(keys: DailyKeys) -> None:
    sealed = seal_session(keys, WHOLE, KEY, NOON)

    with pytest.raises(Damaged):
        open_session(keys, sealed, (OTHER,), NOON)


def test_a_changed_session_does_not_open(keys: DailyKeys) -> None:
    sealed = bytearray(seal_session(keys, WHOLE, KEY, NOON))
    sealed[-1] ^= 1

    with pytest.raises(Damaged):
        open_session(keys, bytes(sealed), (KEY,), NOON)


def test_a_session_whose_day_has_passed_begins_anew(keys: DailyKeys) -> None:
    sealed = seal_session(keys, WHOLE, KEY, NOON)
    keys.destroy_lapsed(now=NOON + 5 * DAY_S)

    assert Session(begin()) == open_session(keys, sealed, (KEY,), NOON + 5 * DAY_S)


def test_a_newcomer_begins_at_the_beginning(keys: DailyKeys) -> None:
    assert Session(begin()) == open_session(keys, None, (KEY,), NOON)


def test_what_a_state_does_not_need_is_not_kept() -> None:
    home = replace(WHOLE, state=Browsing(Where("ur"), "home")).settled()

    assert home.mailbox is None
    assert home.reading is None
    assert home.draft == WHOLE.draft


# --- through the whole service ---


async def test_the_chat_is_stored_under_a_pseudonym_of_the_day(helpline: Helpline) -> None:
    sara = helpline.reporter("sara")
    await sara.opens()
    (row,) = await rows_of(helpline.database, "conversations")

    assert len(row["key"]) == 32
    assert b"sara" not in row["key"] + row["session"]


async def test_a_talk_goes_on_over_midnight_under_a_new_name(helpline: Helpline) -> None:
    sara = helpline.reporter()
    await sara.opens()
    await sara.presses("!tell")
    await sara.chooses("a:yes", "skip", "a:ok")
    (before,) = await rows_of(helpline.database, "conversations")
    helpline.now += 20 * 3600
    await sara.chooses("a:soon")

    sara.sees_question("place-to")
    (after,) = await rows_of(helpline.database, "conversations")
    assert before["key"] != after["key"]


@pytest.mark.promise("R29")
async def test_a_damaged_session_does_not_silence_the_chat(helpline: Helpline) -> None:
    sara = helpline.reporter()
    await sara.opens()
    await helpline.database.write(lambda c: c.execute(update(conversations).values(session=b"\1" * 200)))
    await sara.writes("are you there")

    sara.sees("draft.opened", "screen.language")


async def test_a_session_stolen_for_another_chat_opens_nothing_there(helpline: Helpline) -> None:
    sara, thief = helpline.reporter("sara"), helpline.reporter("thief")
    await sara.opens("ur")
    await sara.writes("they lock the door")
    (stolen,) = await rows_of(helpline.database, "conversations")
    await thief.opens("en")
    await helpline.database.write(
        lambda c: c.execute(
            update(conversations).where(conversations.c.key != stolen["key"]).values(session=stolen["session"])
        )
    )
    await thief.looks()

    thief.sees("screen.language")
    thief.sees_nothing_of("draft.waiting")

"""A note is an officer's own, for this case and this place, and it never passes as an answer to the child."""

from dataclasses import replace

import pytest

from bot.core.errors import SealingError
from bot.core.roster import Roster
from bot.sealing.context import Context, new_id
from bot.sealing.mailbox import mailbox_from
from bot.sealing.note import Note, Unsigned, seal_note, sign_note, verify_note, write_note
from bot.sealing.record import open_record
from bot.sealing.reply import Reply, Unverified, seal_reply, sign_reply, verify_reply, write_reply
from bot.sealing.roster import verify_roster, with_suspended
from bot.sealing.signing import new_signing_seed
from tests.sealing.conftest import NOW, Case, House

DAY = NOW // 86_400


@pytest.fixture
def roster(house: House) -> Roster:
    return verify_roster(house.document(), house.trust, now=NOW)


@pytest.fixture
def place(house: House, case: Case) -> Context:
    return case.context(deployment=house.deployment, kind="note", seq=3)


def signed(house: House, place: Context, words: str = "Call the school.") -> bytes:
    return sign_note(house.signing["a"], write_note(place, "a", DAY, "note", words))


def test_a_note_comes_back_as_it_was_written(house: House, case: Case, place: Context, roster: Roster) -> None:
    envelope = seal_note(case.public, place, signed(house, place))
    note = verify_note(place, open_record(case.seed, place, envelope), roster)

    assert isinstance(note, Note)
    assert ("a", "note", "Call the school.") == (note.officer, note.what, note.text.reveal())


@pytest.mark.promise("S52")
@pytest.mark.parametrize("elsewhere", [{"seq": 4}, {"case_id": bytes(16)}, {"previous": b"p" * 32}], ids=str)
def test_a_note_of_another_place_is_not_shown(
    house: House, place: Context, roster: Roster, elsewhere: dict[str, object]
) -> None:
    moved = replace(place, **elsewhere)  # type: ignore[arg-type]
    assert Unsigned("moved") == verify_note(moved, signed(house, place), roster)


@pytest.mark.promise("S52")
def test_a_note_by_the_server_a_stranger_or_a_suspended_officer_is_not_shown(
    house: House, place: Context, roster: Roster
) -> None:
    forged = sign_note(new_signing_seed(), write_note(place, "a", DAY, "note", "x"))
    suspended = verify_roster(with_suspended(house.document(), ["a"]), house.trust, now=NOW)
    stranger = sign_note(new_signing_seed(), write_note(place, "nobody", DAY, "note", "x"))

    assert Unsigned("signature") == verify_note(place, forged, roster)
    assert Unsigned("stranger") == verify_note(place, stranger, roster)
    assert Unsigned("suspended") == verify_note(place, signed(house, place), suspended)
    assert Unsigned("malformed") == verify_note(place, b"x" * 90, roster)


@pytest.mark.promise("S52")
def test_a_note_is_never_taken_for_an_answer_nor_an_answer_for_a_note(
    house: House, place: Context, roster: Roster
) -> None:
    """Even put into a mailbox by somebody who can write there, a note stays unread by the child."""
    box = mailbox_from(b"m" * 32)
    mail = replace(place, kind="reply", seq=0, record_id=new_id())
    as_reply = sign_reply(house.signing["a"], write_reply(mail, "a", DAY, "Hello."))

    assert isinstance(verify_reply(mail, as_reply, roster), Reply)
    assert isinstance(verify_reply(mail, signed(house, mail), roster), Unverified)
    assert isinstance(verify_note(replace(mail, kind="note"), as_reply, roster), Unsigned)
    with pytest.raises(SealingError):
        seal_reply(box.kem_public, place, signed(house, place))
    with pytest.raises(SealingError):
        seal_note(box.kem_public, mail, signed(house, place))

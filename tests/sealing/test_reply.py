"""Only an officer's own words, for this case and in order, are shown to the child."""

import secrets
from dataclasses import replace
from typing import Any

import pytest

from bot.core.errors import NotText, SealingError, TooLong
from bot.core.roster import Roster
from bot.sealing.chain import Broken, Head, Link, check_chain
from bot.sealing.context import Context, new_id
from bot.sealing.keys import key_id, new_seed, public_key
from bot.sealing.mailbox import Mailbox, mailbox_from
from bot.sealing.padding import REPLY
from bot.sealing.record import seal_record
from bot.sealing.reply import Reply, Unverified, open_reply, seal_reply, sign_reply, write_reply
from bot.sealing.roster import verify_roster, with_suspended
from bot.sealing.signing import new_signing_seed, sign
from tests.sealing.conftest import NOW, Case, House

DAY = NOW // 86_400


class Mail:
    """One mailbox, its case, and the officers who may answer."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.mailbox: Mailbox = mailbox_from(secrets.token_bytes(32))
        self.roster: Roster = verify_roster(house.document(), house.trust, now=NOW)
        self.case_id = new_id()

    def context(self, head: Head | None = None) -> Context:
        place = head or Head()
        return Context(
            deployment=self.house.deployment,
            roster_version=1,
            case_id=self.case_id,
            record_id=new_id(),
            kind="reply",
            seq=place.count,
            recipient=key_id(self.mailbox.kem_public),
            previous=place.last,
        )

    def answer(self, words: str, head: Head | None = None, officer: str = "a") -> Link:
        context = self.context(head)
        signed = sign_reply(self.house.signing[officer], write_reply(context, officer, DAY, words))
        return Link(context, seal_reply(self.mailbox.kem_public, context, signed))

    def answers(self, count: int) -> list[Link]:
        head, links = Head(), []
        for number in range(count):
            links.append(self.answer(f"answer {number}", head))
            head = head.after(links[-1].envelope)
        return links

    def read(self, link: Link) -> Reply | Unverified:
        return open_reply(self.mailbox.kem_private, link.context, link.envelope, self.roster)

    def slipped_in(self, signed: bytes) -> Reply | Unverified:
        """What the reader sees if the server seals this itself: it knows the mailbox's public key."""
        context = self.context()
        return self.read(Link(context, seal_reply(self.mailbox.kem_public, context, signed)))


@pytest.fixture
def mail(house: House) -> Mail:
    return Mail(house)


def test_an_officers_answer_is_read(mail: Mail) -> None:
    reply = mail.read(mail.answer("ہم نے آپ کا پیغام پڑھ لیا ہے۔"))
    assert isinstance(reply, Reply)
    assert (reply.officer, reply.day, reply.text.reveal()) == ("a", DAY, "ہم نے آپ کا پیغام پڑھ لیا ہے۔")
    assert "پیغام" not in repr(reply)


@pytest.mark.promise("S52")
def test_a_forged_answer_is_not_shown(mail: Mail) -> None:
    context = mail.context()
    payload = write_reply(context, "a", DAY, "go with him")
    signed_by_server = sign_reply(new_signing_seed(), payload)
    other_purpose = sign(mail.house.signing["a"], b"hamrah roster 1\n", payload) + payload
    for signed in (signed_by_server, bytes(64) + payload, other_purpose):
        envelope = seal_reply(mail.mailbox.kem_public, context, signed)
        assert mail.read(Link(context, envelope)) == Unverified("signature")
    as_another = sign_reply(mail.house.signing["b"], payload)
    assert mail.read(Link(context, seal_reply(mail.mailbox.kem_public, context, as_another))) == Unverified("signature")


@pytest.mark.promise("S52")
def test_words_changed_after_signing_are_not_shown(mail: Mail) -> None:
    context = mail.context()
    signed = sign_reply(mail.house.signing["a"], write_reply(context, "a", DAY, "stay home"))
    changed = signed.replace(b"stay home", b"go with x")
    assert mail.read(Link(context, seal_reply(mail.mailbox.kem_public, context, changed))) == Unverified("signature")


@pytest.mark.promise("S52")
def test_an_answer_to_somebody_else_is_not_shown(mail: Mail, house: House) -> None:
    """The server may seal a true answer of another case, mailbox or place to this child: still not shown."""
    other = Mail(house)
    here = mail.context()
    for there in (
        other.context(),
        replace(here, case_id=new_id()),
        replace(here, recipient=new_id()),
        replace(here, seq=1),
        replace(here, previous=bytes(31) + b"\1"),
    ):
        signed = sign_reply(house.signing["a"], write_reply(there, "a", DAY, "true, but not for you"))
        assert mail.read(Link(here, seal_reply(mail.mailbox.kem_public, here, signed))) == Unverified("moved")


@pytest.mark.promise("S52")
def test_a_true_answer_shown_elsewhere_does_not_open(mail: Mail, house: House) -> None:
    link = mail.answer("hello")
    assert mail.read(Link(replace(link.context, seq=1), link.envelope)) == Unverified("not mine")
    assert Mail(house).read(link) == Unverified("not mine")


@pytest.mark.promise("S52")
def test_a_replayed_or_swapped_answer_breaks_the_chain(mail: Mail) -> None:
    links = mail.answers(3)
    assert isinstance(check_chain(links), Head)
    assert check_chain([*links, links[2]]) == Broken(3, "order")
    assert check_chain([links[0], links[2], links[1]]) == Broken(1, "order")
    assert check_chain([links[0], links[2]]) == Broken(1, "order")
    assert check_chain(links[1:]) == Broken(0, "order")


@pytest.mark.promise("S52")
def test_an_answer_taken_from_the_end_shows_to_whoever_saw_more(mail: Mail) -> None:
    """The officers hold the head in the case, the page for its session, the child's next message carries it."""
    links = mail.answers(3)
    seen = check_chain(links)
    assert isinstance(seen, Head)
    assert check_chain(links[:2], seen=seen) == Broken(2, "cut")
    assert check_chain([], seen=seen) == Broken(0, "cut")
    exchanged = [*links[:2], mail.answer("another end", Head(2, links[2].context.previous))]
    assert check_chain(exchanged, seen=seen) == Broken(3, "cut")
    assert check_chain([*exchanged[:2], links[2]], seen=seen) == seen


def test_an_empty_mailbox_is_whole_for_whoever_saw_nothing_more(mail: Mail) -> None:
    assert check_chain([], seen=Head()) == check_chain([]) == Head()
    links = mail.answers(2)
    after = Head().after(links[0].envelope)
    assert check_chain(links[1:], after=after, seen=after) == check_chain(links)


@pytest.mark.promise("S52")
def test_number_and_hash_must_both_follow(mail: Mail) -> None:
    first, second = mail.answers(2)
    for wrong in ({"seq": 2}, {"previous": bytes(32)}):
        changed: dict[str, Any] = wrong
        assert check_chain([first, replace(second, context=replace(second.context, **changed))]) == Broken(1, "order")


def test_a_mailbox_emptied_by_the_child_goes_on(mail: Mail) -> None:
    links = mail.answers(4)
    after = Head().after(links[0].envelope).after(links[1].envelope)
    assert check_chain(links[2:], after=after) == check_chain(links)


@pytest.mark.promise("S3", "S52")
def test_links_of_two_cases_are_not_one_chain(mail: Mail, case: Case) -> None:
    links = mail.answers(1)
    head = Head().after(links[0].envelope)
    foreign = case.context(seq=1, previous=head.last)
    envelope = seal_record(case.public, foreign, b"words")
    assert check_chain([*links, Link(foreign, envelope)]) == Broken(1, "case")


@pytest.mark.promise("S52")
def test_strangers_and_suspended_officers_do_not_answer(mail: Mail) -> None:
    context = mail.context()
    stranger = sign_reply(mail.house.signing["a"], write_reply(context, "z", DAY, "hello"))
    assert mail.read(Link(context, seal_reply(mail.mailbox.kem_public, context, stranger))) == Unverified("stranger")
    link = mail.answer("hello")
    document = with_suspended(mail.house.document(), ["a"])
    mail.roster = verify_roster(document, mail.house.trust, now=NOW)
    assert mail.read(link) == Unverified("suspended")


@pytest.mark.promise("S52")
@pytest.mark.parametrize(
    "signed", [b"", b"x", bytes(64), bytes(64) + b"{}", bytes(64) + b'{"officer":"a"}', bytes(200)]
)
def test_what_is_no_answer_is_not_shown(mail: Mail, signed: bytes) -> None:
    assert mail.slipped_in(signed) == Unverified("malformed")


@pytest.mark.promise("S52")
def test_an_answer_with_another_size_or_form_is_damaged(mail: Mail) -> None:
    context = mail.context()
    short = seal_record(mail.mailbox.kem_public, context, b"answer")
    assert mail.read(Link(context, short)) == Unverified("damaged")
    assert mail.read(Link(context, b"")) == Unverified("damaged")


@pytest.mark.promise("S52")
def test_what_was_sealed_as_something_else_is_no_answer(mail: Mail) -> None:
    context = replace(mail.context(), kind="answer")
    signed = sign_reply(mail.house.signing["a"], write_reply(context, "a", DAY, "hello"))
    envelope = seal_record(mail.mailbox.kem_public, context, signed, REPLY)
    assert mail.read(Link(context, envelope)) == Unverified("moved")


@pytest.mark.promise("S3", "S52")
def test_an_answer_of_another_deployment_is_not_shown(house: House) -> None:
    mail, elsewhere = Mail(house), House()
    link = mail.answer("hello")
    mail.roster = replace(mail.roster, deployment=elsewhere.deployment)
    assert mail.read(link) == Unverified("moved")


def test_an_answer_that_is_too_long_or_no_text_is_refused_to_the_officer(mail: Mail) -> None:
    with pytest.raises(TooLong):
        mail.answer("ہ" * 4_000)
    with pytest.raises(NotText):
        mail.answer("half \ud83d")


def test_a_reply_is_sealed_as_a_reply_only(mail: Mail) -> None:
    context = replace(mail.context(), kind="answer")
    with pytest.raises(SealingError):
        seal_reply(mail.mailbox.kem_public, context, b"")


def test_an_officer_who_left_is_still_believed_for_old_answers(mail: Mail, house: House) -> None:
    """A leaver stays on the roster without keys: no slot, no new answer, but what was said stays readable."""
    link = mail.answer("hello")
    house.epoch["a"] = new_seed()
    officers = {officer.id: officer for officer in mail.roster.officers}
    left = replace(officers["a"], keys=())
    mail.roster = replace(mail.roster, officers=(left, officers["b"]))
    assert isinstance(mail.read(link), Reply)
    assert left.living_key(NOW) is None
    assert len(public_key(house.epoch["a"])) == 1_216

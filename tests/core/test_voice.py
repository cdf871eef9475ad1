"""What children say of this service: counted by what the deployment knows, sealed for its readers, and never a report."""

import pytest

from bot.core import voicing
from bot.core.events import Leads
from bot.core.state import Browsing, Reading, Voicing, dump
from bot.core.voice import FACES, MATTERS, countable
from tests.talking import HOUR_S, Talk, content

PAGE = "page:my-rights"
CODE = "77000000000000000042"
MINE = "the number on this page is wrong"


@pytest.fixture
def on_a_page(talk: Talk) -> Talk:
    talk.opens("ur", "teen")
    talk.presses("!learn")
    talk.chooses("c:rights", "c:my-rights")
    return talk


@pytest.fixture
def proposing(talk: Talk) -> Talk:
    talk.opens("ur", "teen")
    talk.presses("!learn")
    talk.chooses("c:rights", "c:propose")
    return talk


def written(talk: Talk) -> list[tuple[str, str, str]]:
    return [(f.about, f.said, f.words.reveal()) for f in talk.kept.feedback]


# --- faces ---


@pytest.mark.parametrize("face", FACES)
def test_a_face_below_a_page_is_counted_once_a_press_and_the_page_stays(on_a_page: Talk, face: str) -> None:
    old = on_a_page.prompt.turn
    on_a_page.chooses(f"f:{face}")
    on_a_page.sees("voice.thanks")
    on_a_page.presses(f"f:{face}", old)

    on_a_page.sees("say.stale")
    assert [("helped", f"{PAGE}:{face}", "ur")] == on_a_page.kept.counted
    assert Browsing(on_a_page.state.talk, PAGE) == on_a_page.state


def test_three_faces_are_one_row_and_the_page_has_no_more_than_eight_buttons_of_its_own(on_a_page: Talk) -> None:
    rows = on_a_page.prompt.rows
    assert ("f:yes", "f:some", "f:no") in [tuple(b.key for b in row) for row in rows]
    assert sum(len(row) for row in rows[:-1]) <= 8


def test_the_thanks_lead_on_without_asking_again(on_a_page: Talk) -> None:
    on_a_page.chooses("f:no")
    on_a_page.sees_button("say", "c:tell", "c:back", "!help", "!leave")
    on_a_page.sees_no_button(*(f"f:{face}" for face in FACES))


def test_a_story_is_counted_at_its_end_whoever_it_was_about(talk: Talk) -> None:
    talk.opens()
    talk.state = Browsing(talk.state.talk, "story:game-friend:girl:start")
    talk.looks()
    ends = [id for id, s in talk.flow.screens.items() if s.rated == "story:game-friend" and ":girl:" in id]
    talk.state = Browsing(talk.state.talk, ends[0])
    talk.looks()
    talk.chooses("f:some")

    assert [("helped", "story:game-friend:some", "en")] == talk.kept.counted


def test_a_tool_is_counted_at_its_end_and_its_answers_stay(talk: Talk) -> None:
    talk.opens()
    talk.presses("!learn")
    talk.chooses("c:practise", "c:tool-offer-check", "c:begin")
    while "f:yes" not in talk.keys:
        talk.presses("f:yes")
        talk.sees("say.stale")
        talk.chooses(next(key for key in talk.keys if key.startswith("a:")))
    before = talk.state
    talk.chooses("f:yes")

    assert [("helped", "tool:offer-check:yes", "en")] == talk.kept.counted
    assert dump(before)["s"] == dump(talk.state)["s"]
    talk.sees_button("again")


@pytest.mark.parametrize("status", ["answered", "closed"])
def test_whoever_was_answered_is_asked_if_they_felt_heard_and_the_mailbox_stays_open(talk: Talk, status: str) -> None:
    """Counted without language or audience: nothing of it leads to a case."""
    talk.codes[CODE] = (status, ("you are not alone",))
    talk.opens("ur")
    talk.presses("!mail")
    talk.writes(CODE)
    talk.sees("voice.heard")
    talk.chooses("f:yes")

    assert [("answered", "yes", "")] == talk.kept.counted
    assert isinstance(talk.state, Reading)
    talk.sees("voice.thanks", "mail.write")
    talk.writes("thank you")
    assert ["thank you"] == talk.kept.written_back


@pytest.mark.parametrize("status", ["received", "opened", "passed_on"])
def test_nobody_is_asked_before_there_is_an_answer(talk: Talk, status: str) -> None:
    talk.codes[CODE] = (status, ())
    talk.opens()
    talk.presses("!mail")
    talk.writes(CODE)
    talk.sees_nothing_of("voice.heard")
    talk.presses("f:yes")

    talk.sees("say.stale")
    assert [] == talk.kept.counted


def test_words_after_an_answer_leave_the_mailbox_and_carry_nothing_of_it(talk: Talk) -> None:
    talk.codes[CODE] = ("answered", ("you are not alone",))
    talk.opens()
    talk.presses("!mail")
    talk.writes(CODE)
    talk.chooses("f:no", "say")
    talk.writes("they took a week")

    assert [("answered", "", "they took a week")] == written(talk)
    assert [] == talk.kept.written_back
    assert ("said", "answered:words", "") in talk.kept.counted


# --- wrong or missing ---


@pytest.mark.parametrize("matter", MATTERS)
def test_what_is_the_matter_is_counted_and_words_may_follow(on_a_page: Talk, matter: str) -> None:
    on_a_page.chooses("say")
    on_a_page.sees("voice.matter", "voice.words")
    on_a_page.chooses(f"m:{matter}")
    on_a_page.sees("voice.counted", "voice.words")
    on_a_page.writes(MINE)

    on_a_page.sees("voice.kept")
    assert [("said", f"{PAGE}:{matter}", "ur"), ("said", f"{PAGE}:words", "ur")] == on_a_page.kept.counted
    assert [(PAGE, matter, MINE)] == written(on_a_page)


def test_words_may_come_before_any_button_and_several_times(on_a_page: Talk) -> None:
    on_a_page.chooses("say")
    on_a_page.writes(MINE)
    on_a_page.writes("and the other one too")

    assert [(PAGE, "", MINE), (PAGE, "", "and the other one too")] == written(on_a_page)
    assert [] == on_a_page.kept.draft
    on_a_page.chooses("!back")
    assert Browsing(on_a_page.state.talk, PAGE) == on_a_page.state


def test_help_and_telling_somebody_stand_beside_every_question(on_a_page: Talk) -> None:
    for keys in ((), ("m:wrong",)):
        on_a_page.chooses("say", *keys)
        on_a_page.sees_button("!help", "!tell", "!leave")
        on_a_page.chooses("!back")


def test_a_caption_is_words_too(on_a_page: Talk) -> None:
    on_a_page.chooses("say")
    on_a_page.sends("picture", MINE)
    assert [(PAGE, "", MINE)] == written(on_a_page)


# --- what grown-ups should change ---


def test_a_proposal_says_first_who_reads_it_and_that_it_is_no_report(proposing: Talk) -> None:
    assert "voice.propose" == proposing.prompt.lines[0].id
    proposing.sees_button("!help", "!tell")
    proposing.writes("more school buses")

    assert [("proposal", "", "more school buses")] == written(proposing)
    assert "proposal" == proposing.kept.feedback[0].concern
    assert [("said", "proposal:words", "ur")] == proposing.kept.counted


def test_words_that_sound_like_danger_get_the_numbers_first_and_the_outbox_does_not_tell(proposing: Talk) -> None:
    proposing.writes("he beats me", leads=Leads(danger=True))

    proposing.sees("help.calm", "voice.kept")
    plain = proposing.prompt.stand_in
    assert plain is not None
    assert ["voice.kept"] == [line.id for line in plain.lines]


def test_the_words_that_always_work_are_no_feedback(proposing: Talk) -> None:
    proposing.writes("help")
    proposing.sees("help.calm")
    assert isinstance(proposing.state, Voicing)
    proposing.writes("stop")
    proposing.sees("left.neutral")
    assert [] == proposing.kept.feedback


def test_a_case_code_opens_the_messages_and_is_no_feedback(proposing: Talk) -> None:
    proposing.codes[CODE] = ("opened", ())
    proposing.writes(CODE)
    assert isinstance(proposing.state, Reading)
    assert [] == proposing.kept.feedback


# --- beside a report ---


def test_a_draft_that_waits_is_not_touched(talk: Talk) -> None:
    talk.opens()
    talk.writes("my uncle hits me")
    draft, kept = talk.state.talk.draft, list(talk.kept.draft)
    talk.presses("!learn")
    talk.chooses("c:rights", "c:propose")
    talk.writes("more school buses")

    assert kept == talk.kept.draft
    assert draft == talk.state.talk.draft
    assert ["more school buses"] == [f.words.reveal() for f in talk.kept.feedback]


def test_words_edited_meanwhile_stay_with_the_report(talk: Talk) -> None:
    """An edited message may be one of a report: it must not come to other readers."""
    talk.opens()
    talk.writes("my uncle hits me")
    talk.presses("!learn")
    talk.chooses("c:rights", "c:propose")
    talk.writes("my uncle hits me every day", edited=True)

    assert "my uncle hits me every day" == talk.kept.draft[-1][1]
    assert [] == talk.kept.feedback


def test_after_half_an_hour_words_are_no_feedback_any_more(on_a_page: Talk) -> None:
    on_a_page.chooses("say")
    on_a_page.waits(voicing.OPEN_S + 1)
    on_a_page.writes("please help me")

    on_a_page.sees("voice.lapsed", "draft.opened")
    assert [] == on_a_page.kept.feedback
    assert "please help me" == on_a_page.kept.draft[-1][1]


def test_a_draft_lapses_behind_a_question_as_everywhere(talk: Talk) -> None:
    talk.opens()
    talk.writes("my uncle hits me")
    talk.presses("!learn")
    talk.chooses("c:rights", "c:propose")
    talk.waits(25 * HOUR_S)
    talk.looks()
    talk.sees("voice.lapsed", "draft.gone")


# --- forged, old, unknown ---


@pytest.mark.parametrize("key", ["f:yes", "f:maybe", "say", "m:wrong", "m:nonsense", "f:", "m:"])
def test_what_does_not_stand_there_is_answered_kindly_and_counts_nothing(talk: Talk, key: str) -> None:
    talk.opens()
    talk.presses(key)
    talk.sees("say.stale")
    assert [] == talk.kept.counted


def test_the_matter_is_counted_once(on_a_page: Talk) -> None:
    on_a_page.chooses("say", "m:wrong")
    on_a_page.presses("m:hard")
    on_a_page.sees("say.stale")
    assert [("said", f"{PAGE}:wrong", "ur")] == on_a_page.kept.counted


def test_a_page_that_is_gone_since_keeps_the_words_in_the_draft(talk: Talk) -> None:
    talk.opens()
    talk.state = Voicing(talk.state.talk, "page:gone", opened=talk.at)
    talk.writes(MINE)
    assert [] == talk.kept.feedback
    assert MINE == talk.kept.draft[-1][1]


def test_only_known_ids_can_be_counted() -> None:
    """A forged flood makes no row beyond them: every effect is taken from this list."""
    rated = content().rated()
    known = countable(rated)
    assert {f"{item}:{face}" for item in rated for face in FACES} == known["helped"]
    assert len(known["said"]) == len(rated) * (len(MATTERS) + 1) + 2


def test_every_page_story_and_tool_can_be_rated() -> None:
    found = content()
    wanted = {f"page:{id}" for id in found.pages} | {f"tool:{id}" for id in found.tools}
    wanted |= {f"story:{id}" for id in found.stories}
    assert wanted <= found.rated()


def test_the_door_needs_a_language(talk: Talk) -> None:
    talk.starts()
    talk.presses("!propose")
    assert isinstance(talk.state, Browsing)

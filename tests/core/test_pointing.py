"""Words typed while looking around are answered in pages; where they sound like danger the numbers come first."""

import json

import pytest

from bot.core.effects import Class
from bot.core.events import Leads, Looked, Sent, Wrote
from bot.core.private import Private
from bot.core.state import dump
from tests.talking import Talk

WORDS = "mujhe dubai mein kaam mil raha hai"
PAGES = Leads(("page:job-offer", "page:safe-migration"))
DANGER = Leads(("page:domestic-work",), danger=True)


def keys_in_rows(talk: Talk) -> list[list[str]]:
    return [[b.key for b in row] for row in talk.prompt.rows]


def test_the_pages_are_buttons_best_first_and_the_words_are_kept(talk: Talk) -> None:
    talk.opens()
    talk.writes(WORDS, leads=PAGES)

    talk.sees("draft.opened", "seek.found", "seek.now")
    assert [["page|page:job-offer"], ["page|page:safe-migration"], ["resume"]] == keys_in_rows(talk)[:3]
    talk.sees_button("erase", "!home", "!help", "!leave")
    assert talk.kept.draft == [("opening", WORDS)]


def test_danger_shows_the_numbers_before_anything_else_and_somebody_to_tell(talk: Talk) -> None:
    talk.opens()
    talk.writes("malik marta hai", leads=DANGER)

    assert talk.latest[0].lines[0].id == "help.calm"
    talk.sees("help.calm", "help.country", "draft.opened", "seek.tell", "seek.found")
    talk.sees_number("1121")
    assert [["resume"], ["page|page:domestic-work"]] == keys_in_rows(talk)[:2]
    assert "button.tell" == getattr(talk.buttons[0].label, "id", "")


def test_danger_is_not_passed_over_by_a_newer_message(talk: Talk) -> None:
    talk.opens()
    talk.writes("malik marta hai", leads=DANGER)

    assert talk.latest[0].kind is Class.URGENT


def test_danger_before_a_language_shows_the_numbers_too(talk: Talk) -> None:
    talk.writes("malik marta hai", leads=DANGER)

    talk.sees("help.calm", "draft.opened", "screen.language")


def test_a_miss_offers_the_topics_and_somebody(talk: Talk) -> None:
    talk.opens()
    talk.writes("asdfgh")

    talk.sees("draft.opened", "seek.none", "seek.tell", "seek.now")
    talk.sees_button("resume", "!learn", "erase", "!home")


def test_telling_goes_straight_on_with_the_words_kept(talk: Talk) -> None:
    talk.opens()
    talk.writes(WORDS, leads=PAGES)
    talk.chooses("resume")

    talk.sees_question("safe-now")
    assert talk.kept.draft == [("opening", WORDS)]


def test_a_report_half_told_is_gone_on_with(talk: Talk) -> None:
    talk.opens()
    talk.chooses("c:tell", "a:yes")
    talk.presses("!learn")
    talk.writes(WORDS, leads=PAGES)

    talk.sees("seek.found")
    labels = [getattr(b.label, "id", "") for b in talk.buttons]
    assert "button.resume" in labels


def test_each_page_of_an_answer_can_be_read(talk: Talk) -> None:
    talk.opens()
    talk.writes(WORDS, leads=PAGES)
    answer = talk.latest[0]
    talk.chooses("page|page:job-offer")
    talk.sees("page.job-offer.teen")
    talk.presses("page|page:safe-migration", answer.turn)

    talk.sees("page.safe-migration.teen")
    talk.sees_nothing_of("say.stale")


@pytest.mark.parametrize("key", ["page|", "page|page:no-such", "page|home", "page|!leave", "page|draft", "page"])
def test_a_forged_key_leads_nowhere(talk: Talk, key: str) -> None:
    talk.opens()
    talk.presses(key)

    talk.sees("say.stale", "screen.home")


def test_a_page_that_is_no_more_is_left_out(talk: Talk) -> None:
    talk.opens()
    talk.writes(WORDS, leads=Leads(("page:gone", "home", "page:job-offer")))

    assert [["page|page:job-offer"], ["resume"]] == keys_in_rows(talk)[:2]


def test_neither_state_nor_outbox_knows_what_was_found(talk: Talk) -> None:
    """What the words led to is for this one answer: a look again, or a lost message, shows the kept draft (D18)."""
    other = Talk().opens()
    talk.opens()
    talk.writes(WORDS, leads=DANGER)
    other.writes("asdfgh")

    assert dump(talk.state) == dump(other.state)
    assert talk.latest[0].stand_in == other.latest[0].stand_in
    assert "page" not in json.dumps(dump(talk.state))
    talk.looks()
    talk.sees("draft.waiting")
    talk.sees_nothing_of("help.calm", "seek.found")


def test_after_leaving_an_answer_hints_at_no_draft(talk: Talk) -> None:
    talk.opens()
    talk.chooses("c:tell", "a:yes")
    talk.leaves()
    talk.writes(WORDS, leads=PAGES)

    talk.sees("seek.found")
    talk.sees_nothing_of("draft.opened", "draft.kept", "draft.waiting")
    talk.sees_no_button("resume", "erase")
    talk.sees_button("page|page:job-offer", "!tell", "!home")


def test_in_a_report_words_are_no_question(talk: Talk) -> None:
    talk.opens()
    talk.chooses("c:tell", "a:yes", "skip", "a:ok")
    talk.writes(WORDS, leads=PAGES)

    talk.sees("draft.kept")
    talk.sees_nothing_of("seek.found")


def test_what_is_told_of_a_lapsed_draft_stands_in_the_outbox_too(talk: Talk) -> None:
    talk.opens()
    talk.writes("hello there")
    talk.waits(25 * 3600)
    talk.writes(WORDS, leads=PAGES)

    stand_in = talk.latest[0].stand_in
    assert stand_in is not None
    assert "draft.gone" in [line.id for line in stand_in.lines]


def test_words_under_a_picture_are_answered_too(talk: Talk) -> None:
    talk.opens()
    talk.hears(Sent(talk.at, "picture", Private(WORDS), PAGES))

    talk.sees("help.calm", "say.attachment", "seek.found")


def test_a_lost_answer_is_given_again_and_nothing_is_kept_twice(talk: Talk) -> None:
    talk.opens()
    talk.writes("malik marta hai", leads=DANGER)
    first = talk.latest[0]
    talk.hears(Looked(talk.at, Private("malik marta hai"), DANGER))

    assert (first.lines, first.rows) == (talk.latest[0].lines, talk.latest[0].rows)
    assert len(talk.kept.draft) == 1


def test_leads_are_not_shown_with_an_event() -> None:
    assert "job-offer" not in repr(Wrote(0, Private(WORDS), leads=PAGES))

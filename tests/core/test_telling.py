"""A whole report: safe to chat, honest limits, questions, review, code, sending."""

import pytest

from bot.core.effects import Class, Number, Routing
from tests.talking import Answer, Talk, real_flow

IN_LAHORE: dict[str, Answer] = {"danger": "no", "place-to": "PK-PB", "concern": "work", "age": "12-14"}
ABROAD: dict[str, Answer] = {"place-to": "AE", "moved": "brought", "place-from": "PK-SD"}


@pytest.fixture
def talk() -> Talk:
    """Somebody who stands at home."""
    return Talk().opens()


# --- before the first private question ---


def test_the_first_question_is_whether_it_is_safe_to_chat(talk: Talk) -> None:
    talk.chooses("c:tell")

    talk.sees_question("safe-now")
    talk.sees_button("a:yes", "a:not-sure", "a:no")
    talk.can_leave()


def test_who_reads_what_is_kept_and_when_we_must_tell_comes_next(talk: Talk) -> None:
    talk.chooses("c:tell", "a:yes", "a:alone")

    talk.sees_question("limits")


def test_when_it_is_not_safe_nothing_more_is_asked(talk: Talk) -> None:
    talk.chooses("c:tell", "a:no")

    talk.sees("screen.not-safe")
    talk.can_leave()


def test_without_consent_help_and_pages_stay_open(talk: Talk) -> None:
    talk.chooses("c:tell", "a:yes", "skip", "a:no")

    talk.sees("screen.no-consent")
    talk.sees_button("!help", "c:learn")


def test_more_about_the_limits_leads_back_to_telling(talk: Talk) -> None:
    talk.chooses("c:tell", "a:yes", "skip", "a:more")
    talk.sees_button("c:page")

    talk.chooses("resume")

    talk.sees_question("limits")


# --- the questions ---


def test_danger_now_shows_numbers_before_the_next_question(talk: Talk) -> None:
    talk.chooses("c:tell", "a:yes", "skip", "a:ok", "a:now")

    numbers, question = talk.latest
    assert numbers.kind is Class.URGENT
    assert Number("1121") in [p for line in numbers.lines for p in line.params.values()]
    assert question.kind is Class.PROMPT
    talk.sees_question("place-to")


def test_a_report_of_danger_now_heads_the_queue_with_its_reason(talk: Talk) -> None:
    talk.tells({"danger": "now"})
    report = talk.sends_report()

    assert report.urgency == "U0"
    assert report.cover.reasons == ("reason.danger-now",)


def test_an_urgent_sender_sees_the_numbers_once_more(talk: Talk) -> None:
    talk.tells({"danger": "now"})
    talk.sends_report()

    talk.sees("sent.thanks", "sent.urgent", "help.line")
    talk.sees_number("1121")


def test_every_question_can_be_skipped_but_the_two_that_keep_safe(talk: Talk) -> None:
    talk.tells({})
    report = talk.sends_report()

    assert report.cover.answers == {"safe-now": ("yes",), "limits": ("ok",)} | {
        ask.id: () for ask in talk.flow.asks if ask.skippable and ask.id in report.cover.answers
    }
    assert report.routing == Routing(places=(), concern="")


def test_a_straight_run_asks_twelve_questions_at_most(talk: Talk) -> None:
    talk.tells({"danger": "soon"})

    steps = {line.params["steps"] for say in talk.everything for line in say.lines if line.id == "ask.progress"}
    assert max(int(str(step)) for step in steps) <= 13


def test_no_child_is_told_that_the_report_is_longer_than_it_is(talk: Talk) -> None:
    talk.tells({"moved": "brought"})

    last = [line for say in talk.everything for line in say.lines if line.id == "ask.progress"][-1]
    assert last.params["step"] == last.params["steps"]


def test_a_province_can_be_told_without_its_district(talk: Talk) -> None:
    talk.chooses("c:tell", "a:yes", "skip", "a:ok", "skip", "p:PK-PB")
    talk.sees("ask.place-within")
    talk.chooses("here")

    assert talk.state.talk.draft is not None
    assert talk.state.talk.draft.answers["place-to"] == ("PK-PB",)


def test_a_district_counts_as_its_province(talk: Talk) -> None:
    district = talk.flow.children["PK-PB"][0]
    talk.tells({"place-to": ("PK-PB", district)})

    assert talk.sends_report().region == "PK-PB"


def test_another_country_is_found_page_by_page(talk: Talk) -> None:
    talk.tells({"place-to": "ZW"})

    assert talk.sends_report().routing.places == ("ZW",)


def test_a_report_across_a_border_names_every_place(talk: Talk) -> None:
    talk.tells(ABROAD)

    assert talk.sends_report().routing.places == ("AE", "PK-SD")


def test_several_wishes_can_be_pressed_and_taken_back(talk: Talk) -> None:
    talk.tells({"wish": ("talk", "doctor", "talk")})

    assert talk.sends_report().cover.answers["wish"] == ("doctor",)


def test_what_was_pressed_shows_as_chosen(talk: Talk) -> None:
    talk.tells({})
    talk.chooses("change", "e:wish", "a:doctor")

    assert {"a:doctor"} == {b.key for b in talk.buttons if b.chosen}


def test_an_office_to_avoid_is_no_office_that_reads(talk: Talk) -> None:
    talk.tells({**IN_LAHORE, "avoid": ("lahore",)})

    assert talk.sends_report().routing.avoid_offices == ("lahore",)


def test_a_named_person_leaves_only_the_pair_to_read(talk: Talk) -> None:
    talk.tells({**IN_LAHORE, "avoid": ("person:the man with the red car",)})
    report = talk.sends_report()

    assert report.routing.pair_only
    assert talk.kept.delivered_words == [[("avoid", "the man with the red car")]]


def test_nobody_to_avoid_clears_what_was_pressed(talk: Talk) -> None:
    talk.tells({**IN_LAHORE, "avoid": ("lahore", "nobody")})

    assert talk.sends_report().routing.avoid_offices == ()


def test_at_least_one_office_stays_to_read(talk: Talk) -> None:
    """A report is never for nobody, whatever was pressed."""
    talk.tells({"avoid": ()})
    talk.chooses("change", "e:avoid", "o:lahore", "o:karachi", "o:dubai", "o:duty")

    talk.sees("ask.avoid-last")
    talk.chooses("done")
    assert talk.sends_report().routing.avoid_offices == ("lahore", "karachi", "dubai")


def test_many_offices_come_in_pages() -> None:
    """A country has more offices than a message holds; the last page ends the turning."""
    talk = Talk(flow=real_flow(offices=tuple((f"team-{n}", f"Office {n}") for n in range(20)))).opens()
    talk.chooses("c:tell", "a:yes", "skip", "a:ok", "skip", "skip", "skip")
    talk.sees_question("avoid")
    seen = set(talk.keys)
    for _ in range(2):
        talk.chooses("page:+")
        seen |= set(talk.keys)

    assert {f"o:team-{n}" for n in range(20)} <= seen
    assert "page:+" not in talk.keys


# --- going back and changing ---


def test_back_leads_through_the_questions_to_home(talk: Talk) -> None:
    talk.chooses("c:tell", "a:yes", "skip", "a:ok", "a:no")
    talk.sees_question("place-to")
    for earlier in ("danger", "limits", "phone", "safe-now"):
        talk.chooses("!back")
        talk.sees_question(earlier)

    talk.chooses("!back")
    talk.sees("screen.home")


def test_back_leaves_the_list_of_districts_first(talk: Talk) -> None:
    talk.chooses("c:tell", "a:yes", "skip", "a:ok", "skip", "p:PK-PB", "!back")

    talk.sees_question("place-to")
    talk.sees_button("p:PK-PB")


def test_the_review_lists_what_was_answered_skipped_and_written(talk: Talk) -> None:
    talk.tells({"danger": "no", "words-what": "they lock the door"})

    talk.sees("review.intro", "review.answered", "ask.danger.title")
    talk.sees("review.skipped", "ask.age.title")
    talk.sees("review.written", "ask.words-what.title")


def test_the_review_never_repeats_what_was_answered(talk: Talk) -> None:
    """It lists titles only: whoever looks over the shoulder reads no answer (D11)."""
    talk.tells({"concern": "body", "words-what": "they lock the door"})

    talk.sees_nothing_of("ask.concern.body")
    talk.sees_words()


def test_an_answer_can_be_changed_in_the_review(talk: Talk) -> None:
    talk.tells({"age": "12-14"})
    talk.chooses("change", "e:age", "a:15-17")

    talk.sees("review.intro")
    assert talk.sends_report().cover.age_band == "15-17"


def test_looking_at_an_answer_and_going_back_changes_nothing(talk: Talk) -> None:
    talk.tells({"age": "12-14"})
    talk.chooses("change", "e:age", "!back")

    talk.sees("review.intro")
    assert talk.sends_report().cover.age_band == "12-14"


def test_an_answer_that_made_others_pointless_takes_them_along(talk: Talk) -> None:
    """Moved, then not moved after all: the first place no longer decides who reads."""
    talk.tells(ABROAD)
    talk.chooses("change", "e:moved", "a:no")
    talk.sees_nothing_of("ask.place-from.title")
    report = talk.sends_report()

    assert report.routing.places == ("AE",)
    assert "place-from" not in report.cover.answers


def test_an_answer_that_opens_questions_has_them_asked(talk: Talk) -> None:
    talk.tells({"place-to": "AE", "moved": "no"})
    talk.chooses("change", "e:moved", "a:brought")

    talk.sees_question("place-from")


# --- who reads changes after words were written ---


def test_words_sealed_for_others_are_erased_and_asked_for_again(talk: Talk) -> None:
    talk.tells({**IN_LAHORE, "words-what": "they lock the door"})
    talk.chooses("change", "e:place-to", "p:PK-SD", "here")

    talk.sees("draft.restart-words")
    talk.sees_question("words-what")
    assert talk.kept.draft == []

    talk.writes("they lock the door at night")
    report = talk.sends_report()
    assert report.routing.places == ("PK-SD",)
    assert talk.kept.delivered_words == [[("words-what", "they lock the door at night")]]


def test_nothing_is_erased_when_the_readers_stay_the_same(talk: Talk) -> None:
    talk.tells({**IN_LAHORE, "words-what": "they lock the door"})
    talk.chooses("change", "e:age", "a:15-17")

    talk.has_never_said("draft.restart-words")
    assert talk.kept.draft == [("words-what", "they lock the door")]


def test_leaving_the_question_half_way_still_asks_for_the_erased_words(talk: Talk) -> None:
    """The office was pressed, then back: the readers changed all the same."""
    talk.tells({**IN_LAHORE, "words-what": "they lock the door"})
    talk.chooses("change", "e:avoid", "o:lahore")
    talk.sees("draft.restart-words")

    talk.chooses("!back")

    talk.sees_question("words-what")
    talk.chooses("skip")
    assert talk.sends_report().routing.avoid_offices == ("lahore",)


def test_a_name_given_late_is_kept_and_the_rest_asked_for_again(talk: Talk) -> None:
    talk.tells({**IN_LAHORE, "words-what": "they lock the door"})
    talk.chooses("change", "e:avoid", "name-person")
    talk.writes("my cousin in the office")

    talk.sees("draft.restart-words")
    assert talk.kept.draft == [("avoid", "my cousin in the office")]
    talk.sees_question("words-what")

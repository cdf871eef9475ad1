"""Words at any step are kept, sealed, and never dropped; what is not words is answered kindly."""

from collections.abc import Callable

import pytest

from bot.core.effects import Class
from tests.talking import Talk

WORDS = "وہ مجھے جانے نہیں دیتے 😢"
CODE = "7" * 20


def _at(ask: str) -> Callable[[Talk], None]:
    def walk(talk: Talk) -> None:
        talk.opens()
        talk.chooses("c:tell", *(() if ask == "safe-now" else ("a:yes",)))
        while talk.asked() != ask and talk.asked():
            talk.chooses("a:ok" if talk.asked() == "limits" else "skip")

    return walk


def _review(talk: Talk) -> None:
    talk.opens()
    talk.tells({})


def _code(talk: Talk) -> None:
    _review(talk)
    talk.chooses("send")


def _change(talk: Talk) -> None:
    _review(talk)
    talk.chooses("change")


def _who(talk: Talk) -> None:
    talk.starts()
    talk.chooses("lang:ur")


def _home(talk: Talk) -> None:
    talk.opens()


ASKS = tuple(a.id for a in Talk().flow.asks if not a.when and a.id != "safe-now")
STEPS: dict[str, Callable[[Talk], None]] = {
    "nothing yet": lambda t: None,
    "language": lambda t: t.starts(),
    "who": _who,
    "home": _home,
    "page": lambda t: t.opens().chooses("c:learn", "c:job-offer"),
    "help": lambda t: t.opens().chooses("!help"),
    "help by place": lambda t: t.opens().chooses("!help", "!region"),
    "review": _review,
    "change": _change,
    "code": _code,
    "messages": lambda t: t.opens().chooses("c:mail"),
    "left": lambda t: t.opens().leaves(),
    **{f"question {ask}": _at(ask) for ask in ASKS},
}


@pytest.mark.parametrize("step", STEPS)
def test_words_at_any_step_are_kept(step: str) -> None:
    talk = Talk()
    STEPS[step](talk)
    talk.writes(WORDS)

    assert [words for _, words in talk.kept.draft] == [WORDS]
    assert talk.latest


@pytest.mark.parametrize("step", [s for s in STEPS if s != "left"])
def test_whoever_wrote_is_told_that_it_is_kept_and_not_sent(step: str) -> None:
    talk = Talk()
    STEPS[step](talk)
    asked_for_words = talk.everything and talk.asked() in ("words-what", "words-more")
    talk.writes(WORDS)

    if not asked_for_words:
        said = {line.id for say in talk.latest for line in say.lines}
        assert said & {"draft.kept", "draft.opened"}


@pytest.mark.parametrize("step", STEPS)
def test_words_kept_before_the_first_question_reach_the_officers(step: str) -> None:
    talk = Talk()
    STEPS[step](talk)
    talk.writes(WORDS)
    if not talk.state.talk.lang:
        talk.chooses("lang:en", "c:skip")
    talk.presses("!tell")
    if "resume" in talk.keys:
        talk.chooses("resume")
    while ask := talk.asked():
        talk.chooses({"safe-now": "a:yes", "limits": "a:ok"}.get(ask, "skip"))
    talk.sends_report()

    assert [words for _, words in talk.kept.delivered_words[0]] == [WORDS]


def test_words_before_the_language_still_ask_for_the_language() -> None:
    talk = Talk()
    talk.writes(WORDS)

    talk.sees("draft.opened", "screen.language")


def test_words_at_a_button_question_leave_the_question_open() -> None:
    talk = Talk()
    _at("danger")(talk)
    talk.writes(WORDS)

    talk.sees("draft.kept")
    talk.sees_question("danger")
    assert talk.kept.draft == [("danger", WORDS)]


def test_every_message_of_a_long_story_is_kept_in_order() -> None:
    talk = Talk()
    _at("words-what")(talk)
    story = ["first he was kind", "then he was not", "now I am afraid"]
    for part in story:
        talk.writes(part)

    assert [words for _, words in talk.kept.draft] == story


def test_a_changed_message_is_kept_beside_the_first_and_moves_nothing() -> None:
    talk = Talk()
    _at("words-what")(talk)
    talk.writes("he is my uncle", edited=True)

    talk.sees("say.edited")
    talk.sees_question("words-what")
    assert talk.kept.draft == [("words-what", "he is my uncle")]


@pytest.mark.parametrize("what", ["voice", "picture", "file"])
def test_what_was_sent_is_not_taken_but_answered_with_numbers(what: str) -> None:
    talk = Talk()
    _at("danger")(talk)
    talk.sends(what)

    talk.sees("help.calm", "say.attachment")
    assert talk.latest[0].kind is Class.URGENT
    talk.sees_question("danger")
    assert talk.kept.draft == []


def test_words_under_a_picture_are_kept() -> None:
    talk = Talk()
    _at("danger")(talk)
    talk.sends("picture", "this is the house")

    talk.sees("help.calm", "say.attachment", "draft.kept")
    assert talk.kept.draft == [("danger", "this is the house")]


def test_words_under_a_picture_answer_a_question_for_words() -> None:
    talk = Talk()
    _at("words-what")(talk)
    talk.sends("picture", "this is the house")

    talk.sees("say.attachment")
    talk.sees_question("words-more")


def test_a_sticker_gets_a_kind_answer() -> None:
    talk = Talk().opens()
    talk.sends("sticker")

    talk.sees("say.puzzled")
    talk.sees_number_of_messages(1)

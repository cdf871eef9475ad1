"""Urgency comes from buttons and published rules, with reasons; words never change it (D18)."""

import pytest

from bot.core.flow import UrgencyRule
from bot.core.triage import URGENCIES, triage
from tests.talking import Answer, Talk, content

RULES = content().rules


@pytest.mark.parametrize(
    ("answers", "urgency", "reason"),
    [
        ({"danger": ("now",)}, "U0", "danger-now"),
        ({"concern": ("sad",)}, "U0", "wants-to-die"),
        ({"happening": ("day",)}, "U0", "within-a-day"),
        ({"danger": ("soon",)}, "U1", "soon"),
        ({"happening": ("week",)}, "U1", "within-a-week"),
        ({"concern": ("body",), "happening": ("fresh",)}, "U1", "fresh-private-harm"),
        ({"concern": ("body",), "happening": ("past",)}, "U3", ""),
        ({"concern": ("taken",)}, "U1", "taken"),
        ({"concern": ("online-pictures",), "happening": ("still",)}, "U1", "online-pressure"),
        ({"concern": ("missing",), "age": ("6-9",)}, "U1", "young-child-missing"),
        ({"concern": ("missing",), "age": ("15-17",)}, "U2", "missing"),
        ({"concern": ("work",), "age": ("6-9",), "happening": ("still",)}, "U1", "young-child-used"),
        ({"wish": ("talk", "doctor"), "happening": ("fresh",)}, "U1", "doctor-wanted-fresh"),
        ({"wish": ("safe-place",), "happening": ("still",)}, "U1", "place-needed"),
        ({"avoid": ("person",)}, "U2", "kept-away"),
        ({"happening": ("still",)}, "U2", "going-on"),
        ({"concern": ("marriage",)}, "U2", "marriage-planned"),
        ({"danger": ("unsure",)}, "U2", "danger-unsure"),
        ({"danger": ("no",)}, "U3", ""),
        ({"danger": ()}, "U3", ""),
        ({}, "U3", ""),
    ],
)
def test_the_published_rules_decide(answers: dict[str, tuple[str, ...]], urgency: str, reason: str) -> None:
    level, reasons = triage(RULES, answers)

    assert level == urgency
    assert reasons[:1] == ((f"reason.{reason}",) if reason else ())


def test_the_most_urgent_rule_counts_and_every_reason_is_listed() -> None:
    answers = {"danger": ("now",), "concern": ("taken",), "happening": ("still",)}

    assert triage(RULES, answers) == ("U0", ("reason.danger-now", "reason.taken", "reason.going-on"))


def test_the_order_of_the_rules_does_not_matter() -> None:
    answers = {"danger": ("unsure",), "concern": ("sad",)}

    assert triage(RULES, answers)[0] == triage(RULES[::-1], answers)[0]


def test_a_reason_is_named_once() -> None:
    rule = UrgencyRule({"danger": frozenset({"now"})}, "U0", "reason.danger-now")

    assert triage((rule, rule), {"danger": ("now",)}) == ("U0", ("reason.danger-now",))


@pytest.mark.parametrize("key", [c.key for c in next(a for a in content().asks if a.id == "concern").choices])
def test_no_answer_makes_a_report_less_urgent(key: str) -> None:
    """More answers can only raise it."""
    alone = URGENCIES.index(triage(RULES, {"danger": ("unsure",)})[0])
    with_concern = URGENCIES.index(triage(RULES, {"danger": ("unsure",), "concern": (key,)})[0])

    assert with_concern <= alone


@pytest.mark.parametrize(
    "words", ["he will kill me tonight", "danger now U0", "مجھے ابھی خطرہ ہے میری جان بچاؤ وہ آ رہا ہے"]
)
def test_words_never_change_the_urgency(words: str) -> None:
    quiet: dict[str, Answer] = {"danger": "no"}
    talk = Talk().opens()
    talk.tells({**quiet, "words-what": words, "words-more": words})

    assert talk.sends_report().urgency == "U3"


def test_an_answer_that_no_longer_applies_does_not_make_it_urgent() -> None:
    """ "It will be today", then danger right now, which leaves that question out, then no danger after all."""
    talk = Talk().opens()
    talk.tells({"danger": "no", "happening": "day"})
    talk.chooses("change", "e:danger", "a:now")
    report = talk.sends_report()

    assert report.cover.reasons == ("reason.danger-now",)
    assert "happening" not in report.cover.answers

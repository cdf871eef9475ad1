"""Help and leave work at any step, in every language and spelling we know (DESIGN §4.13)."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.model import Content
from bot.core.words import always_word, code_like, normal, numerals, placeholders
from bot.wording.registry import load_registry


def test_every_language_has_words_for_both(content: Content) -> None:
    assert set(content.spellings) == set(load_registry().languages)


def test_every_listed_word_works_as_it_is_listed(content: Content) -> None:
    for language, words in content.spellings.items():
        for meaning, listed in words.items():
            for word in listed:
                assert always_word(word, content.always) == meaning, (language, word)


AS_CHILDREN_TYPE = [
    ("HELP", "help"),
    ("Help!!!", "help"),
    ("helppppp", "help"),
    ("  help  me ", "help"),
    ("…help…", "help"),
    ("HeLp 🙏🙏", "help"),
    ("🆘", "help"),
    ("SOS", "help"),
    ("MADAD", "help"),
    ("maddddad", "help"),
    ("bachaooooo", "help"),
    ("مدد", "help"),
    ("مـدد", "help"),
    ("مَدَد", "help"),
    ("مددددد", "help"),
    ("مدد۔", "help"),
    ("میری مدد کرو!", "help"),
    ("ميري مدد كرو", "help"),
    ("\u202bمدد\u202c", "help"),
    ("مرسته", "help"),
    ("مرستہ", "help"),
    ("मदद!!", "help"),
    ("सहायता", "help"),
    ("উদ্ধার", None),
    ("সাহায্য", "help"),
    ("உதவி", "help"),
    ("උදව්", "help"),
    ("གྲོགས་རམ།", "help"),
    ("އެހީ", "help"),
    ("Stop", "leave"),
    ("STOPPPP", "leave"),
    ("exit.", "leave"),
    ("بند کرو", "leave"),
    ("بند كرو", "leave"),
    ("ruk jao", "leave"),
    ("RUK  JAO!!", "leave"),
    ("থামো", "leave"),
    ("रुको", "leave"),
    ("I can not stop crying", None),
    ("help is what my friend needs, she is far away", None),
    ("bus", None),
    ("yes", None),
    ("", None),
    ("...", None),
    ("help" * 40, None),
]


@pytest.mark.parametrize(("typed", "meaning"), AS_CHILDREN_TYPE)
def test_a_word_works_however_it_is_typed(content: Content, typed: str, meaning: str | None) -> None:
    assert always_word(typed, content.always) == meaning


def test_a_long_message_costs_nothing_to_look_at(content: Content) -> None:
    before = time.perf_counter()
    for _ in range(1000):
        always_word("مدد " * 1000, content.always)

    assert time.perf_counter() - before < 0.1


@given(st.text(max_size=80))
def test_any_text_has_a_form_and_the_form_stays_the_same(text: str) -> None:
    form = normal(text)

    assert form == form.strip()
    assert normal(form) == form


@given(st.text(max_size=80))
def test_case_and_space_around_a_word_do_not_matter(text: str) -> None:
    assert normal(f"  {text}\n") == normal(text)


CODES = [
    ("1234 5678 9012 3456 7890", True),
    ("12345678901234567890", True),
    ("1234-5678-9012-3456-7890", True),
    ("۱۲۳۴ ۵۶۷۸ ۹۰۱۲ ۳۴۵۶ ۷۸۹۰", True),
    ("১২৩৪ ৫৬৭৮ ৯০১২ ৩৪৫৬ ৭৮৯০", True),
    ("\u20661234 5678 9012 3456 7890\u2069", True),
    ("1234 5678 9012 3456 789", True),
    ("0300 1234567", False),
    ("my code is 1234 5678 9012 3456 7890", False),
    ("1121", False),
    ("", False),
]


@pytest.mark.parametrize(("text", "is_code"), CODES)
def test_digits_alone_as_many_as_a_code_look_like_one(text: str, is_code: bool) -> None:
    assert code_like(text) is is_code


def test_numerals_are_the_same_in_any_script_and_order() -> None:
    assert numerals("18 یا 7 {then}") == numerals("۷ or ۱۸ {other}") == ("18", "7")


def test_placeholders_are_names_in_braces() -> None:
    assert placeholders("{name}: {place-of} {Nope} {}") == {"name", "place-of"}

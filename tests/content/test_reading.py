"""What we ask somebody to read is measured: words in a sentence, long words, sentences on a page."""

import pytest

from bot.content.loader import load_content
from bot.content.model import Content
from bot.content.reading import LEVELS, is_long, measure, page_readings, reading_findings
from bot.wording.desk import offered_texts
from bot.wording.registry import load_registry, locales_folder
from tests.content.conftest import Spoil


def test_sentences_points_and_words_are_counted() -> None:
    read = measure("You may rest. You may call home!\nThese are yours:\n• your pay\n2. your papers")

    assert (read.sentences, read.points, read.words, read.longest) == (3, 2, 14, 4)


def test_a_colon_lets_the_reader_breathe() -> None:
    assert measure("Believe, listen and say: it is not your fault.").longest == 5


def test_an_abbreviated_age_does_not_end_a_sentence() -> None:
    assert measure("Ages are 5.5 or so.").sentences == 1


def test_urdu_and_hindi_sentences_end_where_they_end() -> None:
    assert measure("آپ میں کوئی برائی نہیں۔ کیا ہوا؟", "ur").sentences == 2
    assert measure("आप ठीक हैं। क्या हुआ?", "hi").sentences == 2


@pytest.mark.parametrize("word", ["never", "picture", "someone", "asked", "places", "grown-up", "travelled"])
def test_words_of_one_or_two_syllables_are_short(word: str) -> None:
    assert not is_long(word)


@pytest.mark.parametrize("word", ["messenger", "exploitation", "company", "emergency", "consulate"])
def test_words_of_three_syllables_are_long(word: str) -> None:
    assert is_long(word)


def test_every_page_is_at_the_level_of_its_readers(content: Content) -> None:
    assert [str(finding) for finding in reading_findings(content)] == []


def test_each_audience_has_its_pages(content: Content) -> None:
    counts = {a: len(r) for a, r in page_readings(content, {i: s.en for i, s in content.texts.items()}, "en").items()}

    assert counts == {"u12": 24, "teen": 24, "adult": 29, "pro": 15}


@pytest.mark.slow
def test_other_languages_are_measured_too(content: Content) -> None:
    urdu = offered_texts(content.texts, load_registry(), locales_folder())["ur"]
    readings = page_readings(content, urdu, "ur")

    assert all(len(readings[audience]) > 0 for audience in LEVELS)
    assert max(read.sentences for read in readings["u12"]) <= 4


HARD = [
    ("u12", "words in one sentence", "A child may always ask a kind grown-up for help."),
    ("u12", "% long words", "Emergency communication organisations. Everybody understands."),
    ("u12", "sentences", "You rest. You eat. You play. You sleep."),
    ("teen", "words in one sentence", "You may ask us and then you may ask somebody else who you trust too."),
    ("teen", "sentences", "One. Two. Three. Four. Five. Six."),
    ("teen", "points in lists", "\n".join(f"• {n}" for n in range(13))),
    ("adult", "words", "We look on. " * 50),
    ("adult", "% long words", "Authorities investigate international organisations immediately."),
    ("pro", "words in one sentence", "we " * 30),
]


@pytest.mark.parametrize(("audience", "what", "text"), HARD, ids=[f"{h[0]}-{n}" for n, h in enumerate(HARD)])
def test_what_is_too_hard_is_found(spoil: Spoil, audience: str, what: str, text: str) -> None:
    folder = spoil("pages/for-committees.toml", 'readers = ["adult", "pro"]\n', "")
    page = folder / "pages" / "for-committees.toml"
    head = page.read_text(encoding="utf-8").split("text.")[0]
    page.write_text(f'{head}text.{audience} = """\n{text}"""\n', encoding="utf-8")

    found = [f for f in reading_findings(load_content(folder)) if f.where.startswith("pages/for-committees")]

    assert any(f" {what}, more than" in f.what for f in found)
    assert all(f.kind == "reading-level" and f.remedy for f in found)

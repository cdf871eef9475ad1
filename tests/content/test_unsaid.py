"""Words that no text may hold, in any language, come from a file that anybody who speaks the language can add to."""

import pytest

from bot.content.loader import load_content
from bot.content.model import Content
from bot.content.unsaid import REMEDIES, gives_away, never_said
from bot.core.errors import ContentError
from bot.wording.registry import load_registry
from tests.content.conftest import Spoil

SAID = [
    ("en", "secrecy", "This is completely safe."),
    ("en", "secrecy", "You stay ANONYMOUS."),
    ("en", "secrecy", "It is 100 % secret."),
    ("en", "promise", "We will save you."),
    ("en", "order", "Run away now!"),
    ("en", "order", "Tell your parents."),
    ("en", "blame", "You should have asked."),
    ("en", "blame", "It is about family honour."),
    ("en", "old-word", "The victim is a girl."),
    ("en", "detail", "What rape is."),
    ("ur", "secrecy", "یہ سو فیصد ٹھیک ہے۔"),
    ("ur", "promise", "پولیس آ جائے گی۔"),
    ("ur", "order", "ابھی بھاگ جائیں!"),
    ("ur", "blame", "یہ گھر کی عزت کی بات ہے۔"),
    ("ur", "blame", "يہ شَرم کي بات ہے"),
    ("ur", "old-word", "بھکاری بچے"),
    ("ur-Latn", "blame", "Yeh SHARAM ki baat hai"),
    ("ur-Latn", "secrecy", "yeh 100% theek hai"),
    ("sd", "blame", "هي شرم جي ڳالهه آهي"),
    ("ps", "promise", "دا ضمانت دی"),
    ("hi", "blame", "यह शर्म की बात है।"),
    ("hi", "promise", "हम गारंटी देते हैं"),
    ("bn", "blame", "এটা লজ্জার কথা"),
    ("bn", "secrecy", "এটা সম্পূর্ণ নিরাপদ।"),
    ("ne", "old-word", "वेश्या"),
    ("fa-AF", "blame", "این شرم است"),
]


@pytest.mark.promise("S42", "S56")
@pytest.mark.parametrize(("lang", "kind", "text"), SAID, ids=[f"{s[0]}-{s[1]}-{n}" for n, s in enumerate(SAID)])
def test_what_blames_promises_or_frightens_is_found(content: Content, lang: str, kind: str, text: str) -> None:
    found = list(never_said(content.unsaid, lang, text))

    assert kind in {said.kind for said in found}
    assert all(said.remedy and said.phrase for said in found)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "A grape is a fruit."),
        ("en", "It is not your fault."),
        ("en", "Nobody may hit you."),
        ("ur", "یہ آپ کا قصور نہیں۔"),
        ("dz", "shame"),
    ],
)
def test_kind_words_pass(content: Content, lang: str, text: str) -> None:
    assert list(never_said(content.unsaid, lang, text)) == []


def test_a_word_that_betrays_is_found_in_any_form(content: Content) -> None:
    assert list(gives_away(content.unsaid, "en", "The HELPLINE")) == ["help"]
    assert list(gives_away(content.unsaid, "ur", "آپ کي حفاظت")) == ["حفاظت"]


def test_every_language_of_the_list_is_one_of_ours(content: Content) -> None:
    assert content.unsaid.keys() - {"all"} <= load_registry().languages.keys()


def test_the_languages_offered_have_words_of_every_kind(content: Content) -> None:
    for tag in load_registry().offered:
        assert all(content.unsaid[tag][kind] for kind in (*REMEDIES, "betrays")), tag


def test_an_unknown_kind_is_refused(spoil: Spoil) -> None:
    with pytest.raises(ContentError, match=r'unsaid\.toml:1: "rude" is not known here'):
        load_content(spoil("unsaid.toml", "old-word = [", "rude = ["))

"""A poster says nothing of what it is for, reads in its own direction, and its code leads to the campaign's link."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import segno
from click.testing import CliRunner, Result

from bot.cli import main
from bot.content.loader import load_content
from bot.content.unsaid import gives_away
from bot.poster import QUIET_MODULES, Way, Words, draw, wrapped

SVG = "{http://www.w3.org/2000/svg}"
HERE = "https://helpline.example"
ENVIRONMENT = {"HAMRAH_CAMPAIGNS": "school-1,bus_stop", "HAMRAH_PUBLIC_URL": HERE}


def poster(*words: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(main, ["poster", *words], env=ENVIRONMENT if env is None else env)


def codes(drawn: str) -> list[str]:
    """The dark squares of each code, as the drawing has them."""
    page = ElementTree.fromstring(drawn)  # our own text
    return [path.attrib["d"] for path in page.iter(f"{SVG}path") if path.attrib["fill"] == "#000"]


def squares(address: str) -> str:
    modules = segno.make(address, error="m", micro=False).matrix_iter(border=QUIET_MODULES)
    return "".join(f"M{c} {r}h1v1h-1z" for r, row in enumerate(modules) for c, one in enumerate(row) if one)


@pytest.mark.parametrize(("lang", "direction"), [("ur", "rtl"), ("en", "ltr"), ("sd", "rtl"), ("ur-Latn", "ltr")])
def test_both_ways_are_drawn_in_reading_order(lang: str, direction: str) -> None:
    result = poster("--campaign", "school-1", "--lang", lang, "--bot", "a_test_bot")
    assert 0 == result.exit_code, result.stderr

    ways = [squares("https://t.me/a_test_bot?start=school-1"), squares(f"{HERE}/#school-1")]
    assert (ways if direction == "ltr" else ways[::-1]) == codes(result.stdout)
    root = ElementTree.fromstring(result.stdout)
    assert (direction, lang) == (root.attrib["direction"], root.attrib["lang"])
    shown = [text.text for text in root.iter(f"{SVG}text")]
    assert "t.me/a_test_bot?start=school-1" in shown


def test_no_word_on_it_betrays_what_it_is_for() -> None:
    unsaid = load_content().unsaid
    for lang in ("en", "ur"):
        drawn = poster("--campaign", "school-1", "--lang", lang).stdout
        words = " ".join(t.text or "" for t in ElementTree.fromstring(drawn).iter(f"{SVG}text"))
        assert [] == list(gives_away(unsaid, lang, words.replace("helpline.example", "")))


def test_a_language_without_words_of_its_own_is_named() -> None:
    result = poster("--campaign", "school-1", "--lang", "dz")
    assert "dz has no words of its own for poster.title" in result.stderr
    assert "" == poster("--campaign", "school-1", "--lang", "ur").stderr


@pytest.mark.parametrize(
    ("words", "env", "why"),
    [
        (("--campaign", "unknown", "--lang", "ur"), ENVIRONMENT, "HAMRAH_CAMPAIGNS"),
        (("--campaign", "school-1", "--lang", "xx"), ENVIRONMENT, "no such language"),
        (("--campaign", "school-1", "--lang", "ur"), {"HAMRAH_CAMPAIGNS": "school-1"}, "nowhere to lead to"),
        (("--campaign", "school-1", "--lang", "ur", "--bot", "a b"), ENVIRONMENT, "not the name of a bot"),
        (("--campaign", "x", "--lang", "ur"), {"HAMRAH_CAMPAIGNS": "a b"}, "letters A-Z"),
    ],
)
def test_a_poster_that_would_lead_nowhere_is_refused(words: tuple[str, ...], env: dict[str, str], why: str) -> None:
    result = poster(*words, env=env)
    assert 2 == result.exit_code
    assert why in result.stderr


def test_it_is_written_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "poster.svg"
    assert 0 == poster("--campaign", "bus_stop", "--lang", "ur", "--out", str(file)).exit_code
    assert file.read_text("utf-8").startswith("<svg ")


def test_words_are_text_and_never_markup() -> None:
    words = Words("en", "ltr", "latin", "<b>&", ("\"'<script>",), "x")
    drawn = draw(words, [Way("<i>", "https://a.example/?a=1&b=<2>")])
    assert "<script" not in drawn
    assert 1 == len(codes(drawn))


@pytest.mark.parametrize("text", ["", "one", "a " * 200, "x" * 300])
def test_long_words_wrap_and_lose_nothing(text: str) -> None:
    assert text.split() == re.split(r"\s+", " ".join(wrapped(text, 15)).strip()) or not text

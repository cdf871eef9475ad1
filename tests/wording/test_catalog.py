"""A catalog is taken whole or refused whole; what is unreviewed, stale or missing is counted."""

from pathlib import Path

import pytest

from bot.core.errors import ContentError
from bot.wording.catalog import Counts, count, read_catalog
from tests.wording.conftest import Words, Write

GREET = 'msgctxt "greet"\nmsgid "Hello"\nmsgstr "سلام"\n\n'
CALL = 'msgctxt "call"\nmsgid "Call {phone} in {place}"\nmsgstr "{place} میں {phone} پر فون کریں"\n\n'


def test_a_translation_is_read_and_counted_as_reviewed(locales: Path, write: Write, sources: dict[str, Words]) -> None:
    write("ur", GREET + CALL)

    catalog = read_catalog(locales, "ur", sources)

    assert catalog.texts["greet"] == "سلام"
    assert count(catalog, sources, "chat") == Counts(total=4, drafted=2, reviewed=2, stale=0, missing=2)


def test_a_fuzzy_translation_shows_but_is_not_reviewed(locales: Path, write: Write, sources: dict[str, Words]) -> None:
    write("ur", "#, fuzzy\n" + GREET)

    catalog = read_catalog(locales, "ur", sources)

    assert catalog.texts == {"greet": "سلام"}
    assert count(catalog, sources, "chat") == Counts(total=4, drafted=1, reviewed=0, stale=0, missing=3)


def test_an_empty_translation_is_missing(locales: Path, write: Write, sources: dict[str, Words]) -> None:
    write("ur", 'msgctxt "greet"\nmsgid "Hello"\nmsgstr ""\n')

    assert read_catalog(locales, "ur", sources).texts == {}


def test_a_translation_of_an_older_english_is_stale_and_still_shows(
    locales: Path, write: Write, sources: dict[str, Words]
) -> None:
    write("ur", GREET.replace('"Hello"', '"Hi"'))

    catalog = read_catalog(locales, "ur", sources)

    assert set(catalog.stale) == {"greet"}
    assert catalog.texts == {"greet": "سلام"}


def test_a_stale_critical_text_does_not_show(locales: Path, write: Write, sources: dict[str, Words]) -> None:
    """English is safer than an outdated promise."""
    write("ur", 'msgctxt "age"\nmsgid "Over 17"\nmsgstr "17 سے زیادہ"\n')

    catalog = read_catalog(locales, "ur", sources)

    assert set(catalog.stale) == {"age"}
    assert catalog.texts == {}


def test_an_entry_of_no_text_is_noticed_and_not_shown(locales: Path, write: Write, sources: dict[str, Words]) -> None:
    write("ur", 'msgctxt "gone"\nmsgid "Gone"\nmsgstr "گیا"\n' + GREET)

    catalog = read_catalog(locales, "ur", sources)

    assert set(catalog.unknown) == {"gone"}
    assert set(catalog.texts) == {"greet"}


def test_a_language_without_a_file_is_an_empty_catalog(locales: Path, sources: dict[str, Words]) -> None:
    assert read_catalog(locales, "sd", sources).texts == {}


def test_both_domains_are_read(locales: Path, write: Write, sources: dict[str, Words]) -> None:
    write("ur", GREET)
    file = locales / "ur" / "LC_MESSAGES" / "chat.po"
    (file.parent / "console.po").write_text(
        file.read_text(encoding="utf-8").replace("greet", "reason").replace('"Hello"', '"Danger now"'), encoding="utf-8"
    )

    catalog = read_catalog(locales, "ur", sources)

    assert set(catalog.texts) == {"greet", "reason"}
    assert count(catalog, sources, "console") == Counts(total=1, drafted=1, reviewed=1, stale=0, missing=0)


WRONG = [
    (
        'msgctxt "call"\nmsgid "Call {phone} in {place}"\nmsgstr "{phone} پر فون کریں"\n',
        r"placeholders differ \(place\)",
    ),
    (
        'msgctxt "call"\nmsgid "Call {phone} in {place}"\nmsgstr "{fon} {place}"\n',
        r"placeholders differ \(fon, phone\)",
    ),
    ('msgctxt "greet"\nmsgid "Hello"\nmsgstr "سلام {name}"\n', r"placeholders differ \(name\)"),
    ('msgctxt "greet"\nmsgid "Hello"\nmsgstr "سلام {"\n', r"a lone brace"),
    ('msgctxt "age"\nmsgid "Over 18"\nmsgstr "16 سے زیادہ"\n', r"the numbers differ"),
    ('msgctxt "age"\nmsgid "Over 18"\nmsgstr "بڑے"\n', r"the numbers differ"),
    ('msgctxt "greet"\nmsgid "Hello"\nmsgstr "1121 پر سلام"\n', r"the numbers differ"),
    ('msgctxt "greet"\nmsgid "Hello"\nthis is no PO line\n', r"repair or restore"),
]


@pytest.mark.parametrize(("entry", "message"), WRONG)
def test_one_wrong_entry_refuses_the_whole_catalog(
    locales: Path, write: Write, sources: dict[str, Words], entry: str, message: str
) -> None:
    write("ur", CALL + entry)

    with pytest.raises(ContentError, match=message) as refused:
        read_catalog(locales, "ur", sources)

    assert "chat.po" in str(refused.value)


def test_the_same_number_in_other_numerals_is_accepted(locales: Path, write: Write, sources: dict[str, Words]) -> None:
    write("sd", 'msgctxt "age"\nmsgid "Over 18"\nmsgstr "١٨ کان وڌيڪ"\n')

    assert read_catalog(locales, "sd", sources).texts["age"] == "١٨ کان وڌيڪ"

"""From the content to PO files and back into step: nothing translated is lost, nothing of the machine gets in."""

from pathlib import Path

import polib
import pytest

from bot.content.model import Content
from bot.core.errors import ContentError
from bot.wording.desk import bring_into_step, faults, import_catalog, standings
from bot.wording.extract import template, write_catalog, write_templates
from bot.wording.registry import load_registry, locales_folder
from tests.wording.conftest import Words, Write


def test_a_template_holds_each_text_once_with_its_id_note_and_limits(sources: dict[str, Words]) -> None:
    po = template(sources | {"press": Words("Press", limit=10, note="A button.", critical=True)}, "chat")

    press = next(entry for entry in po if entry.msgctxt == "press")
    call = next(entry for entry in po if entry.msgctxt == "call")
    assert [entry.msgctxt for entry in po] == ["greet", "call", "age", "press"]
    assert press.comment == "A button.\nmax-length:10\nCritical: a second person reviews it."
    assert call.flags == ["python-brace-format"]


def test_the_same_texts_give_the_same_bytes(sources: dict[str, Words], locales: Path) -> None:
    (first,) = write_templates(sources, locales)
    before = first.read_bytes()
    write_templates(sources, locales)

    assert first.read_bytes() == before
    assert b"POT-Creation-Date" not in before


def test_a_changed_text_keeps_its_translation_as_fuzzy_and_shows_the_english_it_came_from(
    locales: Path, write: Write, sources: dict[str, Words]
) -> None:
    write("ur", 'msgctxt "greet"\nmsgid "Hi"\nmsgstr "سلام"\n')

    file = write_catalog(sources, locales, load_registry().languages["ur"], "chat")

    entry = next(e for e in polib.pofile(str(file)) if e.msgctxt == "greet")
    assert (entry.msgid, entry.previous_msgid, entry.msgstr, entry.fuzzy) == ("Hello", "Hi", "سلام", True)


def test_a_reviewed_translation_stays_reviewed_and_a_new_text_is_empty(
    locales: Path, write: Write, sources: dict[str, Words]
) -> None:
    write("ur", 'msgctxt "greet"\nmsgid "Hello"\nmsgstr "سلام"\n')

    file = write_catalog(sources, locales, load_registry().languages["ur"], "chat")

    entries = {e.msgctxt: e for e in polib.pofile(str(file))}
    assert not entries["greet"].fuzzy
    assert entries["press"].msgstr == ""


def test_a_text_that_is_gone_becomes_obsolete(locales: Path, write: Write, sources: dict[str, Words]) -> None:
    write("ur", 'msgctxt "gone"\nmsgid "Gone"\nmsgstr "گیا"\n')

    file = write_catalog(sources, locales, load_registry().languages["ur"], "chat")

    assert [e.msgstr for e in polib.pofile(str(file)).obsolete_entries()] == ["گیا"]


def test_our_own_templates_and_catalogs_are_in_step_with_the_content(content: Content, tmp_path: Path) -> None:
    """When this fails: run `hamrah wording extract` and translate what is new."""
    (fresh,) = write_templates(content.texts, tmp_path)
    committed = locales_folder() / "hamrah-chat.pot"

    assert committed.read_text(encoding="utf-8") == fresh.read_text(encoding="utf-8")


def test_every_text_of_the_chat_has_its_urdu_marked_unreviewed(content: Content) -> None:
    rows = {(r.lang, r.domain): r for r in standings(content.texts, load_registry(), locales_folder())}
    urdu = rows["ur", "chat"]

    assert (urdu.missing, urdu.stale, urdu.drafted) == (0, 0, urdu.total)
    assert urdu.reviewed == 0


def test_all_catalogs_are_without_faults(content: Content) -> None:
    assert faults(content.texts, load_registry(), locales_folder()) == ()


def test_all_faults_are_told_at_once(locales: Path, write: Write, sources: dict[str, Words]) -> None:
    write(
        "ur",
        'msgctxt "age"\nmsgid "Over 18"\nmsgstr "16"\n\nmsgctxt "press"\nmsgid "Press"\nmsgstr "یہ بٹن ابھی دبائیں"\n',
    )
    write("sd", 'msgctxt "greet"\nmsgid "Hello"\nmsgstr "{x}"\n')

    found = faults(sources, load_registry(locales), locales)

    assert ["numbers differ" in found[0], "say it in 10" in found[1], "placeholders differ" in found[2]] == [True] * 3


def test_a_file_with_faults_is_not_imported(locales: Path, write: Write, sources: dict[str, Words]) -> None:
    ours = write("ur", 'msgctxt "greet"\nmsgid "Hello"\nmsgstr "سلام"\n')
    theirs = locales / "theirs.po"
    theirs.write_text('msgid ""\nmsgstr ""\n\nmsgctxt "age"\nmsgid "Over 18"\nmsgstr "16"\n', encoding="utf-8")
    before = ours.read_bytes()

    with pytest.raises(ContentError, match="numbers differ"):
        import_catalog(theirs, sources, load_registry().languages["ur"], "chat", locales)

    assert ours.read_bytes() == before


def test_a_good_file_is_imported_and_brought_into_step(locales: Path, sources: dict[str, Words]) -> None:
    theirs = locales / "theirs.po"
    theirs.write_text('msgid ""\nmsgstr ""\n\nmsgctxt "age"\nmsgid "Over 18"\nmsgstr "18 سے زیادہ"\n', encoding="utf-8")

    file = import_catalog(theirs, sources, load_registry().languages["ur"], "chat", locales)

    entries = {e.msgctxt: e.msgstr for e in polib.pofile(str(file))}
    assert (entries["age"], entries["greet"]) == ("18 سے زیادہ", "")


def test_bringing_into_step_writes_templates_and_what_exists(
    locales: Path, write: Write, sources: dict[str, Words]
) -> None:
    write("ur", 'msgctxt "greet"\nmsgid "Hello"\nmsgstr "سلام"\n')

    written = bring_into_step(sources, load_registry(locales), locales)

    assert [file.name for file in written] == ["hamrah-chat.pot", "hamrah-console.pot", "chat.po"]


def test_recordings_are_counted_like_words(locales: Path, sources: dict[str, Words]) -> None:
    (locales / "ur" / "audio").mkdir(parents=True)
    for name in ("greet.ogg", "greet.trial.ogg", "press.trial.ogg", "reason.trial.ogg", "gone.ogg"):
        (locales / "ur" / "audio" / name).write_bytes(b"")
    rows = standings(sources, load_registry(locales), locales)

    assert [("ur", "chat", 1, 1), ("ur", "console", 0, 1)] == [
        (r.lang, r.domain, r.recorded, r.trial) for r in rows if r.recorded or r.trial
    ]

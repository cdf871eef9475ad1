"""Content edited in forms comes out as the file it came from: only what changed is another line."""

import tomllib
from datetime import date
from difflib import ndiff
from typing import Any

import pytest

from bot.content.editing import Overlaid, edited_files, home, released
from bot.content.entries import HELPLINE, KINDS, PAGE, REGION, ROUTING, RULE, Kind
from bot.content.living import Called, Set, Shown, build, export, sound
from bot.content.loader import load_content
from bot.content.model import Content
from bot.core.errors import ContentError

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content()


def changed_lines(path: str, text: str) -> list[str]:
    before = home().joinpath(path).read_text(encoding="utf-8")
    return [line for line in ndiff(before.splitlines(), text.splitlines()) if line[0] in "+-"]


@pytest.mark.parametrize("kind", list(KINDS.values()), ids=list(KINDS))
def test_an_entry_that_was_not_changed_comes_out_with_the_bytes_it_came_in_with(kind: Kind) -> None:
    entries = released(kind)
    assert entries
    for path, text in edited_files({kind.name: entries}).items():
        assert home().joinpath(path).read_text(encoding="utf-8") == text


def test_one_changed_number_is_one_changed_line() -> None:
    values = {**released(HELPLINE)["pk-police"], "note": 'Called "today"\\'}
    files = edited_files({"helpline": {"pk-police": values}})
    assert ["- note", '+ note = "Called \\"today\\"\\\\"'] == [
        line if line[0] == "+" else line[:6] for line in changed_lines("helplines.toml", files["helplines.toml"])
    ]


@pytest.mark.parametrize(
    ("kind", "id", "values"),
    [
        (HELPLINE, "test-line", {"id": "test-line", "country": "PK", "name": "Test", "for": "Anyone", "web": "test.example",
                                 "confidence": "low", "source": "A test"}),
        (REGION, "PK-SD-ZZ", {"code": "PK-SD-ZZ", "in": "PK-SD", "level": 2, "en": "Test", "names": {"ur": ["ٹیسٹ"]}}),
        (RULE, "test-rule", {"id": "test-rule", "urgency": "U2", "when": {"danger": ["soon"]}, "reason": "A test."}),
    ],
)  # fmt: skip
def test_a_new_entry_stands_at_the_end_and_goes_without_a_trace(kind: Kind, id: str, values: dict[str, Any]) -> None:
    path = kind.file
    added = edited_files({kind.name: {id: values}})[path]
    assert all(line.startswith("+") for line in changed_lines(path, added))
    assert id in [entry[kind.key] for entry in tomllib.loads(added)[kind.name]]

    gone = edited_files({kind.name: {id: values}}) | edited_files(
        {kind.name: {id: None}}, Overlaid(home(), {path: added})
    )
    if kind is not REGION:
        assert home().joinpath(path).read_text(encoding="utf-8") == gone[path]


def test_a_removed_entry_leaves_its_neighbours_as_they_are() -> None:
    text = edited_files({"helpline": {"pk-human-rights": None}})["helplines.toml"]
    lines = changed_lines("helplines.toml", text)
    assert all(line.startswith("-") for line in lines)
    assert '- id = "pk-human-rights"' in lines
    assert len(released(HELPLINE)) - 1 == len(tomllib.loads(text)["helpline"])


def test_duty_hours_change_where_they_stand_and_remarks_stay() -> None:
    values = {**released(ROUTING)["routing"], "hours.sunday": [], "climb_after_minutes.U0": 5}
    text = edited_files({"routing": {"routing": values}})["routing.toml"]
    read = tomllib.loads(text)
    assert 5 == read["climb_after_minutes"]["U0"]
    assert "sunday" not in read["hours"]
    assert 3 == len(changed_lines("routing.toml", text))  # one line gone, one other


@pytest.mark.parametrize("hostile", ['"""', '\\"""', 'x"', "\\", '"""]\n[[helpline]]', "a\x00b", "\u2028"])
def test_nothing_typed_into_a_field_becomes_toml(hostile: str) -> None:
    page = {**released(PAGE)["boys-too"], "note": hostile, "text.pro": f"One.\n{hostile}"}
    helpline = {**released(HELPLINE)["pk-police"], "note": hostile, "name": hostile}
    files = edited_files({"page": {"boys-too": page}, "helpline": {"pk-police": helpline}})
    try:
        read = tomllib.loads(files["pages/boys-too.toml"])
    except tomllib.TOMLDecodeError:
        assert "\x00" in hostile  # the one thing a long text cannot hold; it is refused before it is stored
    else:
        assert (hostile, f"One.\n{hostile}") == (read["note"], read["text"]["pro"])
    entries = tomllib.loads(files["helplines.toml"])["helpline"]
    assert (hostile, len(released(HELPLINE))) == (entries[0]["note"], len(entries))


def test_content_of_another_folder_is_read_like_the_release(content: Content) -> None:
    assert content.texts == sound({}).texts


def test_a_file_that_breaks_a_rule_keeps_its_old_text_and_the_rest_counts(content: Content) -> None:
    good = {**released(HELPLINE)["pk-police"], "dial": "15"}
    before, refused = build([Shown("helpline", "pk-police", {**good, "for": "Anyone in danger"})], (), Set(content))
    assert () == refused

    bad = {**good, "country": "XX"}
    rule = {**released(RULE)["danger-now"], "reason": "Danger, now."}
    after, refused = build([Shown("helpline", "pk-police", bad), Shown("rule", "danger-now", rule)], (), before)
    assert 1 == len(refused)
    assert '"XX" is no country' in refused[0]
    assert "Anyone in danger" == after.content.texts["helpline.pk-police.for"].en
    assert "Danger, now." == after.content.texts["reason.danger-now"].en


def test_what_is_gone_is_listed_no_more_but_its_words_stay(content: Content) -> None:
    values = released(HELPLINE)["pk-human-rights"]
    made, refused = build([Shown("helpline", "pk-human-rights", values, gone=True)], (), Set(content))
    assert () == refused
    assert "pk-human-rights" not in {entry.line.id for entry in made.content.helplines}
    assert "helpline.pk-human-rights.name" in made.content.texts
    assert "pk-human-rights" not in export([Shown("helpline", "pk-human-rights", values, gone=True)])["helplines.toml"]


def test_a_number_that_failed_twice_counts_as_stale_and_one_call_that_worked_brings_it_back(content: Content) -> None:
    day = date(2026, 11, 26)
    for failed, silent in ((1, False), (2, True)):
        made, _ = build((), [Called("pk-police", "2026-11-26", "", failed)], Set(content))
        entry = next(e for e in made.content.helplines if e.line.id == "pk-police")
        assert silent is entry.stale(day)
    made, _ = build((), [Called("pk-police", "2026-11-26", "2026-11-26", 0)], Set(content))
    entry = next(e for e in made.content.helplines if e.line.id == "pk-police")
    assert (True, False, "2026-11-26") == (entry.line.dialled, entry.stale(day), entry.dialled_on)


def test_values_under_another_name_are_refused() -> None:
    with pytest.raises(ContentError, match="keep its id"):
        edited_files({"helpline": {"pk-police": {**released(HELPLINE)["pk-police"], "id": "other"}}})

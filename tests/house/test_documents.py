"""What is promised in words is what the program does: retention, licences."""

import re
import tomllib

from bot.backing_up import MOST_DAYS
from bot.settings import Settings
from storage import purge
from tests.house.tree import ROOT, project_files

PRIVACY = (ROOT / "PRIVACY.md").read_text("utf-8")


def kept(beginning: str) -> int:
    """The number in the last cell of the row that begins so."""
    (row,) = re.findall(rf"^\| {re.escape(beginning)}.*\| ([^|]*) \|$", PRIVACY, re.MULTILINE)
    (number,) = re.findall(r"\d+", row)[:1]
    return int(number)


def test_the_retention_table_says_what_the_purge_does() -> None:
    default = Settings.model_fields["retention_days"].default
    assert default == purge.KEEP_CASES_DAYS == kept("a report: answers")
    assert purge.KEEP_IDLE_H == kept("an open talk") == kept("a report that was begun")
    assert purge.KEEP_SENT_H == kept("which messages a chat shows")
    assert purge.KEEP_POSTS_S == kept("a message on its way") * 3600
    assert purge.KEEP_SUBMISSIONS_H == kept("that an upload was received")
    assert purge.KEEP_FEEDBACK_DAYS == kept("what children say")
    assert MOST_DAYS == kept("backups")


def test_every_file_has_a_licence_whose_text_is_here() -> None:
    rules = tomllib.loads((ROOT / "REUSE.toml").read_text("utf-8"))["annotations"]
    assert "**" in [rule["path"] for rule in rules], "the rule for everything else"
    named = {id for rule in rules for id in re.split(r" (?:AND|OR) ", rule["SPDX-License-Identifier"])}
    assert named == {path.stem for path in (ROOT / "LICENSES").glob("*.txt")}
    files = [path.relative_to(ROOT).as_posix() for path in project_files()]
    for rule in rules:
        for pattern in [rule["path"]] if isinstance(rule["path"], str) else rule["path"]:
            expression = re.escape(pattern).replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
            assert any(re.fullmatch(expression, file) for file in files), pattern


def test_the_licence_at_the_top_is_the_one_of_the_code() -> None:
    assert (ROOT / "LICENSE").read_text("utf-8") == (ROOT / "LICENSES" / "Apache-2.0.txt").read_text("utf-8")

"""Every transcript in this folder is played, and says what it says."""

import os
from pathlib import Path

import pytest

from tests.helpline import open_helpline
from tests.scenarios.playing import Player, read

SCENARIOS = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda f: f.stem)
async def test_the_talk_goes_as_it_is_written(file: Path, tmp_path: Path) -> None:
    async with open_helpline(tmp_path) as helpline:
        played = await Player(helpline).play(read(file))
    if os.environ.get("HAMRAH_RECORD") == "1":
        file.write_text(played, "utf-8")

    assert file.read_text("utf-8") == played


def test_there_are_talks_in_both_languages() -> None:
    assert {"en", "ur"} <= {file.stem.split("_")[0] for file in SCENARIOS}

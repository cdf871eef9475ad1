"""What is a picture, and what is a voice note: decided from the content, on files made by chance (S34)."""

import json
import os
import random
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.core.note import MOST_SECONDS
from bot.services.sound import NotVoice, seconds_of
from tests.hostile_pictures import drawing, drawn, encoded, refused
from tests.opus import clip

DECIDES = Path(__file__).parents[2] / "bot" / "web" / "dist" / "sealing.js"
FUZZ = Path(__file__).parent / "fuzz_pictures.js"
RUN = "console.log(JSON.stringify(fuzzPictures(JSON.parse(require('fs').readFileSync(0, 'utf8')))))"
SMALL_BYTES = 20_000
CHANCE = 34
SHARE = float(os.environ.get("LONG_SHARE", "1"))


def fuzzed(count: int, tmp_path: Path) -> dict[str, Any]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    script = tmp_path / "fuzz.js"
    script.write_text(DECIDES.read_text("utf-8") + FUZZ.read_text("utf-8") + RUN, "utf-8")
    small = drawing((48, 32))
    made = [
        encoded("JPEG", small),
        encoded("JPEG", small, progressive=True),
        encoded("WEBP", small),
        encoded("PNG", small),
    ]
    seeds = [*made, *(content for content in drawn().values() if len(content) <= SMALL_BYTES)]
    others = [content for content in refused().values() if len(content) <= SMALL_BYTES]
    given = {
        "seeds": [b64encode(one).decode() for one in seeds],
        "refused": [b64encode(one).decode() for one in others],
        "count": count,
        "chance": CHANCE,
    }
    done = subprocess.run([node, str(script)], input=json.dumps(given), capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def judge(outcome: dict[str, Any], count: int) -> None:
    assert [] == outcome["wrong"][:10]
    assert count == outcome["count"] == sum(outcome["kinds"].values())
    assert {"none", "image/jpeg", "image/png", "image/webp", "image/heic"} == set(outcome["kinds"])
    assert outcome["bare"] > count // 100, "some are still pictures, and bare"


@pytest.mark.promise("S34", "S32")
def test_a_thousand_files_by_chance_are_pictures_of_four_kinds_or_none(tmp_path: Path) -> None:
    judge(fuzzed(1_000, tmp_path), 1_000)


@pytest.mark.long
@pytest.mark.promise("S34", "S32")
def test_fifty_thousand_files_by_chance_are_pictures_of_four_kinds_or_none(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    count = round(50_000 * SHARE)
    outcome = fuzzed(count, tmp_path)
    judge(outcome, count)
    for name in ("count", "kinds", "bare"):
        record_property(name, outcome[name])


def listen(count: int) -> dict[str, int]:
    """Voice notes changed by chance, through what decides whether a file is one; how many still were."""
    chance = random.Random(CHANCE)
    seeds = [clip(), clip(60), clip(700), *(content for content in refused().values() if len(content) <= SMALL_BYTES)]
    heard = {"voice": 0, "none": 0}
    for _ in range(count):
        file = bytearray(chance.choice(seeds[:3] if chance.random() < 0.8 else seeds))
        for _ in range(chance.randint(0, 3)):
            at = chance.randrange(len(file) + 1) if chance.random() < 0.5 else chance.randrange(min(90, len(file) + 1))
            match chance.randrange(4):
                case 0:
                    file[at : at + 1] = bytes([chance.randrange(256)])
                case 1:
                    file[at:at] = chance.randbytes(chance.randrange(60))
                case 2:
                    del file[at : at + chance.randrange(200)]
                case _:
                    file += chance.choice(seeds)[at:]
        try:
            seconds = seconds_of(bytes(file))
        except NotVoice:
            heard["none"] += 1
        else:
            heard["voice"] += 1
            assert seconds >= 0
            assert file.startswith(b"OggS\0")
            assert b"OpusHead" in file[:300]
    return heard


@pytest.mark.promise("S34")
def test_a_thousand_files_by_chance_are_voice_notes_from_end_to_end_or_none() -> None:
    heard = listen(1_000)
    assert min(heard.values()) > 50


@pytest.mark.long
@pytest.mark.promise("S34")
def test_fifty_thousand_files_by_chance_are_voice_notes_from_end_to_end_or_none(
    record_property: Callable[[str, object], None],
) -> None:
    count = round(50_000 * SHARE)
    heard = listen(count)
    assert min(heard.values()) > count // 20
    record_property("heard", heard)


def test_a_voice_note_of_hours_is_longer_than_we_take() -> None:
    assert seconds_of(clip(50 * (MOST_SECONDS + 1))) > MOST_SECONDS

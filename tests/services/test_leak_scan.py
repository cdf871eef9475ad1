"""The search for leaks finds what is there, in every form; otherwise its silence would prove nothing."""

import os
from pathlib import Path

import pytest

from tests.leak_scan import Marks, planted

WORDS = (
    "Zqkelpie7Qx marker",
    "نشانی الف کیلپی",
    "ਨਿਸ਼ਾਨ ਕੇਲਪੀ",
    "চিহ্ন কেলপি",
    "குறி கெல்பி",
    "དཔེ་རྟགས་",
    "ދުވަސް ނިޝާން",
    "🧜‍♀️ नमूना",
)


@pytest.mark.promise("S1")
@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_found_however_it_is_written(word: str) -> None:
    for form, hidden in planted(word):
        assert word in {leak.mark for leak in Marks([word]).leaks(hidden, form)}, form


def test_noise_holds_no_word(tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(os.urandom(1 << 18))

    assert Marks(WORDS).leaks_in(tmp_path) == []


def test_the_place_of_a_leak_is_named(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "file").write_bytes(b"x" + WORDS[1].encode())

    (leak,) = Marks(WORDS[1:2]).leaks_in(tmp_path)[:1]
    assert leak.place.endswith("below/file")

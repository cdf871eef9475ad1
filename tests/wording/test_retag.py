"""A clip gets other comments and keeps its sound, page by page; what is no clip is refused."""

from pathlib import Path

import pytest

from bot.services.sound import seconds_of
from bot.wording.opus import NotOpus, read_tags
from bot.wording.retag import with_tags
from tests.opus import checksum, clip, spoken

TAGS = {"HAMRAH_WORDS": "0123456789abcdef", "TITLE": "help.calm"}


def split(file: bytes) -> bytes:
    """The same clip with its comments on two pages, as encoders write long ones; checksums left aside."""
    at = 28 + 19
    sizes, body = file[at + 27 : at + 27 + file[at + 26]], at + 27 + file[at + 26]
    assert 2 <= len(sizes)
    first = file[at : at + 26] + b"\x01\xff" + file[body : body + 255]
    second = file[at : at + 26] + bytes((len(sizes) - 1,)) + sizes[1:] + file[body + 255 : body + sum(sizes)]
    return file[:at] + first + second + file[body + sum(sizes) :]


@pytest.mark.parametrize(
    "old",
    [clip(200), clip(200, {"COMMENT": "x" * 900}), split(clip(200, {"COMMENT": "x" * 900}))],
    ids=["none", "long", "on two pages"],
)
def test_the_comments_change_and_the_sound_does_not(tmp_path: Path, old: bytes) -> None:
    file = tmp_path / "a.ogg"
    file.write_bytes(with_tags(old, TAGS))

    assert TAGS == read_tags(file)
    assert 4 == seconds_of(file.read_bytes())
    assert clip(200, TAGS)[-500:] == file.read_bytes()[-500:]
    assert file.read_bytes() == with_tags(file.read_bytes(), TAGS)


def test_the_checksum_is_the_one_of_ogg() -> None:
    """Summed here by other code, bit by bit."""
    made, at = with_tags(clip(5), TAGS), 28 + 19
    page = made[at : at + 28 + made[at + 27]]

    assert checksum(page[:22] + bytes(4) + page[26:]).to_bytes(4, "little") == page[22:26]


@pytest.mark.parametrize(
    "wrong", [b"", b"no clip", spoken(1)[:-3], spoken(1)[:47]], ids=["empty", "text", "cut", "head"]
)
def test_what_is_no_clip_is_refused(wrong: bytes) -> None:
    with pytest.raises(NotOpus):
        with_tags(wrong, TAGS)

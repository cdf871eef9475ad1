"""Clips are checked before anybody can press Listen; a person's goes before a computer's."""

from pathlib import Path

import pytest

from bot.core.errors import ContentError
from bot.wording.voices import LARGEST, TRIAL_TAG, WORDS_TAG, clip_faults, load_voices, mark_of, unknown_clips
from tests.opus import clip

TEXTS = {"en": {"greet": "Hello", "page.dogs.u12": "Dogs bark."}, "ur": {"greet": "سلام"}}


def put(folder: Path, name: str, content: bytes, lang: str = "en") -> Path:
    file = folder / lang / "audio" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def test_a_clip_is_found_by_language_and_text(tmp_path: Path) -> None:
    put(tmp_path, "page.dogs.u12.ogg", clip())
    voices = load_voices((tmp_path,), TEXTS)

    assert {"en": frozenset({"page.dogs.u12"})} == voices.ids()
    assert voices.find("en", "page.dogs.u12") is not None
    assert voices.find("ur", "page.dogs.u12") is voices.find("xx", "greet") is None


def test_a_recording_goes_before_a_trial_one(tmp_path: Path) -> None:
    put(tmp_path, "greet.trial.ogg", clip(tags={TRIAL_TAG: "yes"}))
    trial = load_voices((tmp_path,), TEXTS).find("en", "greet")
    put(tmp_path, "greet.ogg", clip())
    both = load_voices((tmp_path,), TEXTS).find("en", "greet")

    assert trial is not None
    assert both is not None
    assert (True, False) == (trial.trial, both.trial)


def test_a_trial_clip_under_a_recordings_name_is_still_a_computers_voice(tmp_path: Path) -> None:
    put(tmp_path, "greet.ogg", clip(tags={TRIAL_TAG.lower(): "renamed"}))
    found = load_voices((tmp_path,), TEXTS).find("en", "greet")
    assert found is not None
    assert found.trial


def test_the_hosts_own_folder_goes_before_ours_but_no_computer_before_a_person(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    put(ours, "greet.ogg", clip(1))
    put(theirs, "greet.ogg", clip(2))
    put(ours, "greet.ogg", clip(1), "ur")
    put(theirs, "greet.trial.ogg", clip(2), "ur")
    voices = load_voices((ours, theirs), TEXTS)

    english, urdu = voices.find("en", "greet"), voices.find("ur", "greet")
    assert english is not None
    assert urdu is not None
    assert (clip(2), clip(1)) == (english.content(), urdu.content())


def test_a_clip_of_older_words_is_not_played_and_is_named(tmp_path: Path) -> None:
    put(tmp_path, "greet.trial.ogg", clip(tags={WORDS_TAG: mark_of("Good day")}))
    assert {} == load_voices((tmp_path,), TEXTS).ids()
    assert ["record it again" in line for line in unknown_clips(tmp_path, TEXTS)] == [True]

    put(tmp_path, "greet.trial.ogg", clip(tags={WORDS_TAG: mark_of("Hello")}))
    assert {"en"} == load_voices((tmp_path,), TEXTS).ids().keys()


def test_a_clip_of_no_text_is_left_aside_and_named(tmp_path: Path) -> None:
    put(tmp_path, "gone.ogg", clip())
    assert {} == load_voices((tmp_path,), TEXTS).ids()
    assert ["gone.ogg: there is no text of this name" in line for line in unknown_clips(tmp_path, TEXTS)] == [True]


WRONG = [
    ("greet.ogg", b"", "empty"),
    ("greet.ogg", b"RIFF....WAVE", "no OGG"),
    ("greet.ogg", b"ID3" + bytes(100), "no OGG"),
    ("greet.ogg", clip()[:28] + b"OpusHat" + clip()[35:], "no Opus"),
    ("greet.ogg", clip().replace(b"OpusHead", b"\x01vorbis."), "no Opus"),
    ("greet.ogg", clip()[:47], "before its sound"),
    ("greet.ogg", clip() + bytes(LARGEST), "at most 1024 fit"),
    ("greet.mp3", clip(), "named after its text"),
    ("gone.ogg", b"not even sound", "no OGG"),
    ("greet.trial.ogg", b"OggS", "no Opus"),
]


@pytest.mark.parametrize(("name", "content", "why"), WRONG)
def test_a_wrong_clip_is_refused_with_its_name_and_the_remedy(
    tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    put(tmp_path, name, content, "ur")
    with pytest.raises(ContentError, match=f"ur/audio/{name}: .*{why}.*;"):
        load_voices((tmp_path,), TEXTS)
    assert 1 == len(clip_faults(tmp_path, tuple(TEXTS)))


def test_hidden_files_and_missing_folders_are_nothing(tmp_path: Path) -> None:
    put(tmp_path, ".DS_Store", b"x")
    assert {} == load_voices((tmp_path, tmp_path / "nowhere"), TEXTS).ids()


@pytest.mark.parametrize("size", [10, 300, 5000])
def test_comments_of_any_length_are_read(tmp_path: Path, size: int) -> None:
    put(tmp_path, "greet.ogg", clip(tags={"NOTE": "x" * size, WORDS_TAG: mark_of("another")}))
    assert {} == load_voices((tmp_path,), TEXTS).ids()

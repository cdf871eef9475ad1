"""Trial recordings: real programs where they are found, else the reason is printed."""

import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.core.errors import ContentError
from bot.wording import robot
from bot.wording.registry import load_registry
from bot.wording.robot import make_trials, speakable, voice_of
from bot.wording.voices import load_voices
from tests.opus import clip

SPEAKS = {"en", "ur", "sd", "bn", "hi", "ne", "si", "ta", "fa-AF"}
HAS_PROGRAMS = bool(shutil.which("espeak-ng") and (shutil.which("opusenc") or shutil.which("ffmpeg")))
needs_programs = pytest.mark.skipif(not HAS_PROGRAMS, reason="espeak-ng, and opusenc or ffmpeg, are not installed here")


def voice(*words: str) -> Result:
    return CliRunner().invoke(main, ["wording", "voice", *words])


def nothing(_: str) -> None:
    pass


def test_a_language_has_a_voice_or_says_in_one_line_that_it_has_none() -> None:
    registry = load_registry()
    for tag in registry.languages:
        if tag in SPEAKS:
            assert voice_of(registry, tag).robot
            continue
        result = voice("--lang", tag)
        assert 1 == result.exit_code
        assert 1 == len(result.stderr.splitlines())
        assert f"{tag}: espeak-ng has no voice" in result.stderr


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("📞 I need help now", "I need help now"),
        ("⬅️ Back", "Back"),
        ("Call {phone}", ""),
        ("One.\n\n  Two.", "One.\nTwo."),
        ("\u2066می\u200cروم\u2069", "می\u200cروم"),
        ("🏠", ""),
    ],
)
def test_pictures_and_values_are_not_spoken(text: str, spoken: str) -> None:
    assert spoken == speakable(text)


def test_without_an_encoder_the_packages_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ContentError, match=r"neither opusenc nor ffmpeg is found; install espeak-ng, and opus-tools"):
        make_trials(load_registry().languages["en"], {"greet": "Hello"}, tmp_path, nothing)


@pytest.mark.parametrize("program", ["opusenc", "ffmpeg"])
def test_either_encoder_will_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str) -> None:
    """With programs that stand in: each writes a clip to its last argument."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "made").write_bytes(clip())
    for name in (program, "espeak-ng"):
        script = f'#!/bin/sh\nfor last; do :; done\n/bin/cp {programs / "made"} "$last"\n'
        if name == "espeak-ng":
            script = "#!/bin/sh\nexit 0\n"
        (programs / name).write_text(script)
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))

    done = make_trials(load_registry().languages["en"], {"greet": "Hello"}, tmp_path, nothing)
    assert ("greet",) == done.made


@needs_programs
def test_a_trial_clip_is_marked_and_made_once(tmp_path: Path) -> None:
    texts = {"greet": "آپ اکیلے نہیں ہیں۔", "call": "Call {phone}", "said": "ہم سن رہے ہیں۔"}
    urdu = load_registry().languages["ur"]
    recorded = tmp_path / "ur" / "audio" / "said.ogg"
    recorded.parent.mkdir(parents=True)
    recorded.write_bytes(clip())

    first = make_trials(urdu, texts, tmp_path, nothing)
    assert (("greet",), ("said",), ("call",)) == (first.made, first.kept, first.silent)
    found = load_voices((tmp_path,), {"ur": texts}).find("ur", "greet")
    assert found is not None
    assert found.trial
    assert "greet.trial.ogg" == found.file.name
    assert b"HAMRAH_TRIAL=a computer's voice" in found.content()

    assert ("greet", "said") == make_trials(urdu, texts, tmp_path, nothing).kept
    changed = make_trials(urdu, {**texts, "greet": "آپ کیسے ہیں؟"}, tmp_path, nothing)
    assert ("greet",) == changed.made


@needs_programs
@pytest.mark.slow
@pytest.mark.parametrize("tag", sorted(SPEAKS))
def test_every_voice_of_the_registry_is_there(tag: str, tmp_path: Path) -> None:
    language = load_registry().languages[tag]
    done = make_trials(language, {"name": language.own}, tmp_path, nothing)
    assert ("name",) == done.made


@needs_programs
def test_the_command_speaks_one_text_or_says_which_is_unknown(tmp_path: Path) -> None:
    made = voice("--lang", "en", "--only", "button.help", "--out", str(tmp_path))
    assert (0, True) == (made.exit_code, (tmp_path / "en" / "audio" / "button.help.trial.ogg").is_file())

    wrong = voice("--lang", "en", "--only", "button.nothing", "--out", str(tmp_path))
    assert 1 == wrong.exit_code
    assert "button.nothing" in wrong.stderr


def test_trial_clips_stay_out_of_the_repository() -> None:
    root = Path(robot.__file__).parents[2]
    ignored = subprocess.run(
        ["git", "check-ignore", "locales/ur/audio/a.trial.ogg", "locales/ur/audio/a.ogg"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if ignored.returncode > 1:
        pytest.skip(f"no repository here: {ignored.stderr.strip()}")
    assert ["locales/ur/audio/a.trial.ogg"] == ignored.stdout.split()

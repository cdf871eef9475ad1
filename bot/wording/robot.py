"""Trial recordings by a speech program, so that a helpline can be heard before anybody has read its texts aloud.

Not for service: robotic, and wrong in places.  Each is marked as a trial by its name, by a comment inside the file, and
by the words that stand beside it when it plays.  A text with values in it is never spoken: nobody would know the value.
"""

import shutil
import subprocess
import tempfile
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.core.errors import ContentError
from bot.core.words import placeholders
from bot.wording.registry import Language, Registry
from bot.wording.voices import SUFFIX, TRIAL_SUFFIX, TRIAL_TAG, WORDS_TAG, audio_of, mark_of, read_clip

WORDS_A_MINUTE = 130
"""Slower than the program's own 175: it is for those who are new to the words."""
KBIT_S = 24
"""Clear speech in mono; twenty seconds are 60 kB."""
ONE_TEXT_S = 60
_NEEDS = "install espeak-ng, and opus-tools or ffmpeg (Debian: apt-get install espeak-ng opus-tools)"
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True, slots=True)
class Made:
    """`made`: written now.  `kept`: there already, of the same words, or recorded by a person.  `silent`: not speakable."""

    made: tuple[str, ...]
    kept: tuple[str, ...]
    silent: tuple[str, ...]


def voice_of(registry: Registry, lang: str) -> Language:
    """Return the language to speak.  Raises `ContentError` in one line when no voice reads it."""
    if lang not in registry.languages:
        raise ContentError(f"{lang}: no such language; there are {', '.join(registry.languages)}")
    if not registry.languages[lang].robot:
        able = ", ".join(tag for tag, language in registry.languages.items() if language.robot)
        raise ContentError(
            f"{lang}: espeak-ng has no voice that reads it, so it must be recorded by a person; it reads {able}"
        )
    return registry.languages[lang]


def make_trials(language: Language, texts: Mapping[str, str], folder: Path, told: Callable[[str], None]) -> Made:
    """Speak `texts` (id → words) into `folder`; what is there already, of the same words, stays.

    `told`: hears of each clip as it is made.  Raises `ContentError` when a program is missing or fails.
    """
    encode = _encoder()
    _program("espeak-ng")
    audio = audio_of(folder, language.tag)
    audio.mkdir(parents=True, exist_ok=True)
    made, kept, silent = [], [], []
    for id, text in texts.items():
        words = speakable(text)
        if not words:
            silent.append(id)
        elif (audio / (id + SUFFIX)).exists() or _is_fresh(audio / (id + TRIAL_SUFFIX), text):
            kept.append(id)
        else:
            _make(language, id, text, words, audio, encode)
            made.append(id)
            told(f"{language.tag}/audio/{id}{TRIAL_SUFFIX}")
    return Made(tuple(made), tuple(kept), tuple(silent))


def speakable(text: str) -> str:
    """The words of a text: without pictures and marks that would be read out by name; "" when a value belongs in it."""
    if placeholders(text):
        return ""
    kept = (c if c in _JOINERS or _is_spoken(c) else " " for c in text)
    return "\n".join(filter(None, (" ".join(line.split()) for line in "".join(kept).split("\n")))).strip()


def _is_spoken(character: str) -> bool:
    return unicodedata.category(character) not in _UNSPOKEN and not "\ufe00" <= character <= "\ufe0f"


_UNSPOKEN = frozenset({"So", "Sk", "Sm", "Cf", "Cs", "Co", "Cn", "Me"})


def _is_fresh(file: Path, text: str) -> bool:
    try:
        return file.exists() and read_clip(file).words == mark_of(text)
    except ContentError:  # half a file of an interrupted run
        return False


def _make(language: Language, id: str, text: str, words: str, audio: Path, encode: "Encode") -> None:
    """Written aside and moved into place, so that an interrupted run leaves no half clip."""
    with tempfile.TemporaryDirectory(prefix="hamrah-voice-") as made:
        wav, ogg = Path(made) / "spoken.wav", Path(made) / "spoken.ogg"
        speed = str(WORDS_A_MINUTE)
        _run(["espeak-ng", "-b", "1", "-v", language.robot, "-s", speed, "-w", str(wav), "--stdin"], words.encode())
        tags = {
            TRIAL_TAG: "a computer's voice (espeak-ng), no recording of a person",
            WORDS_TAG: mark_of(text),
            "TITLE": id,
            "LANGUAGE": language.tag,
        }
        _run(encode(wav, ogg, tags))
        if not ogg.is_file() or ogg.stat().st_size == 0:
            raise ContentError(f"{id}: the encoder made no file; {_NEEDS}")
        shutil.move(ogg, audio / (id + TRIAL_SUFFIX))


Encode = Callable[[Path, Path, Mapping[str, str]], list[str]]


def _encoder() -> Encode:
    """How to make OGG/Opus here.  Raises `ContentError` naming the packages when nothing can."""
    if shutil.which("opusenc"):
        return _opusenc
    if shutil.which("ffmpeg"):
        return _ffmpeg
    raise ContentError(f"neither opusenc nor ffmpeg is found; {_NEEDS}")


def _opusenc(wav: Path, ogg: Path, tags: Mapping[str, str]) -> list[str]:
    comments = [word for name, value in tags.items() for word in ("--comment", f"{name}={value}")]
    return ["opusenc", "--quiet", "--speech", "--downmix-mono", "--bitrate", str(KBIT_S), *comments, str(wav), str(ogg)]


def _ffmpeg(wav: Path, ogg: Path, tags: Mapping[str, str]) -> list[str]:
    comments = [word for name, value in tags.items() for word in ("-metadata", f"{name}={value}")]
    sound = ["-ac", "1", "-c:a", "libopus", "-b:a", f"{KBIT_S}k", "-application", "voip"]
    return ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", str(wav), *sound, *comments, str(ogg)]


def _program(name: str) -> None:
    if shutil.which(name) is None:
        raise ContentError(f"{name} is not found; {_NEEDS}")


def _run(command: Sequence[str], given: bytes = b"") -> None:
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=ONE_TEXT_S, check=False)  # noqa: S603  # our own fixed commands; the words travel on stdin
    except subprocess.TimeoutExpired as slow:
        raise ContentError(f"{command[0]} took longer than {ONE_TEXT_S} s for one text") from slow
    if done.returncode:
        raise ContentError(f"{command[0]} failed: {done.stderr.decode('utf-8', 'replace').strip()[-200:]}")

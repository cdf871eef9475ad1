"""Recordings: which texts can be heard in which language, and the files that hold them.

A person's recording of a text is `<lang>/audio/<id>.ogg`; a trial one, made by a speech program, is `<id>.trial.ogg`, is
kept out of the repository, and gives way to a person's.  Everything is OGG/Opus: the one format that Telegram shows as a
voice message and browsers play.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from bot.core.errors import ContentError
from bot.wording.opus import NotOpus, read_tags

LARGEST = 1024 * 1024
"""Bytes of a clip: about five minutes of speech, where twenty seconds are meant; more will not load on a slow phone."""

SUFFIX, TRIAL_SUFFIX = ".ogg", ".trial.ogg"
TRIAL_TAG, WORDS_TAG = "HAMRAH_TRIAL", "HAMRAH_WORDS"
"""Comments inside a clip: that a computer speaks, and the mark of the words it says."""


@dataclass(frozen=True, slots=True)
class Clip:
    """`trial`: a computer's voice.  `words`: mark of the text it was made from, "" when the clip does not say."""

    id: str
    file: Path
    trial: bool
    words: str = ""

    def content(self) -> bytes:
        """Raises `OSError` when the file is gone since the start."""
        return self.file.read_bytes()


@dataclass(frozen=True, slots=True)
class Voices:
    """`clips`: language → text id → clip."""

    clips: Mapping[str, Mapping[str, Clip]]

    def find(self, lang: str, id: str) -> Clip | None:
        return self.clips.get(lang, {}).get(id)

    def ids(self) -> dict[str, frozenset[str]]:
        """Language → texts that can be heard."""
        return {lang: frozenset(clips) for lang, clips in self.clips.items() if clips}


NO_VOICES = Voices({})


Recorded = Mapping[str, Mapping[str, tuple[str, Clip]]]
"""Language → text id → the words somebody read aloud at the desk, and the recording of them."""


class LiveVoices:
    """`now`: what can be heard of the words that are said now; each language in it is replaced as a whole.

    `all`: every clip that fits the words of the release; `texts`: those words, language → id → text.
    `chains`: language → the languages that stand in for it, nearest first.
    """

    def __init__(
        self,
        all: Voices,
        texts: Mapping[str, Mapping[str, str]],
        chains: Mapping[str, Sequence[str]] = {},
    ) -> None:
        self._all = all
        self._texts = self._said = texts
        self._chains = chains
        self._recorded: Recorded = {}
        self._heard: dict[str, Mapping[str, Clip]] = {}
        self.now = Voices(self._heard)
        self.follow(texts)

    def take(self, recorded: Recorded) -> None:
        """Let these recordings of the desk, all there are, be heard from now on; they go before those of the release."""
        self._recorded = recorded
        self.follow(self._said)

    def follow(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        """Leave out the clips of words that were changed since; they come back with the words.

        Where a language shows the very words of one that stands in for it, it is heard in that one's voice.
        """
        self._said = texts
        own = {lang: self._own(lang, said) for lang, said in texts.items()}
        for lang, said in texts.items():
            heard = dict(own[lang])
            for other in self._chains.get(lang, ()):
                borrowed = texts[other]
                heard = {id: clip for id, clip in own[other].items() if borrowed[id] == said.get(id)} | heard
            self._heard[lang] = heard

    def _own(self, lang: str, said: Mapping[str, str]) -> dict[str, Clip]:
        before = self._texts.get(lang, {})
        shipped = {
            id: clip
            for id, clip in self._all.clips.get(lang, {}).items()
            if said[id] == before[id] or clip.words == mark_of(said[id])
        }
        read = {id: clip for id, (words, clip) in self._recorded.get(lang, {}).items() if said.get(id) == words}
        return shipped | read


def load_voices(folders: Sequence[Path], texts: Mapping[str, Mapping[str, str]]) -> Voices:
    """Read and check the clips of every language; a later folder goes before an earlier one.

    `texts`: language → id → text as it is shown.

    A clip of no text of ours is checked and left aside; so is one whose text was changed since it was made.
    Raises `ContentError` naming the file and the remedy.
    """
    return Voices({lang: _playable([audio_of(f, lang) for f in folders], shown) for lang, shown in texts.items()})


def _playable(audios: Sequence[Path], shown: Mapping[str, str]) -> dict[str, Clip]:
    clips = [read_clip(file) for audio in audios for file in clip_files(audio)]
    fresh = [clip for clip in clips if clip.id in shown and clip.words in ("", mark_of(shown[clip.id]))]
    return {
        clip.id: clip for clip in sorted(fresh, key=lambda clip: not clip.trial)
    }  # a person's is taken last, so wins


def audio_of(folder: Path, lang: str) -> Path:
    return folder / lang / "audio"


def clip_files(audio: Path) -> Iterator[Path]:
    """Every file there, in order, but hidden ones."""
    if audio.is_dir():
        yield from sorted(file for file in audio.iterdir() if file.is_file() and not file.name.startswith("."))


def read_clip(file: Path) -> Clip:
    """Check a clip.  Raises `ContentError` when it is no OGG/Opus, empty or too large."""
    where = f"{file.parent.parent.name}/audio/{file.name}"
    size = file.stat().st_size
    if not file.name.endswith(SUFFIX):
        raise ContentError(f"{where}: a clip is named after its text, <id>{SUFFIX}; rename it or take it away")
    if size == 0:
        raise ContentError(f"{where}: the file is empty; record it again or take it away")
    if size > LARGEST:
        raise ContentError(f"{where}: {size // 1024} KiB, at most {LARGEST // 1024} fit; record it shorter, or in mono")
    try:
        tags = read_tags(file)
    except NotOpus as wrong:
        raise ContentError(f"{where}: {wrong}; convert it: opusenc --bitrate 24 in.wav {file.name}") from wrong
    return Clip(id_of(file), file, file.name.endswith(TRIAL_SUFFIX) or TRIAL_TAG in tags, tags.get(WORDS_TAG, ""))


def id_of(file: Path) -> str:
    """The text a clip is named after."""
    return file.name.removesuffix(TRIAL_SUFFIX if file.name.endswith(TRIAL_SUFFIX) else SUFFIX)


def mark_of(text: str) -> str:
    """A short mark of the words, so that a clip of older words is noticed."""
    return sha256(text.encode()).hexdigest()[:16]


@lru_cache(maxsize=4096)
def digest_of(file: Path) -> bytes:
    """SHA-256 of a clip; read once a process, so a clip is replaced with a restart.  Raises `OSError`."""
    return sha256(file.read_bytes()).digest()


def clip_faults(folder: Path, langs: tuple[str, ...]) -> tuple[str, ...]:
    """A line for every clip that has to be refused, where loading stops at the first."""
    found = []
    for file in (file for lang in langs for file in clip_files(audio_of(folder, lang))):
        try:
            read_clip(file)
        except ContentError as wrong:
            found.append(str(wrong))
    return tuple(found)


def unknown_clips(folder: Path, texts: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """A line for every clip that is never played, with what to do about it."""
    found = []
    for lang, shown in texts.items():
        for clip in map(read_clip, clip_files(audio_of(folder, lang))):
            where = f"{lang}/audio/{clip.file.name}"
            if clip.id not in shown:
                found.append(f"{where}: there is no text of this name; rename the clip after its text, or take it away")
            elif clip.words not in ("", mark_of(shown[clip.id])):
                found.append(f"{where}: the text was changed since; record it again (it is not played)")
    return tuple(found)

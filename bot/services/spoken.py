"""Is a recording of the desk fit to be heard?  Its kind, length and level, with a word for whatever is wrong.

Kind and length are read from the file itself.  Level is measured where the sound was made, in the browser, because Opus
cannot be decoded here; a recording in which nothing is heard still shows by its size.
"""

from dataclasses import dataclass
from typing import Final

from bot.services.sound import NotVoice, seconds_of

LARGEST: Final = 256 * 1024
"""Bytes: a minute and a half of clear speech; twenty seconds are 60 kB."""
LONGEST_S: Final = 90
LETTERS_A_SECOND: Final = 40
"""Nobody reads faster: a recording shorter than that lacks words."""
SILENT_BYTES_A_SECOND: Final = 600
"""Speech at the lowest rate Opus has takes more (6 kbit/s are 750); silence is coded in next to nothing."""
QUIET_DB: Final = -36
LOUD_DB: Final = -6
"""Mean level of what is spoken, in decibels below full scale; speech is at home about -20."""


@dataclass(frozen=True, slots=True)
class Sound:
    """`level`: as the browser measured it, in decibels below full scale; none where it could not."""

    content: bytes
    level: int | None = None


def sound_fault(sound: Sound, words: str) -> str:
    """What keeps a recording of `words` from being heard: "" or a word that has a text of its own in the page."""
    if len(sound.content) > LARGEST:
        return "large"
    try:
        seconds = seconds_of(sound.content)
    except NotVoice:
        return "no-voice"
    if seconds > LONGEST_S:
        return "long"
    if seconds * LETTERS_A_SECOND < len(words) or not seconds:
        return "short"
    if len(sound.content) < (seconds - 1) * SILENT_BYTES_A_SECOND:  # it was rounded up
        return "silent"
    if sound.level is not None and sound.level < QUIET_DB:
        return "quiet"
    return "loud" if sound.level is not None and sound.level > LOUD_DB else ""

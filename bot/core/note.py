"""A voice note as a channel tells of it, before anything of it was fetched, and how much of it we take."""

from dataclasses import dataclass

from bot.core.private import Private

MOST_BYTES = 20 * 1024 * 1024
"""The largest file a bot may fetch (Bot API, getFile) and the largest we seal (S34)."""
MOST_SECONDS = 300
MOST_NOTES = 10
"""In one report, those of its open mailbox included (S34)."""


@dataclass(frozen=True, slots=True)
class VoiceNote:
    """`reference`: the channel's own name for it.  `seconds`, `size_bytes`: as the channel says, 0 when it does not."""

    reference: Private
    seconds: int = 0
    size_bytes: int = 0

    @property
    def too_long(self) -> bool:
        return self.seconds > MOST_SECONDS or self.size_bytes > MOST_BYTES

"""Is it a voice note, and how long?  Decided from its content, page by page, never from a name or a header (S34).

One OGG stream of Opus from the first byte to the last (RFC 3533, RFC 7845): nothing hides before, between or behind.
"""

from bot.core.errors import HelplineError

RATE = 48_000
"""Opus counts time in these, whatever the recording's own rate."""

_PAGE = 27
_HEAD_BYTES = 19
_MOST_PAGES = 60_000
"""Twenty milliseconds a page make twenty minutes: whoever writes more pages means us to count them."""
_NOTHING_ENDS = 2**64 - 1


class NotVoice(HelplineError):
    """The file is no OGG/Opus recording from end to end."""


def seconds_of(content: bytes) -> int:
    """How long it plays, rounded up; raises `NotVoice`."""
    head = _page(content, 0)
    first = content[head[0] : head[1]]
    if not first.startswith(b"OpusHead") or len(first) < _HEAD_BYTES:
        raise NotVoice("no Opus sound")
    serial, ends, at = content[14:18], 0, 0
    for _ in range(_MOST_PAGES):
        _, following = _page(content, at)
        if content[at + 14 : at + 18] != serial:
            raise NotVoice("a second stream")
        granule = int.from_bytes(content[at + 6 : at + 14], "little")
        ends = ends if granule == _NOTHING_ENDS else max(ends, granule)
        at = following
        if at == len(content):
            skipped = int.from_bytes(first[10:12], "little")
            return -(-max(0, ends - skipped) // RATE)
    raise NotVoice("too many pages")


def _page(content: bytes, at: int) -> tuple[int, int]:
    """Where the body of the page at `at` begins and ends."""
    count_at = at + _PAGE - 1
    if content[at : at + 5] != b"OggS\0" or count_at >= len(content):
        raise NotVoice("no OGG page")
    body = at + _PAGE + content[count_at]
    end = body + sum(content[at + _PAGE : body])
    if end > len(content):
        raise NotVoice("cut off")
    return body, end

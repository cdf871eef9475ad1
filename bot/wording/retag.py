"""Other comments in an OGG/Opus clip, its sound untouched (RFC 3533, RFC 7845): so that a file says of which words it is."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.wording.opus import NotOpus

_HEAD: Final = 27
_LONGEST: Final = 255 * 255 - 1
"""Bytes of comments that fit one page, more than we ever write."""


def with_tags(clip: bytes, tags: Mapping[str, str]) -> bytes:
    """The clip with these comments instead of its own.  Raises `NotOpus` where it is no OGG/Opus from end to end."""
    pages = [*_pages(clip)]
    old = next((n for n, page in enumerate(pages[1:], 2) if page[26] and _ends(page)), 0)
    if not pages or not old or b"OpusHead" not in pages[0] or b"OpusTags" not in pages[1]:
        raise NotOpus("this is no OGG/Opus clip")
    packet = _packet(tags)
    if len(packet) > _LONGEST:
        raise NotOpus("these comments are too long")
    told = _page(pages[0][14:18], 1, packet)
    rest = [_numbered(page, 2 + n) for n, page in enumerate(pages[old:])] if old != 2 else pages[2:]
    return b"".join([pages[0], told, *rest])


def _pages(clip: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(clip):
        count_at = at + _HEAD - 1
        if clip[at : at + 4] != b"OggS" or count_at >= len(clip):
            raise NotOpus("this is no OGG file")
        body = at + _HEAD + clip[count_at]
        end = body + sum(clip[at + _HEAD : body])
        if end > len(clip):
            raise NotOpus("this file is cut off")
        yield clip[at:end]
        at = end


def _ends(page: bytes) -> bool:
    """Whether a packet ends on this page; the comments end where the first one does."""
    return any(size < 255 for size in page[_HEAD : _HEAD + page[26]])


def _packet(tags: Mapping[str, str]) -> bytes:
    comments = [f"{name}={value}".encode() for name, value in tags.items()]
    held = b"".join(map(_sized, comments))
    return b"OpusTags" + _sized(b"hamrah") + len(comments).to_bytes(4, "little") + held


def _sized(text: bytes) -> bytes:
    return len(text).to_bytes(4, "little") + text


def _page(serial: bytes, number: int, packet: bytes) -> bytes:
    sizes = b"\xff" * (len(packet) // 255) + bytes((len(packet) % 255,))
    head = b"OggS" + bytes(2) + bytes(8) + serial + number.to_bytes(4, "little") + bytes(4) + bytes((len(sizes),))
    return _summed(head + sizes + packet)


def _numbered(page: bytes, number: int) -> bytes:
    return _summed(page[:18] + number.to_bytes(4, "little") + page[22:])


def _summed(page: bytes) -> bytes:
    bare = page[:22] + bytes(4) + page[26:]
    crc = 0
    for byte in bare:
        crc = (crc << 8 & 0xFFFFFFFF) ^ _TABLE[crc >> 24 ^ byte]
    return bare[:22] + crc.to_bytes(4, "little") + bare[26:]


def _table() -> Sequence[int]:
    """Ogg's own CRC: polynomial 04c11db7, neither reflected nor inverted."""
    found = []
    for value in range(256):
        crc = value << 24
        for _ in range(8):
            crc = (crc << 1 & 0xFFFFFFFF) ^ (0x04C11DB7 if crc & 0x80000000 else 0)
        found.append(crc)
    return tuple(found)


_TABLE: Final = _table()

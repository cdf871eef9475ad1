"""A tiny valid OGG/Opus clip, made here so that no test needs an encoder: silence of as many frames as asked for."""

from collections.abc import Mapping

_SILENCE = b"\xf8\xff\xfe"
"""One frame of 20 ms in which nothing is heard (RFC 6716, 3.1)."""
_FRAME = 960
_A_PAGE = 250
"""Packets in one page at most: it has room for 255."""
_RATE = 48_000


def clip(frames: int = 5, tags: Mapping[str, str] | None = None, frame: bytes = _SILENCE) -> bytes:
    """`frame`: each of them; only its size is ever looked at here."""
    comments = [f"{name}={value}".encode() for name, value in (tags or {}).items()]
    head = b"OpusHead" + bytes((1, 1)) + (0).to_bytes(2, "little") + _RATE.to_bytes(4, "little") + bytes(3)
    held = b"".join(map(_sized, comments))
    told = b"OpusTags" + _sized(b"tests") + len(comments).to_bytes(4, "little") + held
    ends = [*range(_A_PAGE, frames, _A_PAGE), frames]
    sound = [
        _page([frame] * (end - begin), end * _FRAME, 2 + n, last=end == frames)
        for n, (begin, end) in enumerate(zip((0, *ends), ends, strict=False))
    ]
    return b"".join([_page([head], 0, 0, first=True), _page([told], 0, 1), *sound])


def spoken(seconds: int, voice: bytes = b"a") -> bytes:
    """As large as speech of this length is; nobody decodes it."""
    return clip(50 * seconds, frame=_SILENCE + voice * 57)


def _sized(text: bytes) -> bytes:
    return len(text).to_bytes(4, "little") + text


def _page(packets: list[bytes], position: int, number: int, *, first: bool = False, last: bool = False) -> bytes:
    sizes = b"".join(b"\xff" * (len(packet) // 255) + bytes((len(packet) % 255,)) for packet in packets)
    kind = 2 * first + 4 * last
    head = b"OggS" + bytes((0, kind)) + position.to_bytes(8, "little") + b"test" + number.to_bytes(4, "little")
    page = head + bytes(4) + bytes((len(sizes),)) + sizes + b"".join(packets)
    return page[:22] + checksum(page).to_bytes(4, "little") + page[26:]


def checksum(page: bytes) -> int:
    """Ogg's own CRC: polynomial 04c11db7, neither reflected nor inverted (RFC 3533, section 6)."""
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1) ^ (0x04C11DB7 if crc & 0x80000000 else 0)
        crc &= 0xFFFFFFFF
    return crc

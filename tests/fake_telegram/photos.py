"""What a photo has to be, as the description of `sendPhoto` says, and how it is answered: in several sizes.

"The photo must be at most 10 MB in size.  The photo's width and height must not exceed 10000 in total.  Width and height
ratio must be at most 20."  Stricter than the real server in one thing: it takes PNG and JPEG only.
https://core.telegram.org/bots/api#sendphoto
"""

import struct
import zlib
from collections.abc import Iterator

from tests.fake_telegram.shapes import Json
from tests.fake_telegram.table import Table, bad_request

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_SMALL = 320
"""Pixels of the longer side of the smaller size."""


def refuse_photo(content: bytes, table: Table) -> None:
    """Raise what the server answers for a photo that it does not take."""
    if len(content) > table.largest("sendPhoto.size"):
        raise bad_request("file is too big")
    sides = _sides(content)
    if sides is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if min(sides) < 1 or sum(sides) > table.largest("sendPhoto.sides"):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    if max(sides) > table.largest("sendPhoto.ratio") * min(sides):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def photo_sizes(file_id: str, content: bytes) -> list[Json]:
    """`PhotoSize` of each, the largest last; every size has a name of its own, and only that of the largest is kept here."""
    width, height = _sides(content) or (1, 1)
    smaller = max(1.0, max(width, height) / _SMALL)
    return [
        _size(f"{file_id}-s", round(width / smaller), round(height / smaller), len(content) // 3),
        _size(file_id, width, height, len(content)),
    ]


def png(width: int, height: int) -> bytes:
    """The smallest thing of this size that counts as a PNG here; nobody draws it."""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return _PNG + head + _chunk(b"IDAT", zlib.compress(b"\0")) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _size(file_id: str, width: int, height: int, size: int) -> Json:
    unique = f"{file_id}-unique"
    return {"file_id": file_id, "file_unique_id": unique, "width": width, "height": height, "file_size": size}


def _sides(content: bytes) -> tuple[int, int] | None:
    """Width and height; none for what is no PNG or JPEG, or ends too early."""
    if content.startswith(_PNG) and content[12:16] == b"IHDR" and content[-8:-4] == b"IEND":
        width, height = struct.unpack(">II", content[16:24])
        return int(width), int(height)
    return next(_jpeg_frames(content), None) if content.startswith(_JPEG) else None


def _jpeg_frames(content: bytes) -> Iterator[tuple[int, int]]:
    at = len(_JPEG)
    while at + 9 <= len(content) and content[at] == 0xFF:
        kind, (length,) = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            yield int(width), int(height)
        at += 2 + length

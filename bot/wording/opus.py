"""Just enough of OGG/Opus to tell a clip from anything else, and to read its comments (RFC 3533, RFC 7845)."""

from pathlib import Path

HEAD_BYTES = 64 * 1024
"""As much of a file as is read: its first two packets, unless somebody put a picture into the comments."""

_PAGE = 27


class NotOpus(ValueError):
    """Says in words what is wrong with the file."""


def read_tags(file: Path) -> dict[str, str]:
    """Return the comments of an OGG/Opus file, names in capitals.  Raises `NotOpus`."""
    with file.open("rb") as opened:
        head = opened.read(HEAD_BYTES)
    if not head.startswith(b"OggS"):
        raise NotOpus("this is no OGG file")
    first, rest = _packet(head)
    if not first.startswith(b"OpusHead") or len(first) < 19:
        raise NotOpus("this OGG file holds no Opus sound")
    second, _ = _packet(rest)
    if not second.startswith(b"OpusTags"):
        raise NotOpus("this Opus file ends before its sound begins")
    return _comments(second[8:])


def _packet(data: bytes) -> tuple[bytes, bytes]:
    """The packet that begins here, over as many pages as it takes, and what follows its last page."""
    packet = b""
    while data.startswith(b"OggS") and len(data) > _PAGE:
        count = data[26]
        sizes = data[_PAGE : _PAGE + count]
        body = _PAGE + count
        ends = next((n for n, size in enumerate(sizes) if size < 255), None)
        taken = sum(sizes) if ends is None else sum(sizes[: ends + 1])
        packet += data[body : body + taken]
        data = data[body + sum(sizes) :]
        if ends is not None:
            break
    return packet, data


def _comments(packet: bytes) -> dict[str, str]:
    """`NAME=value` pairs; a list that is cut off counts as far as it goes."""
    _, rest = _prefixed(packet)
    count, rest = int.from_bytes(rest[:4], "little"), rest[4:]
    tags = {}
    for _ in range(min(count, 100)):
        comment, rest = _prefixed(rest)
        name, is_pair, value = comment.decode("utf-8", "replace").partition("=")
        if is_pair:
            tags[name.upper()] = value
    return tags


def _prefixed(data: bytes) -> tuple[bytes, bytes]:
    size = int.from_bytes(data[:4], "little")
    return data[4 : 4 + size], data[4 + size :]

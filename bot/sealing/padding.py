"""Sizes that tell little: every sealed text has one of three lengths, every mailbox answer the same one
(S9).
"""

import struct
import unicodedata

from bot.core.errors import Damaged, NotText, TooLong

TEXT = (2048, 8192, 32768)
"""Size buckets of what a reporter writes, bytes after padding."""

REPLY = (8192,)
"""One size for all answers to a mailbox."""

_LENGTH = struct.Struct(">H")


def as_bytes(words: str) -> bytes:
    """NFC, UTF-8.  A lone surrogate raises `NotText`: Python and browsers would write it differently."""
    try:
        return unicodedata.normalize("NFC", words).encode("utf-8")
    except UnicodeEncodeError:
        raise NotText from None  # the cause would carry the words


def as_words(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        raise NotText from None


def pad(text: bytes, buckets: tuple[int, ...] = TEXT) -> bytes:
    """Pad `text` to the smallest bucket that holds it, so that length tells little (S9).

    `text`: UTF-8, NFC, 0 to 32 KiB - 2 bytes.  Returns exactly one bucket: length (2 bytes, big-endian),
    text, zeros. Raises `TooLong`; the channel asks the reporter to send the rest as a second part.
    """
    for size in buckets:
        if len(text) + _LENGTH.size <= size:
            return (_LENGTH.pack(len(text)) + text).ljust(size, b"\0")
    raise TooLong(f"{len(text)} bytes, at most {buckets[-1] - _LENGTH.size}")


def unpad(padded: bytes, buckets: tuple[int, ...] = TEXT) -> bytes:
    """Undo `pad`.  Anything that `pad` would not have written is refused, so no second message hides in
    padding.
    """
    if len(padded) not in buckets:
        raise Damaged(f"{len(padded)} bytes is not a size of ours")
    (length,) = _LENGTH.unpack_from(padded)
    text = padded[_LENGTH.size : _LENGTH.size + length]
    if len(text) != length or any(padded[_LENGTH.size + length :]):
        raise Damaged("padding is not as we write it")
    return text


def fits(text: bytes, buckets: tuple[int, ...] = TEXT) -> bool:
    return len(text) + _LENGTH.size <= buckets[-1]

"""Looks for words where no words may be: files, databases, journals, logs; in every form they could have taken (S1).

`Marks` holds what was typed; `leaks_in(folder)` names every place and form in which any of it is found.
"""

import base64
import gzip
import json
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_ZLIB_HEADS = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_GZIP_HEAD = b"\x1f\x8b\x08"
_DEPTH = 3
"""A compressed copy inside a compressed copy is still a copy."""


@dataclass(frozen=True, slots=True)
class Leak:
    """`form`: how it was written there."""

    place: str
    mark: str
    form: str


class Marks:
    """Unique words in every encoding in which they could be written."""

    def __init__(self, words: Iterable[str]) -> None:
        every = {needle: (word, form) for word in words for form, needle in forms(word)}
        self._needles = [(word, form, needle) for needle, (word, form) in every.items()]

    def leaks_in(self, *roots: Path) -> list[Leak]:
        """Every leak in these files, and in the files below these folders."""
        files = [f for root in roots for f in ([root] if root.is_file() else sorted(root.rglob("*"))) if f.is_file()]
        return [leak for file in files for leak in self.leaks(file.read_bytes(), str(file))]

    def leaks(self, haystack: bytes, place: str, depth: int = 0) -> list[Leak]:
        found = [Leak(place, word, form) for word, form, needle in self._needles if needle in haystack]
        if depth < _DEPTH:
            for inner in unpacked(haystack):
                found += self.leaks(inner, f"{place} (compressed)", depth + 1)
        return found


def forms(word: str) -> Iterator[tuple[str, bytes]]:
    """The bytes of `word` in each form; the shortest ones are long enough not to appear by chance."""
    plain = word.encode()
    yield "UTF-8", plain
    for form in ("NFD", "NFKC"):
        yield f"UTF-8 {form}", unicodedata.normalize(form, word).encode()
    yield "UTF-16 LE", word.encode("utf-16-le")
    yield "UTF-16 BE", word.encode("utf-16-be")
    yield "hex", plain.hex().encode()
    yield "HEX", plain.hex().upper().encode()
    yield "JSON", json.dumps(word).strip('"').encode()
    yield "JSON twice", json.dumps(json.dumps(word).strip('"')).strip('"').encode()
    yield "repr", ascii(word).strip("'\"").encode()
    yield "bytes repr", repr(plain)[2:-1].encode()
    yield "percent", quote(word, safe="").encode()
    for shift in range(3):
        yield f"base64 at {shift}", _base64(plain, shift)
        yield f"base64 UTF-16 at {shift}", _base64(word.encode("utf-16-le"), shift)


def unpacked(haystack: bytes) -> Iterator[bytes]:
    """Whatever zlib or gzip streams lie in `haystack`."""
    whole = memoryview(haystack)  # cut without copying
    for head, window in (*((h, zlib.MAX_WBITS) for h in _ZLIB_HEADS), (_GZIP_HEAD, zlib.MAX_WBITS | 16)):
        at = haystack.find(head)
        while at >= 0:
            inner = _inflated(whole[at:], window)
            if inner:
                yield inner
            at = haystack.find(head, at + 1)


def _inflated(data: memoryview, window: int) -> bytes:
    try:
        return zlib.decompressobj(window).decompress(data, 1 << 22)
    except zlib.error:
        return b""


def _base64(plain: bytes, shift: int) -> bytes:
    """The middle of what base64 makes of `plain` after `shift` other bytes: the same whatever stands around it."""
    coded = base64.b64encode(b"\0" * shift + plain)
    start = (0, 2, 3)[shift]
    end = len(coded) - (4 if (shift + len(plain)) % 3 else 0)
    return coded[start:end]


def planted(word: str) -> Iterator[tuple[str, bytes]]:
    """Files in which `word` hides, to show that the search finds it."""
    noise = bytes(range(256))
    for form, needle in forms(word):
        yield form, noise + needle + noise
    for before in range(3):
        yield f"base64 after {before}", base64.b64encode(b"x" * before + word.encode() + b"more")
    yield "zlib", noise + zlib.compress(b"before " + word.encode() + b" after") + noise
    yield "gzip", noise + gzip.compress(b"before " + word.encode() + b" after") + noise
    yield "zlib of UTF-16", noise + zlib.compress(word.encode("utf-16-le"), 9) + noise
    yield "gzip of zlib", noise + gzip.compress(zlib.compress(word.encode()))

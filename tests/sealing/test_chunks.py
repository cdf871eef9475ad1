"""Files: a chunk opens only as the one it was sealed as."""

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import Damaged, NotMine, TooLong
from bot.core.note import MOST_BYTES
from bot.sealing import chunks
from bot.sealing.chunks import CHUNK_BYTES, open_file, seal_file
from tests.sealing.conftest import Case

START: Final = 1187
SEALED: Final = CHUNK_BYTES + 16
CASE: Final = Case()
CONTEXT: Final = CASE.context(kind="file")
ENVELOPE: Final = seal_file(CASE.public, CONTEXT, bytes(range(256)) * 1_024)


def blocks(envelope: bytes) -> list[bytes]:
    return [envelope[at : at + SEALED] for at in range(START, len(envelope), SEALED)]


@pytest.mark.promise("S2")
@settings(max_examples=150, deadline=None)
@given(order=st.lists(st.integers(min_value=0, max_value=4), max_size=8))
def test_chunks_swapped_dropped_repeated_or_cut_are_refused(order: list[int]) -> None:
    """The file has five chunks; any other series of them than 0, 1, 2, 3, 4 is no file."""
    pieces = blocks(ENVELOPE)
    assert len(pieces) == 5
    changed = ENVELOPE[:START] + b"".join(pieces[index] for index in order)
    if order == [0, 1, 2, 3, 4]:
        assert open_file(CASE.seed, CONTEXT, changed)
    else:
        with pytest.raises(Damaged):
            open_file(CASE.seed, CONTEXT, changed)


@pytest.mark.promise("S2")
def test_a_file_cut_anywhere_is_refused() -> None:
    for size in (0, 11, 12, START, START + 16, START + SEALED, START + 2 * SEALED, len(ENVELOPE) - 1):
        with pytest.raises(Damaged):
            open_file(CASE.seed, CONTEXT, ENVELOPE[:size])


@pytest.mark.promise("S2")
def test_chunks_of_another_file_are_refused(case: Case) -> None:
    """Even of the same length and the same case: each file has a key of its own."""
    other = seal_file(CASE.public, CONTEXT, bytes(256 * 1_024))
    mixed = ENVELOPE[: START + SEALED] + other[START + SEALED :]
    with pytest.raises(Damaged):
        open_file(CASE.seed, CONTEXT, mixed)
    with pytest.raises(NotMine):
        open_file(case.seed, CONTEXT, ENVELOPE)


@pytest.mark.promise("S4")
@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 8, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 200_000])
def test_a_file_of_any_size_comes_back(case: Case, size: int) -> None:
    context = case.context(kind="file")
    content = bytes(index % 251 for index in range(size))
    envelope = seal_file(case.public, context, content)
    assert content == open_file(case.seed, context, envelope)
    assert b"\x01\x02\x03\x04\x05\x06\x07" not in envelope


def length(value: int) -> bytes:
    return value.to_bytes(8, "big")


ODD_PADDINGS: Final = {
    "something after the content": (length(3) + b"abc").ljust(CHUNK_BYTES - 1, b"\0") + b"x",
    "a size that is not Padmé's": (length(3) + b"abc").ljust(2 * CHUNK_BYTES, b"\0"),
    "a length past the end": length(CHUNK_BYTES).ljust(CHUNK_BYTES, b"\0"),
    "a length past the limit": length(1 << 60).ljust(CHUNK_BYTES, b"\0"),
}


@pytest.mark.promise("S9")
@pytest.mark.parametrize("padded", ODD_PADDINGS.values(), ids=ODD_PADDINGS.keys())
def test_padding_that_we_do_not_write_is_refused(case: Case, monkeypatch: pytest.MonkeyPatch, padded: bytes) -> None:
    """Whoever holds the case key could hide a second message there."""
    context = case.context(kind="file")
    monkeypatch.setattr(chunks, "_pad", lambda _: padded)
    envelope = seal_file(case.public, context, b"")
    with pytest.raises(Damaged):
        open_file(case.seed, context, envelope)


def test_the_largest_file_is_sealed_and_opened(case: Case) -> None:
    context = case.context(kind="file")
    content = bytes(MOST_BYTES)
    assert content == open_file(case.seed, context, seal_file(case.public, context, content))


def test_a_file_that_is_too_large_is_refused_before_it_is_sealed(case: Case) -> None:
    with pytest.raises(TooLong):
        seal_file(case.public, case.context(kind="file"), bytes(MOST_BYTES + 1))

"""Length tells little: three sizes for texts, one for answers, few for files."""

import secrets
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import Damaged, NotText, SealingError
from bot.sealing.chunks import CHUNK_BYTES, padme
from bot.sealing.mailbox import mailbox_from
from bot.sealing.padding import REPLY, TEXT, as_bytes, as_words, fits, pad, unpad
from bot.sealing.record import seal_record
from bot.sealing.reply import seal_reply, sign_reply, write_reply
from bot.sealing.signing import new_signing_seed
from tests.sealing.conftest import Case


@pytest.mark.promise("S9")
def test_a_thousand_texts_have_three_sizes_at_most(case: Case) -> None:
    context = case.context()
    lengths = [secrets.randbelow(TEXT[-1] - 1) for _ in range(1_000)]
    assert len({len(seal_record(case.public, context, bytes(length))) for length in lengths}) <= 3


@pytest.mark.promise("S9")
def test_an_empty_answer_and_a_full_page_are_equally_long(case: Case) -> None:
    mailbox = mailbox_from(secrets.token_bytes(32))
    mailbox_case = Case(seed=mailbox.kem_private)
    context = mailbox_case.context(kind="reply")
    signer = new_signing_seed()
    sizes = {
        len(seal_reply(mailbox.kem_public, context, sign_reply(signer, write_reply(context, "a", 1, "ہ" * count))))
        for count in (0, 1, 3_500)
    }
    assert len(sizes) == 1


@pytest.mark.promise("S9")
def test_padding_is_inside_the_seal(case: Case) -> None:
    """The last bytes of two short records differ: what one sees there is ciphertext, not zeros."""
    context = case.context()
    tails = {seal_record(case.public, context, b"short")[-64:] for _ in range(4)}
    assert len(tails) == 4
    assert not any(bytes(8) in tail for tail in tails)


@pytest.mark.promise("S9")
def test_files_have_few_sizes_and_grow_by_an_eighth_at_most() -> None:
    lengths = range(1, 20 * 1024 * 1024, 4_099)
    padded = [padme(length) for length in lengths]
    assert min(padded) == CHUNK_BYTES
    assert all(length <= size for length, size in zip(lengths, padded, strict=True))
    assert all(size <= max(length * 1.12, CHUNK_BYTES) for length, size in zip(lengths, padded, strict=True))
    assert len(set(padded)) < 300


@settings(max_examples=200)
@given(text=st.binary(max_size=3_000))
def test_unpadding_undoes_padding(text: bytes) -> None:
    assert text == unpad(pad(text))


@settings(max_examples=200)
@given(padded=st.binary(min_size=2_048, max_size=2_048))
def test_only_what_padding_writes_is_unpadded(padded: bytes) -> None:
    """Otherwise a second message could hide behind the first."""
    try:
        text = unpad(padded)
    except Damaged:
        return
    assert padded == pad(text)


def test_what_fits_is_sealed_and_what_does_not_is_known_before() -> None:
    for buckets in (TEXT, REPLY):
        assert fits(bytes(buckets[-1] - 2), buckets)
        assert not fits(bytes(buckets[-1] - 1), buckets)


@given(words=st.text())
def test_text_comes_back_composed(words: str) -> None:
    """Every text without half characters, in NFC (S31)."""
    try:
        text = as_bytes(words)
    except NotText:
        assert any(unicodedata.category(character) == "Cs" for character in words)
    else:
        assert unicodedata.normalize("NFC", words) == as_words(text)


@pytest.mark.promise("S4")
@pytest.mark.parametrize("words", ["\ud800", "a\udfff", "\udc00\ud800", "سلام\ud83d"])
def test_a_lone_surrogate_is_refused_and_not_repeated_in_the_error(words: str) -> None:
    with pytest.raises(NotText) as caught:
        as_bytes(words)
    error: SealingError = caught.value
    assert error.args == ()
    assert error.__cause__ is None
    assert error.__suppress_context__


def test_bytes_that_are_not_text_are_refused() -> None:
    with pytest.raises(NotText):
        as_words(b"\xff")

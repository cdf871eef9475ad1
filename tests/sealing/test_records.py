"""Records hold no clear text, open in one place only, and accept one suite only."""

import base64
import secrets
import zlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import Damaged, NotMine, SealingError, TooLong, Unknown
from bot.sealing import record
from bot.sealing.context import new_id
from bot.sealing.keys import new_seed, public_key
from bot.sealing.padding import TEXT, as_bytes
from bot.sealing.record import open_record, record_hash, seal_record
from bot.sealing.suite import HEADER_BYTES, Form, header
from tests.sealing.conftest import Case

SCRIPTS = ("help", "مدد", "مڪ مدد", "मदद", "সাহায্য", "உதவி", "උදව්", "އެހީ", "གྲོགས་རམ")
NONCE_AT = 1180


def spellings(words: str) -> dict[str, bytes]:
    """Every way in which words might lie around in clear (S1)."""
    utf8 = words.encode()
    return {
        "utf-8": utf8,
        "utf-16 le": words.encode("utf-16-le"),
        "utf-16 be": words.encode("utf-16-be"),
        "base64": base64.b64encode(utf8).rstrip(b"=")[:-1],
        "hex": utf8.hex().encode(),
        "json": words.encode("ascii", "backslashreplace"),
        "zlib": zlib.compress(utf8)[2:-4],
    }


@pytest.mark.promise("S1")
@pytest.mark.parametrize("script", SCRIPTS)
def test_an_envelope_holds_the_words_in_no_spelling(case: Case, script: str) -> None:
    for _ in range(20):
        marker = f"{script} {secrets.token_hex(6)}"
        envelope = seal_record(case.public, case.context(), as_bytes(marker))
        for name, spelled in spellings(marker).items():
            assert spelled not in envelope, name


@pytest.mark.promise("S1")
def test_every_record_has_a_data_key_of_its_own(case: Case) -> None:
    """The same words at the same place twice: nothing but the header is equal."""
    context = case.context()
    one, other = (seal_record(case.public, context, b"the same") for _ in range(2))
    assert header(Form.RECORD) == one[:HEADER_BYTES] == other[:HEADER_BYTES]
    alike = sum(a == b for a, b in zip(one[HEADER_BYTES:], other[HEADER_BYTES:], strict=True))
    assert alike < len(one) * 0.02


@pytest.mark.slow
@pytest.mark.promise("S2")
def test_nonces_do_not_repeat(case: Case) -> None:
    context = case.context()
    nonces = {seal_record(case.public, context, b"")[NONCE_AT : NONCE_AT + 12] for _ in range(3_000)}
    assert len(nonces) == 3_000


@pytest.mark.long
@pytest.mark.promise("S2")
def test_a_million_nonces_do_not_repeat(case: Case) -> None:
    context = case.context()
    nonces = {seal_record(case.public, context, b"")[NONCE_AT : NONCE_AT + 12] for _ in range(1_000_000)}
    assert len(nonces) == 1_000_000


ELSEWHERE: dict[str, Any] = {
    "deployment": new_id(),
    "roster_version": 2,
    "case_id": new_id(),
    "record_id": new_id(),
    "kind": "note",
    "seq": 1,
    "recipient": new_id(),
    "previous": bytes(31) + b"\1",
    "protocol": 2,
}


@pytest.mark.promise("S3")
@pytest.mark.parametrize("field", ELSEWHERE)
def test_a_record_opens_only_where_it_belongs(case: Case, field: str) -> None:
    context = case.context()
    envelope = seal_record(case.public, context, b"words")
    assert open_record(case.seed, context, envelope) == b"words"
    with pytest.raises(NotMine):
        open_record(case.seed, replace(context, **{field: ELSEWHERE[field]}), envelope)


@pytest.mark.promise("S3")
def test_the_body_is_tied_to_its_place_even_without_the_key_wrap(case: Case) -> None:
    """Body and wrapped key of two records cannot be mixed."""
    here, there = case.context(), case.context()
    one, other = seal_record(case.public, here, b"one"), seal_record(case.public, there, b"other")
    with pytest.raises(Damaged):
        open_record(case.seed, here, one[:NONCE_AT] + other[NONCE_AT:])


@pytest.mark.promise("S3")
def test_no_two_contexts_are_written_alike(case: Case) -> None:
    """Moving a letter from one field to the next must not give the same bytes."""
    contexts = [case.context(kind=kind, seq=seq) for kind in ("a", "ab", "b") for seq in (0, 1, 256, 1 << 40)]
    assert len({context.canonical() for context in contexts}) == len(contexts)


def test_a_context_that_cannot_be_is_not_made(case: Case) -> None:
    for impossible in (
        {"case_id": b"short"},
        {"previous": b""},
        {"kind": ""},
        {"kind": "جواب"},
        {"seq": -1},
        {"roster_version": 1 << 53},
    ):
        with pytest.raises(ValueError, match="must be"):
            case.context(**impossible)


@pytest.mark.promise("S3")
def test_a_record_is_not_sealed_to_another_key_than_its_context_names(case: Case) -> None:
    with pytest.raises(SealingError):
        seal_record(public_key(new_seed()), case.context(), b"words")


def downgrades() -> list[bytes]:
    """Every header that differs from ours in one byte, and the suites an attacker would like."""
    ours = header(Form.RECORD)
    flips = [
        ours[:at] + bytes([value]) + ours[at + 1 :] for at in range(12) for value in range(256) if ours[at] != value
    ]
    suites = [
        ours[:6] + kem.to_bytes(2, "big") + kdf.to_bytes(2, "big") + aead.to_bytes(2, "big")
        for kem in (0x0010, 0x0020, 0x0021, 0x0041, 0x647A, 0)
        for kdf in (0, 1, 2, 3)
        for aead in (0, 1, 2, 3, 0xFFFF)
    ]
    return [changed for changed in flips + suites if changed != ours]


@pytest.mark.promise("S5")
def test_no_other_algorithm_is_accepted(case: Case) -> None:
    context = case.context()
    envelope = seal_record(case.public, context, b"words")
    corpus = downgrades()
    accepted = 0
    for changed in corpus:
        try:
            open_record(case.seed, context, changed + envelope[HEADER_BYTES:])
        except (Unknown, Damaged):
            continue
        accepted += 1
    assert accepted == 0
    assert len(corpus) > 3_000


@pytest.mark.promise("S5")
def test_a_slot_or_file_is_not_taken_for_a_record(case: Case) -> None:
    context = case.context()
    envelope = seal_record(case.public, context, b"words")
    for form in (Form.SLOT, Form.FILE):
        with pytest.raises(Unknown):
            open_record(case.seed, context, header(form) + envelope[HEADER_BYTES:])


@pytest.mark.promise("S6")
def test_when_sealing_fails_nothing_comes_out(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each call inside is made to fail in turn: always an error, never an envelope, never the words in the error."""
    words = b"very private words"

    def fails(*_: object) -> bytes:
        raise SealingError("broken on purpose")

    for step in ("pad", "hpke_seal", "bound", "header"):
        with monkeypatch.context() as broken:
            broken.setattr(record, step, fails)
            with pytest.raises(SealingError) as caught:
                seal_record(case.public, case.context(), words)
        assert words.decode() not in f"{caught.value!r}{caught.value.__cause__!r}{caught.value.__context__!r}"


@pytest.mark.promise("S6")
def test_an_unusable_key_seals_nothing(case: Case) -> None:
    """A public key whose X25519 half is zero gives a shared secret anybody knows: refused."""
    bad = public_key(new_seed())[:1184] + bytes(32)
    weak = Case(seed=case.seed)
    weak.public = bad
    with pytest.raises(Damaged):
        seal_record(bad, weak.context(), b"words")
    for size in (0, 32, 1215, 1217):
        weak.public = bytes(size)
        with pytest.raises(SealingError):
            seal_record(weak.public, weak.context(), b"words")


@settings(max_examples=60, deadline=None)
@given(text=st.binary(max_size=TEXT[-1] - 2))
def test_what_was_sealed_opens_again(text: bytes) -> None:
    case = Case()
    context = case.context()
    assert text == open_record(case.seed, context, seal_record(case.public, context, text))


def test_a_text_that_is_too_long_is_not_cut_but_refused(case: Case) -> None:
    with pytest.raises(TooLong):
        seal_record(case.public, case.context(), bytes(TEXT[-1] - 1))


def test_another_key_learns_nothing(case: Case) -> None:
    context = case.context()
    envelope = seal_record(case.public, context, b"words")
    with pytest.raises(NotMine):
        open_record(new_seed(), context, envelope)


def test_the_hash_of_a_record_covers_all_of_it(case: Case) -> None:
    envelope = seal_record(case.public, case.context(), b"words")
    assert len({record_hash(envelope), record_hash(envelope[:-1]), record_hash(b"\0" + envelope[1:])}) == 3

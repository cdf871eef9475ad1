"""The log as a tree: adding shows as adding, anything else shows as a change."""

import secrets
from base64 import b64decode, b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sealing.audit import (
    EMPTY_ROOT,
    Frontier,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
)
from bot.sealing.checkpoint import (
    Checkpoint,
    cosign,
    cosigned_at,
    read_checkpoint,
    sign_checkpoint,
    signed_by_log,
)
from bot.sealing.fields import Malformed
from bot.sealing.signing import new_signing_seed, signing_public

LEAVES = [leaf_hash({"action": "open", "n": number}) for number in range(40)]
NOW = 1_800_000_000


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word by word."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else EMPTY_ROOT
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(naive_root(leaves[:split]), naive_root(leaves[split:]))


@pytest.mark.promise("S37")
def test_the_root_is_the_one_of_the_rfc() -> None:
    frontier = Frontier()
    for size in range(len(LEAVES) + 1):
        assert naive_root(LEAVES[:size]) == root_of(LEAVES[:size]) == frontier.root()
        assert frontier.size == size
        if size < len(LEAVES):
            frontier = frontier.append(LEAVES[size])


@pytest.mark.promise("S37")
def test_every_longer_log_is_consistent_with_every_shorter_one() -> None:
    for new in range(len(LEAVES) + 1):
        for old in range(new + 1):
            proof = consistency_proof(LEAVES[:new], old)
            old_root, new_root = root_of(LEAVES[:old]), root_of(LEAVES[:new])
            assert check_consistency(old, old_root, new, new_root, proof)


@pytest.mark.slow
@pytest.mark.promise("S37")
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_deleting_editing_reordering_truncating_or_forking_shows(data: st.DataObject) -> None:
    """Whatever proof the server makes from its changed log, the head seen before does not fit."""
    old = data.draw(st.integers(min_value=2, max_value=20))
    seen = root_of(LEAVES[:old])
    changed = list(LEAVES[: old + data.draw(st.integers(min_value=0, max_value=10))])
    at = data.draw(st.integers(min_value=0, max_value=old - 1))
    match data.draw(st.sampled_from(["delete", "edit", "reorder", "fork"])):
        case "delete":
            del changed[at]
            changed.append(LEAVES[-1])
        case "edit" | "fork":
            changed[at] = secrets.token_bytes(32)
        case "reorder":
            changed[at], changed[(at + 1) % old] = changed[(at + 1) % old], changed[at]
    proof = consistency_proof(changed, old)
    assert not check_consistency(old, seen, len(changed), root_of(changed), proof)
    assert not check_consistency(old, seen, old - 1, root_of(changed[: old - 1]), ())


@pytest.mark.promise("S37")
def test_a_longer_shorter_or_changed_proof_is_refused() -> None:
    for old, new in ((1, 2), (3, 7), (4, 8), (6, 13), (13, 40)):
        proof = consistency_proof(LEAVES[:new], old)
        old_root, new_root = root_of(LEAVES[:old]), root_of(LEAVES[:new])
        for wrong in (proof[:-1], (*proof, LEAVES[0]), (LEAVES[0], *proof), proof[1:], (LEAVES[0],) * len(proof)):
            assert not check_consistency(old, old_root, new, new_root, wrong)
    assert not check_consistency(0, LEAVES[0], 5, root_of(LEAVES[:5]), ())
    assert not check_consistency(-1, EMPTY_ROOT, 5, root_of(LEAVES[:5]), ())


@pytest.mark.promise("S37")
def test_an_entry_is_proved_to_be_in_the_log() -> None:
    for size in range(1, 20):
        root = root_of(LEAVES[:size])
        for index in range(size):
            proof = inclusion_proof(LEAVES[:size], index)
            assert check_inclusion(LEAVES[index], index, size, root, proof)
            assert not check_inclusion(LEAVES[-1], index, size, root, proof)
            assert not check_inclusion(LEAVES[index], index + 1, size, root, proof)
            assert not check_inclusion(LEAVES[index], index, size, root, (*proof, root))


def test_proofs_of_what_is_not_there_are_not_made() -> None:
    with pytest.raises(ValueError, match="longer"):
        consistency_proof(LEAVES[:3], 4)
    with pytest.raises(ValueError, match="entry"):
        inclusion_proof(LEAVES[:3], 3)


def test_an_entry_is_hashed_in_one_way_whatever_its_order() -> None:
    assert leaf_hash({"a": 1, "b": "ا"}) == leaf_hash({"b": "ا", "a": 1})
    assert leaf_hash({"a": 1}) != leaf_hash({"a": "1"})


@pytest.mark.promise("S37")
def test_a_checkpoint_is_signed_by_the_log_and_cosigned_by_a_witness() -> None:
    log, witness = new_signing_seed(), new_signing_seed()
    checkpoint = Checkpoint("helpline.example/log", 40, root_of(LEAVES))
    note = cosign(witness, "witness.example/w1", sign_checkpoint(log, checkpoint), now=NOW)
    assert checkpoint == read_checkpoint(note)
    assert signed_by_log(note, signing_public(log))
    assert cosigned_at(note, "witness.example/w1", signing_public(witness)) == NOW
    assert note.splitlines()[:3] == ["helpline.example/log", "40", checkpoint.text().splitlines()[2]]


@pytest.mark.promise("S37")
def test_a_changed_checkpoint_is_signed_by_nobody() -> None:
    log, witness = new_signing_seed(), new_signing_seed()
    note = cosign(witness, "w", sign_checkpoint(log, Checkpoint("o", 40, root_of(LEAVES))), now=NOW)
    for changed in (note.replace("o\n40\n", "o\n41\n", 1), note.replace("o\n40", "p\n40", 1)):
        assert not signed_by_log(changed, signing_public(log))
        assert cosigned_at(changed, "w", signing_public(witness)) is None
    assert not signed_by_log(note, signing_public(witness))
    assert cosigned_at(note, "w", signing_public(log)) is None
    assert cosigned_at(note, "another", signing_public(witness)) is None
    assert cosigned_at(sign_checkpoint(log, read_checkpoint(note)), "w", signing_public(witness)) is None


class Signed:
    """A checkpoint signed by the log and one witness, and its lines to tamper with."""

    def __init__(self) -> None:
        self.log, self.witness = new_signing_seed(), new_signing_seed()
        self.note = cosign(self.witness, "w", sign_checkpoint(self.log, Checkpoint("o", 40, root_of(LEAVES))), now=NOW)
        self.body, _, lines = self.note.partition("\n\n")
        self.log_line, self.witness_line = lines.splitlines()

    def holds(self, *lines: str) -> tuple[bool, bool]:
        """Whether the log, and whether the witness, signed the note with these lines."""
        note = f"{self.body}\n\n" + "".join(f"{line}\n" for line in lines)
        by_witness = cosigned_at(note, "w", signing_public(self.witness)) == NOW
        return signed_by_log(note, signing_public(self.log)), by_witness


def line(name: str, blob: bytes) -> str:
    return f"\u2014 {name} {b64encode(blob).decode()}"


def blob_of(signature_line: str) -> bytes:
    return b64decode(signature_line.rpartition(" ")[2])


@pytest.mark.promise("S37")
def test_lines_of_others_do_no_harm() -> None:
    signed = Signed()
    stray = ["", "hello", "\u2014", "\u2014 o", "\u2014  AAAA", "- o AAAA", line("w", b"short"), line("o", b"")]
    assert signed.holds(*stray, signed.log_line, line("x", bytes(80)), signed.witness_line) == (True, True)
    assert signed.holds(signed.witness_line) == (False, True)
    assert signed.holds(signed.log_line) == (True, False)
    assert signed.holds() == (False, False)


@pytest.mark.promise("S37")
def test_a_signature_counts_under_its_own_name_and_key_only() -> None:
    signed = Signed()
    log_blob, witness_blob = blob_of(signed.log_line), blob_of(signed.witness_line)
    assert signed.holds(line("p", log_blob), line("v", witness_blob)) == (False, False)
    assert signed.holds(line("o", bytes(4) + log_blob[4:]), line("w", bytes(4) + witness_blob[4:])) == (False, False)
    assert signed.holds(line("o", log_blob[:-1]), line("w", witness_blob[:-1])) == (False, False)
    assert signed.holds(line("o", log_blob + b"x"), line("w", witness_blob + b"x")) == (False, False)
    assert signed.holds(signed.log_line.replace("\u2014", "-"), signed.witness_line.replace("\u2014", "-")) == (
        False,
        False,
    )


def test_a_checkpoint_has_three_lines_and_no_more() -> None:
    signed = Signed()
    assert read_checkpoint(signed.note).size == 40
    root = signed.body.splitlines()[2]
    for body in (
        f"o\n40\n{root}\nmore",
        f"\n40\n{root}",
        "o\n40",
        f"o\n٤٠\n{root}",
        f"o\n4x\n{root}",
        f"o\n{'9' * 16}\n{root}",
        f"o\n40\n{root[:-4]}",
        f"o\n040\n{root}",
    ):
        with pytest.raises(Malformed):
            read_checkpoint(body + "\n\n")
    with pytest.raises(Malformed):
        read_checkpoint(signed.note + "x" * 65_536)
    with pytest.raises(Malformed):
        read_checkpoint(signed.body)


@pytest.mark.promise("S37")
def test_sizes_that_cannot_be_are_refused() -> None:
    root = root_of(LEAVES[:5])
    for index, size in ((-1, 5), (5, 5), (6, 5)):
        assert not check_inclusion(LEAVES[0], index, size, root, inclusion_proof(LEAVES[:5], 0))
    assert not check_inclusion(LEAVES[0], 0, 1, LEAVES[0], (LEAVES[1],))
    assert not check_consistency(5, root, 4, root, ())
    assert not check_consistency(5, root, 5, root, (LEAVES[0],))
    assert not check_consistency(5, root, 5, LEAVES[0], ())
    assert not check_consistency(0, EMPTY_ROOT, 5, root, (LEAVES[0],))
    assert not check_consistency(3, root_of(LEAVES[:3]), 5, root, ())


@pytest.mark.parametrize(
    "note", ["", "\n\n", "o\n1\n\n", "o\n-1\nAAAA\n\n", "o\n01\n" + "A" * 43 + "=\n\n", "o\n1\n!\n\n"]
)
def test_what_is_no_checkpoint_is_refused(note: str) -> None:
    with pytest.raises(Malformed):
        read_checkpoint(note)

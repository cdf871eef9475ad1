"""Nothing is sealed to a roster that the root did not sign, that has lapsed or that was replaced."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest

from bot.core.errors import (
    Damaged,
    RosterExpired,
    RosterForged,
    RosterMalformed,
    RosterRefused,
    RosterSuperseded,
)
from bot.core.roster import Officer, ReaderKey, Team
from bot.sealing.fields import Malformed
from bot.sealing.keys import key_id, new_seed, public_key
from bot.sealing.roster import (
    EPOCH_S,
    RECOVERY_S,
    ROSTER_S,
    LivingRoster,
    RootOfTrust,
    add_signature,
    draft_roster,
    shard,
    sign_roster,
    verify_roster,
    with_keys,
    with_suspended,
)
from bot.sealing.roster_document import Document, RootKeys, read_document
from bot.sealing.signing import new_signing_seed, signing_public
from bot.sealing.slot import seal_slot
from tests.sealing.conftest import DAY_S, NOW, Case, House


def test_a_trial_signs_its_own_roster_with_one_key(house: House) -> None:
    seed = new_signing_seed()
    root = RootKeys((signing_public(seed),), 1)
    document = sign_roster(house.roster(), root, [seed], [house.epoch_key("a")])
    roster = verify_roster(document, RootOfTrust.of(house.deployment, root), now=NOW)
    key = roster.officers[0].living_key(NOW)
    assert key is not None
    assert public_key(house.epoch["a"]) == key.public


@pytest.mark.promise("S11")
def test_two_of_three_signatures_are_enough_whoever_gives_them(house: House) -> None:
    for missing in range(3):
        signers = [seed for number, seed in enumerate(house.root_seeds) if number != missing]
        document = sign_roster(house.roster(), house.root, signers)
        assert verify_roster(document, house.trust, now=NOW).version == 1


@pytest.mark.promise("S11")
def test_signers_pass_a_draft_on(house: House) -> None:
    document = draft_roster(house.roster(), house.root)
    for seed in house.root_seeds[:2]:
        with pytest.raises(RosterForged):
            verify_roster(document, house.trust, now=NOW)
        document = add_signature(document, seed)
    assert verify_roster(document, house.trust, now=NOW).version == 1


def forgeries(house: House) -> dict[str, bytes]:
    own_seed = new_signing_seed()
    own_root = RootKeys((signing_public(own_seed),), 1)
    own = sign_roster(house.roster(), own_root, [own_seed])
    once = add_signature(draft_roster(house.roster(), house.root), house.root_seeds[0])
    read_once, read = read_document(once), read_document(house.document())
    outsider = House(deployment=house.deployment)
    return {
        "unsigned": draft_roster(house.roster(), house.root),
        "one of three": once,
        "one of three, twice": replace(read_once, signatures=read_once.signatures * 3).to_bytes(),
        "own root": own,
        "own root under our signatures": replace(read, body=read_document(own).body).to_bytes(),
        "higher version": replace(read, body=read.body.replace(b'"version":1', b'"version":2')).to_bytes(),
        "lower threshold": replace(read, body=read.body.replace(b'"threshold":2', b'"threshold":1')).to_bytes(),
        "later expiry": replace(read, body=read.body.replace(b'"expires":1', b'"expires":2')).to_bytes(),
        "other signers": sign_roster(house.roster(), outsider.root, outsider.root_seeds),
        "other deployment": sign_roster(house.roster(deployment=bytes(16)), house.root, house.root_seeds),
        "key added by the server": with_keys(house.document(), [outsider.epoch_key("a")]),
        "signatures swapped": replace(
            read, signatures=tuple((key, read.signatures[0][1]) for key, _ in read.signatures)
        ).to_bytes(),
    }


@pytest.mark.promise("S11")
@pytest.mark.parametrize("name", sorted(forgeries(House())))
def test_a_forged_roster_is_refused(house: House, name: str) -> None:
    with pytest.raises(RosterRefused):
        verify_roster(forgeries(house)[name], house.trust, now=NOW)


def seals(house: House, documents: list[bytes], *, now: int, newest_seen: int = 0) -> int:
    """How many slots a report gets when it arrives after these documents were offered, the way every path seals."""
    living, case, sealed = LivingRoster(house.trust, newest_seen), Case(deployment=house.deployment), 0
    for document in documents:
        with suppress(RosterRefused):
            living.load(document, now=NOW)
    with suppress(RosterRefused):
        for officer in living.current(now=now).officers:
            key = officer.living_key(now)
            if key is not None:
                seal_slot(key.public, case.slot_context(key.public), case.seed)
                sealed += 1
    return sealed


@pytest.mark.promise("S11")
def test_nothing_at_all_is_sealed_without_a_right_roster(house: House) -> None:
    assert seals(house, [house.document()], now=NOW) == 2
    for name, document in forgeries(house).items():
        assert seals(house, [document], now=NOW) == 0, name
    assert seals(house, [house.document()], now=NOW + 90 * DAY_S) == 0
    assert seals(house, [house.document()], now=NOW, newest_seen=2) == 0
    assert seals(house, [], now=NOW) == 0


@pytest.mark.promise("S11")
def test_a_roster_lapses_and_does_not_start_early(house: House) -> None:
    document = house.document()
    assert verify_roster(document, house.trust, now=NOW + 90 * DAY_S - 1).version == 1
    for wrong_time in (NOW + 90 * DAY_S, NOW + 1_000 * DAY_S, NOW - DAY_S):
        with pytest.raises(RosterExpired):
            verify_roster(document, house.trust, now=wrong_time)


@pytest.mark.promise("S11")
def test_an_older_roster_is_not_taken_again(house: House) -> None:
    newer, older = house.document(version=2), house.document(version=1)
    living = LivingRoster(house.trust)
    living.load(newer, now=NOW)
    with pytest.raises(RosterSuperseded):
        living.load(older, now=NOW)
    with pytest.raises(RosterSuperseded):
        LivingRoster(house.trust, newest_seen=2).load(older, now=NOW)
    assert living.current(now=NOW).version == 2


@pytest.mark.promise("S11")
def test_two_rosters_of_one_version_are_not_both_believed(house: House) -> None:
    living = LivingRoster(house.trust)
    living.load(house.document(), now=NOW)
    with pytest.raises(RosterSuperseded):
        living.load(house.document(expires=NOW + 89 * DAY_S), now=NOW)


@pytest.mark.promise("S11")
def test_the_roster_in_use_is_checked_before_each_seal(house: House) -> None:
    living = LivingRoster(house.trust)
    with pytest.raises(RosterRefused):
        living.current(now=NOW)
    living.load(house.document(), now=NOW)
    assert living.current(now=NOW + 90 * DAY_S - 1).version == 1
    with pytest.raises(RosterExpired):
        living.current(now=NOW + 90 * DAY_S)


@pytest.mark.promise("S11")
def test_a_suspension_counts_from_the_next_seal_on(house: House) -> None:
    living = LivingRoster(house.trust)
    document = house.document()
    living.load(document, now=NOW)
    living.load(with_suspended(document, ["a"]), now=NOW)
    suspended = living.current(now=NOW).officer("a")
    assert suspended is not None
    assert suspended.living_key(NOW) is None


@pytest.mark.promise("S11")
def test_the_server_can_take_an_officer_away_but_not_add_one(house: House) -> None:
    read = read_document(with_suspended(house.document(), ["a", "nobody"]))
    roster = verify_roster(read.to_bytes(), house.trust, now=NOW)
    assert [officer.suspended for officer in roster.officers] == [True, False]
    assert {"a", "b"} == {officer.id for officer in roster.officers}


@pytest.mark.promise("S13")
def test_an_epoch_key_lives_for_90_days_at_most(house: House) -> None:
    document = house.document()
    house.epoch["a"] = new_seed()
    longer = house.epoch_key("a", starts=NOW, ends=NOW + EPOCH_S + 1)
    with pytest.raises(RosterMalformed):
        verify_roster(with_keys(document, [longer]), house.trust, now=NOW)


def test_an_officers_next_key_needs_no_root(house: House) -> None:
    document = house.document()
    house.epoch["a"] = new_seed()
    later = NOW + 60 * DAY_S
    next_key = house.epoch_key("a", starts=later, ends=later + EPOCH_S)
    roster = verify_roster(with_keys(document, [next_key, next_key]), house.trust, now=later)
    officer = roster.officer("a")
    assert officer is not None
    assert len(officer.keys) == 2
    living = officer.living_key(later)
    assert living is not None
    assert living.id == key_id(public_key(house.epoch["a"]))


def test_a_page_fetches_only_the_keys_it_needs(house: House) -> None:
    small = Team("small", "Small", ("PK-SD",), ("b",))
    teams = (*house.roster().teams, small)
    document = house.document(teams=teams)
    part = shard(document, ["small"])
    roster = verify_roster(part, house.trust, now=NOW)
    assert [len(officer.keys) for officer in roster.officers] == [0, 1]
    assert len(part) < len(document) - 1_200
    assert read_document(part).body == read_document(document).body


def impossible(house: House) -> list[tuple[Team, ...]]:
    duty = house.roster().teams[0]
    return [
        (),
        (replace(duty, duty=False),),
        (duty, replace(duty, id="second")),
        (duty, replace(duty, duty=False)),
        (replace(duty, officers=("a", "z")),),
        (replace(duty, pair=("a",)),),
        (replace(duty, pair=("a", "a")),),
        (replace(duty, officers=("a",)),),
    ]


@pytest.mark.promise("S11")
@pytest.mark.parametrize("number", range(len(impossible(House()))))
def test_a_roster_that_makes_no_sense_is_refused_though_signed(house: House, number: int) -> None:
    with pytest.raises(RosterMalformed):
        verify_roster(house.document(teams=impossible(house)[number]), house.trust, now=NOW)


def recovery_for(seconds: int) -> ReaderKey:
    public = public_key(new_seed())
    return ReaderKey(key_id(public), public, NOW, NOW + seconds)


@pytest.mark.promise("S11")
def test_lives_are_limited_to_the_second(house: House) -> None:
    """What lasts exactly as long as allowed is taken, a second more is not; what ends as it starts never lives."""
    taken = [
        house.document(expires=NOW + ROSTER_S),
        house.document(issued=NOW + 600),
        house.document(recovery=recovery_for(RECOVERY_S)),
    ]
    for document in taken:
        assert verify_roster(document, house.trust, now=NOW).version == 1
    with pytest.raises(RosterExpired):
        verify_roster(house.document(issued=NOW + 601), house.trust, now=NOW)
    refused = [
        house.document(expires=NOW + ROSTER_S + 1),
        house.document(recovery=recovery_for(RECOVERY_S + 1)),
        house.document(recovery=recovery_for(0)),
    ]
    document = house.document()
    house.epoch["a"] = new_seed()
    refused.append(with_keys(document, [house.epoch_key("a", starts=NOW, ends=NOW)]))
    for document in refused:
        with pytest.raises(RosterMalformed):
            verify_roster(document, house.trust, now=NOW)


@pytest.mark.promise("S11")
def test_nobody_appears_twice(house: House) -> None:
    twin = Officer("c", house.roster().officers[0].signing, ())
    document = sign_roster(house.roster(officers=(*house.roster().officers, twin)), house.root, house.root_seeds)
    with pytest.raises(RosterMalformed):
        verify_roster(document, house.trust, now=NOW)


@pytest.mark.promise("S11")
@pytest.mark.parametrize(
    "text", [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"format":"hamrah roster 1"}', b'{"format":1}']
)
def test_what_is_no_roster_is_refused(house: House, text: bytes) -> None:
    with pytest.raises(RosterMalformed):
        verify_roster(text, house.trust, now=NOW)


@pytest.mark.promise("S11")
def test_root_keys_without_a_majority_are_refused() -> None:
    keys = tuple(signing_public(new_signing_seed()) for _ in range(3))
    refused: list[Callable[[], RootKeys]] = [
        lambda: RootKeys(keys, 1),
        lambda: RootKeys(keys, 4),
        lambda: RootKeys((keys[0], keys[0]), 2),
        lambda: RootKeys((), 0),
        lambda: RootKeys((b"short",), 1),
    ]
    for make in refused:
        with pytest.raises(Malformed):
            make()


def test_a_stranger_cannot_add_a_signature(house: House) -> None:
    with pytest.raises(RosterForged):
        add_signature(draft_roster(house.roster(), house.root), new_signing_seed())


def test_a_fingerprint_is_read_as_it_is_published(house: House) -> None:
    text = house.trust.as_text()
    spaced = " ".join(text[at : at + 8] for at in range(0, 64, 8)).upper()
    assert house.trust == RootOfTrust.from_text(text) == RootOfTrust.from_text(spaced)
    for wrong in ("", "xyz", text[:-2], text + "00"):
        with pytest.raises(Damaged):
            RootOfTrust.from_text(wrong)


def test_a_document_is_written_one_way(house: House) -> None:
    document = house.document()
    assert document == read_document(document).to_bytes()
    assert isinstance(read_document(document), Document)

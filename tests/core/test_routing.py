"""Who reads: teams by place and concern, around whoever is to be avoided, never nobody."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.effects import Routing
from bot.core.errors import NoReaders
from bot.core.flow import Place
from bot.core.roster import Officer, ReaderKey, Roster, Team
from bot.core.routing import LIVING_AT_LEAST, Readers, bucket, choose_readers

NOW = 1_772_607_600
DAY_S = 86_400
LAHORE = Team("lahore", "Lahore", ("PK-PB",), ("amna", "bilal"))
KARACHI = Team("karachi", "Karachi", ("PK-SD",), ("chanda", "daud"))
DUBAI = Team("dubai", "Dubai", ("AE",), ("hina", "imran"))
ONLINE = Team("online", "Online harm", ("PK",), ("junaid", "kiran"), concerns=("online-pictures",))
DUTY = Team("duty", "Duty", ("PK",), ("esha", "faisal", "ghazala"), duty=True, pair=("esha", "faisal"))
TEAMS = (LAHORE, KARACHI, DUBAI, ONLINE, DUTY)


def key_of(name: str, starts: int = -DAY_S, ends: int = 80 * DAY_S) -> ReaderKey:
    return ReaderKey(name.encode(), name.encode() * 10, NOW + starts, NOW + ends)


def officer(name: str, *, suspended: bool = False, keys: tuple[ReaderKey, ...] | None = None) -> Officer:
    return Officer(name, name.encode(), (key_of(name),) if keys is None else keys, suspended)


def roster(
    teams: tuple[Team, ...] = TEAMS, *changed: Officer, gone: tuple[str, ...] = (), recovery: ReaderKey | None = None
) -> Roster:
    """Everybody lives but those in `gone`; `changed` officers stand in for their namesakes."""
    names = dict.fromkeys(o for t in teams for o in t.officers)
    instead = {o.id: o for o in changed} | {name: officer(name, keys=()) for name in gone}
    officers = tuple(instead.get(name) or officer(name) for name in names)
    return Roster(b"d" * 16, 1, NOW - DAY_S, NOW + 200 * DAY_S, teams, officers, recovery)


def people(readers: Readers) -> set[str]:
    return {key.id.decode() for key in readers.keys}


def test_the_office_of_the_place_reads() -> None:
    readers = choose_readers(roster(), Routing(("PK-PB",), "work"), NOW)

    assert readers.teams == ("lahore",)
    assert people(readers) == {"amna", "bilal"}


def test_a_report_across_a_border_reaches_each_office() -> None:
    readers = choose_readers(roster(), Routing(("AE", "PK-SD"), ""), NOW)

    assert set(readers.teams) == {"dubai", "karachi"}
    assert people(readers) == {"hina", "imran", "chanda", "daud"}


def test_an_office_for_one_kind_of_concern_reads_only_that() -> None:
    assert "online" not in choose_readers(roster(), Routing(("PK-PB",), "work"), NOW).teams
    assert "online" in choose_readers(roster(), Routing(("PK-PB",), "online-pictures"), NOW).teams


def test_a_country_covers_its_provinces() -> None:
    everywhere = replace(KARACHI, places=("PK",))

    assert choose_readers(roster((everywhere, DUTY)), Routing(("PK-GB",), ""), NOW).teams == ("karachi",)


@pytest.mark.parametrize("places", [(), ("PK-GB",), ("BR",), ("nowhere",)])
def test_where_no_office_fits_the_duty_team_reads(places: tuple[str, ...]) -> None:
    readers = choose_readers(roster(), Routing(places, ""), NOW)

    assert readers.teams == ("duty",)
    assert people(readers) == {"esha", "faisal", "ghazala"}


@pytest.mark.promise("S40")
def test_an_office_to_avoid_gets_no_slot() -> None:
    readers = choose_readers(roster(), Routing(("PK-PB",), "", ("lahore",)), NOW)

    assert readers.teams == ("duty",)
    assert not people(readers) & {"amna", "bilal"}


@pytest.mark.promise("S40")
def test_whoever_also_works_elsewhere_gets_no_slot_there_either() -> None:
    both = replace(DUTY, officers=("esha", "faisal", "amna"))
    readers = choose_readers(roster((LAHORE, both)), Routing(("PK-PB",), "", ("lahore",)), NOW)

    assert people(readers) == {"esha", "faisal"}


def test_a_named_person_leaves_the_pair_of_the_duty_team() -> None:
    readers = choose_readers(roster(), Routing(("PK-PB",), "", (), pair_only=True), NOW)

    assert readers.teams == ("duty",)
    assert people(readers) == {"esha", "faisal"}


def test_half_a_pair_is_joined_by_the_duty_team_alone() -> None:
    readers = choose_readers(roster(gone=("esha",)), Routing(("PK-PB",), "", (), pair_only=True), NOW)

    assert people(readers) == {"faisal", "ghazala"}


@pytest.mark.promise("R27")
def test_one_living_key_is_not_enough_the_duty_team_joins() -> None:
    """Never fewer than two (D6)."""
    readers = choose_readers(roster(gone=("bilal",)), Routing(("PK-PB",), ""), NOW)

    assert readers.teams == ("lahore", "duty")
    assert people(readers) == {"amna", "esha", "faisal", "ghazala"}


@pytest.mark.promise("R27")
def test_an_office_that_cannot_open_anything_is_stood_in_for() -> None:
    """The office abroad has no living key: the other one is not asked to answer for it alone."""
    readers = choose_readers(roster(gone=("hina", "imran")), Routing(("AE", "PK-SD"), ""), NOW)

    assert readers.teams == ("karachi", "duty")


@pytest.mark.promise("R27")
def test_without_a_duty_team_alive_every_office_that_may_reads() -> None:
    gone = ("amna", "bilal", "esha", "faisal", "ghazala")
    readers = choose_readers(roster(gone=gone), Routing(("PK-PB",), "", ("dubai",)), NOW)

    assert people(readers) == {"chanda", "daud", "junaid", "kiran"}


def test_a_suspended_officer_gets_nothing() -> None:
    readers = choose_readers(roster(TEAMS, officer("amna", suspended=True)), Routing(("PK-PB",), ""), NOW)

    assert "amna" not in people(readers)


@pytest.mark.parametrize(("starts", "ends"), [(-90, -1), (1, 90)], ids=["ended", "not begun"])
def test_a_key_outside_its_time_gets_nothing(starts: int, ends: int) -> None:
    key = key_of("amna", starts * DAY_S, ends * DAY_S)
    readers = choose_readers(roster(TEAMS, officer("amna", keys=(key,))), Routing(("PK-PB",), ""), NOW)

    assert "amna" not in people(readers)


def test_of_two_living_keys_the_newer_one_is_used() -> None:
    old, new = key_of("old", -80 * DAY_S, 10 * DAY_S), key_of("new", -DAY_S, 80 * DAY_S)
    readers = choose_readers(roster(TEAMS, officer("amna", keys=(new, old))), Routing(("PK-PB",), ""), NOW)

    assert people(readers) == {"new", "bilal"}


def test_the_recovery_key_comes_along_last() -> None:
    readers = choose_readers(roster(recovery=key_of("recovery")), Routing(("PK-PB",), ""), NOW)

    assert readers.keys[-1].id == b"recovery"


def test_an_ended_recovery_key_does_not() -> None:
    ended = key_of("recovery", -300 * DAY_S, -DAY_S)

    assert "recovery" not in people(choose_readers(roster(recovery=ended), Routing(("PK-PB",), ""), NOW))


@pytest.mark.promise("R27")
def test_nothing_is_sealed_for_one_reader_alone() -> None:
    alone = Team("duty", "Duty", ("PK",), ("esha",), duty=True)
    with pytest.raises(NoReaders):
        choose_readers(roster((alone,)), Routing((), ""), NOW)


@pytest.mark.promise("R27")
def test_one_officer_and_the_recovery_key_are_two() -> None:
    alone = Team("duty", "Duty", ("PK",), ("esha",), duty=True)

    readers = choose_readers(roster((alone,), recovery=key_of("recovery")), Routing((), ""), NOW)
    assert people(readers) == {"esha", "recovery"}


def test_a_district_lies_in_its_province() -> None:
    places = {
        "PK": Place("PK", "", 0, "Pakistan"),
        "PK-PB": Place("PK-PB", "PK", 1, "Punjab"),
        "PK-PB-1": Place("PK-PB-1", "PK-PB", 2, "Lahore"),
        "PK-PB-1-1": Place("PK-PB-1-1", "PK-PB-1", 3, "Model Town"),
    }

    assert bucket(places, "PK-PB-1-1") == "PK-PB"
    assert bucket(places, "PK") == "PK"
    assert bucket(places, "nowhere") == ""


# --- whatever the roster and the report ---

NAMES = tuple("abcdefghijkl")
PLACES = ("PK-PB", "PK-SD", "PK", "AE", "IN")
CONCERNS = ("", "work", "body")


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    """Any teams, officers in several of them, keys that live, ended or never were."""
    count = draw(st.integers(1, 6))
    teams = []
    for n in range(count):
        members = tuple(draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=4)))
        pair = members[:2] if n == 0 and len(members) > 1 and draw(st.booleans()) else ()
        places = tuple(draw(st.lists(st.sampled_from(PLACES), unique=True, max_size=2)))
        concerns = tuple(draw(st.lists(st.sampled_from(CONCERNS), unique=True, max_size=1)))
        teams.append(Team(f"t{n}", f"T{n}", places, members, concerns, duty=n == 0, pair=pair))
    gone = tuple(draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=8)))
    suspended = [officer(n, suspended=True) for n in draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=3))]
    recovery = key_of("recovery") if draw(st.booleans()) else None
    return roster(tuple(teams), *suspended, gone=gone, recovery=recovery)


def routings() -> st.SearchStrategy[Routing]:
    return st.builds(
        Routing,
        places=st.lists(st.sampled_from(PLACES), unique=True, max_size=3).map(tuple),
        concern=st.sampled_from(CONCERNS),
        avoid_offices=st.lists(st.sampled_from([f"t{n}" for n in range(6)]), unique=True, max_size=4).map(tuple),
        pair_only=st.booleans(),
    )


def may_read(given_roster: Roster, routing: Routing) -> set[str]:
    """Whoever has a living key and works in no office to avoid."""
    shunned = {o for t in given_roster.teams if t.id in routing.avoid_offices for o in t.officers}
    employed = {o for t in given_roster.teams for o in t.officers}
    return {o.id for o in given_roster.officers if o.id in employed - shunned and o.living_key(NOW)}


@pytest.mark.slow
@pytest.mark.promise("S40")
@settings(max_examples=80, deadline=None)
@given(rosters(), routings())
def test_whatever_happens_nobody_to_be_avoided_reads_and_never_nobody(some: Roster, routing: Routing) -> None:
    allowed = may_read(some, routing)
    recovery = {"recovery"} if some.recovery else set()
    try:
        readers = choose_readers(some, routing, NOW)
    except NoReaders:
        duty = some.duty_team()
        reachable = (
            allowed & set(duty.officers) if routing.pair_only and duty.id not in routing.avoid_offices else allowed
        )
        assert not reachable or len(reachable) + len(recovery) < LIVING_AT_LEAST
        return

    assert people(readers) <= allowed | recovery
    assert len(readers.keys) >= LIVING_AT_LEAST
    assert len(people(readers)) == len(readers.keys)
    assert not set(readers.teams) & set(routing.avoid_offices)
    by_id = {t.id: t for t in some.teams}
    assert all(set(by_id[team].officers) & people(readers) for team in readers.teams)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(rosters(), routings())
def test_a_named_person_never_widens_the_circle(some: Roster, routing: Routing) -> None:
    duty = some.duty_team()
    if duty.id in routing.avoid_offices:
        return
    try:
        readers = choose_readers(some, replace(routing, pair_only=True), NOW)
    except NoReaders:
        return
    assert readers.teams == (duty.id,)
    assert people(readers) <= {*duty.officers, "recovery"}

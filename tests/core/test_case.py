"""The life of a case: total, honest to the child, and never changed behind an officer's back."""

from dataclasses import replace

import pytest

from bot.core.case import PUT_OFF, Deed, Refusal, Standing, Status, do, heard, may, seen_by_child
from bot.core.triage import URGENCIES

STANDINGS = [Standing(s, h, 3) for s in Status for h in (None, "amna", "bilal")]


@pytest.mark.parametrize("deed", Deed)
@pytest.mark.parametrize("standing", STANDINGS, ids=str)
def test_every_deed_has_an_answer_in_every_status(standing: Standing, deed: Deed) -> None:
    after = do(standing, deed, by="amna", version=3)

    assert isinstance(after, Refusal) or after.version in (3, 4)


def test_the_first_opening_is_what_the_child_sees_as_opened() -> None:
    opened = do(Standing(Status.NEW, None, 0), Deed.OPEN, by="amna", version=0)

    assert opened == Standing(Status.OPENED, None, 1)
    assert seen_by_child(Status.OPENED) == "opened"


def test_reading_again_changes_nothing() -> None:
    standing = Standing(Status.ANSWERED, "bilal", 7)

    assert do(standing, Deed.OPEN, by="amna", version=0) == standing


def test_nobody_answers_a_case_that_a_colleague_works_on() -> None:
    assert do(Standing(Status.IN_WORK, "bilal", 2), Deed.REPLY, by="amna", version=2) is Refusal.HELD


def test_taking_over_is_said_aloud() -> None:
    standing = Standing(Status.IN_WORK, "bilal", 2)

    assert do(standing, Deed.CLAIM, by="amna", version=2) is Refusal.HELD
    assert do(standing, Deed.TAKE_OVER, by="amna", version=2) == Standing(Status.IN_WORK, "amna", 3)


@pytest.mark.parametrize("deed", [d for d in Deed if d is not Deed.OPEN])
def test_an_old_version_is_refused(deed: Deed) -> None:
    assert do(Standing(Status.IN_WORK, "amna", 5), deed, by="amna", version=4) is Refusal.CHANGED


@pytest.mark.parametrize("deed", [Deed.REPLY, Deed.CLOSE, Deed.PASS_ON])
def test_what_was_never_read_is_neither_answered_nor_closed(deed: Deed) -> None:
    assert do(Standing(Status.NEW, None, 0), deed, by="amna", version=0) is Refusal.UNREAD


def test_an_answered_case_stays_answered_when_a_colleague_claims_it() -> None:
    assert do(Standing(Status.ANSWERED, None, 5), Deed.CLAIM, by="amna", version=5) == Standing(
        Status.ANSWERED, "amna", 6
    )


def test_a_closed_case_can_only_be_reopened() -> None:
    assert may(Standing(Status.CLOSED, None, 9), by="amna") == (Deed.OPEN, Deed.REOPEN)


@pytest.mark.parametrize("status", [Status.OPENED, Status.IN_WORK, Status.PASSED_ON, Status.ANSWERED])
def test_what_is_no_report_goes_in_one_step_and_can_come_back(status: Status) -> None:
    aside = do(Standing(status, None, 4), Deed.NO_REPORT, by="amna", version=4)

    assert aside == Standing(Status.CLOSED, None, 5)
    assert do(aside, Deed.REOPEN, by="bilal", version=5) == Standing(Status.IN_WORK, "bilal", 6)
    assert heard(aside.status) is Status.OPENED, "whoever holds the code is heard again"


def test_nobody_puts_aside_what_was_not_read_or_what_a_colleague_works_on() -> None:
    assert do(Standing(Status.NEW, None, 0), Deed.NO_REPORT, by="amna", version=0) is Refusal.UNREAD
    assert do(Standing(Status.IN_WORK, "bilal", 2), Deed.NO_REPORT, by="amna", version=2) is Refusal.HELD


@pytest.mark.parametrize("status", Status)
def test_what_the_child_writes_later_waits_to_be_read(status: Status) -> None:
    assert heard(status) in (Status.NEW, Status.OPENED, Status.IN_WORK)
    assert heard(heard(status)) is heard(status)


@pytest.mark.parametrize(
    ("status", "seen"),
    [
        (Status.NEW, "received"),
        (Status.OPENED, "opened"),
        (Status.IN_WORK, "opened"),
        (Status.PASSED_ON, "passed_on"),
        (Status.ANSWERED, "answered"),
        (Status.CLOSED, "closed"),
    ],
)
def test_the_child_is_told_the_honest_state(status: Status, seen: str) -> None:
    assert seen_by_child(status) == seen


def test_a_case_is_put_off_by_whoever_works_on_it_and_by_nobody_else() -> None:
    held = Standing(Status.ANSWERED, "amna", 4)

    assert do(held, Deed.SNOOZE, by="amna", version=4) == Standing(Status.ANSWERED, "amna", 5, asleep=True)
    assert do(held, Deed.SNOOZE, by="bilal", version=4) is Refusal.HELD
    assert do(Standing(Status.OPENED, None, 4), Deed.SNOOZE, by="amna", version=4) is Refusal.NOT_HELD
    assert do(Standing(Status.NEW, None, 0), Deed.SNOOZE, by="amna", version=0) is Refusal.UNREAD


def test_a_case_is_quiet_by_one_press_of_any_reader_and_any_other_ends_it() -> None:
    opened = Standing(Status.OPENED, None, 4)
    quiet = do(opened, Deed.QUIET, by="amna", version=4)

    assert quiet == Standing(Status.OPENED, None, 5, asleep=True, quiet=True)
    assert do(quiet, Deed.QUIET, by="amna", version=5) is Refusal.ALREADY, "nobody makes it longer unread"
    assert do(quiet, Deed.WAKE, by="bilal", version=5) == Standing(Status.OPENED, None, 6)
    assert do(Standing(Status.IN_WORK, "bilal", 2), Deed.QUIET, by="amna", version=2) is Refusal.HELD
    assert do(Standing(Status.NEW, None, 0), Deed.QUIET, by="amna", version=0) is Refusal.UNREAD


@pytest.mark.parametrize("urgency", URGENCIES)
def test_where_danger_is_now_nothing_is_made_quiet(urgency: str) -> None:
    offered = may(Standing(Status.OPENED, None, 4), by="amna", urgency=urgency)
    assert (Deed.QUIET in offered) == (urgency not in ("U0", "U1"))
    assert Deed.NO_REPORT in offered


@pytest.mark.parametrize("deed", [d for d in Deed if d not in (Deed.OPEN, *PUT_OFF)])
def test_every_other_deed_wakes_a_case(deed: Deed) -> None:
    for standing in STANDINGS:
        after = do(replace(standing, asleep=True), deed, by="amna", version=3)

        assert isinstance(after, Refusal) or (not after.asleep and after.version == 4)


def test_looking_at_a_case_that_sleeps_does_not_wake_it() -> None:
    asleep = Standing(Status.ANSWERED, "amna", 4, asleep=True)

    assert do(asleep, Deed.OPEN, by="bilal", version=0) == asleep
    assert do(Standing(Status.ANSWERED, "amna", 4), Deed.WAKE, by="amna", version=4) is Refusal.ALREADY

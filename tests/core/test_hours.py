"""Nights: the child is told honestly when somebody will read (DESIGN: nights)."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.core.effects import LocalTime
from bot.core.hours import Hours
from tests.talking import Talk, real_flow

KARACHI = ZoneInfo("Asia/Karachi")
LONDON = ZoneInfo("Europe/London")
EVERY_DAY = {day: (time(8), time(20)) for day in range(7)}
WEEKDAYS = {day: (time(9), time(17)) for day in range(5)}


def at(text: str, zone: ZoneInfo = KARACHI) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


def sent_at(hours: Hours, when: int, danger: str = "no") -> Talk:
    talk = Talk(real_flow(hours), at=when).opens()
    talk.tells({"danger": danger})
    talk.sends_report()
    return talk


def told_time(talk: Talk) -> LocalTime:
    (line,) = [line for line in talk.latest[-1].lines if line.id == "sent.later"]
    when = line.params["time"]
    assert isinstance(when, LocalTime)
    return when


@pytest.mark.parametrize(
    ("local", "open_then"),
    [
        ("2026-03-04 07:59:59", False),
        ("2026-03-04 08:00:00", True),
        ("2026-03-04 19:59:59", True),
        ("2026-03-04 20:00:00", False),
    ],
)
def test_hours_are_those_of_the_time_zone(local: str, open_then: bool) -> None:
    assert open_then == Hours(KARACHI, EVERY_DAY).open_at(at(local))


def test_a_holiday_is_closed() -> None:
    hours = Hours(KARACHI, EVERY_DAY, frozenset({date(2026, 3, 23)}))

    assert not hours.open_at(at("2026-03-23 12:00"))


def test_duty_past_midnight_is_one_night() -> None:
    night = Hours(KARACHI, {2: (time(20), time(4))})  # Wednesday evening

    assert night.open_at(at("2026-03-04 23:00"))
    assert night.open_at(at("2026-03-05 03:59"))
    assert not night.open_at(at("2026-03-05 04:00"))
    assert not night.open_at(at("2026-03-04 03:00"))


def test_round_the_clock_never_closes() -> None:
    always = Hours(KARACHI, {day: (time(0), time(0)) for day in range(7)})

    assert all(always.open_at(at("2026-03-04 00:00") + h * 3600) for h in range(7 * 24))


def test_an_hour_that_the_clock_skips_is_no_stumble() -> None:
    hours = Hours(LONDON, EVERY_DAY)

    assert hours.open_at(at("2026-03-29 08:00", LONDON))
    assert not hours.open_at(at("2026-03-29 07:59", LONDON))


def test_a_service_that_never_opens_promises_no_time() -> None:
    assert Hours(KARACHI, {}).next_opening(at("2026-03-04 12:00")) is None


# --- what the child is told ---


def test_by_day_helpers_are_on_duty() -> None:
    talk = sent_at(Hours(KARACHI, EVERY_DAY), at("2026-03-04 12:00"))

    talk.sees("sent.thanks", "sent.now", "sent.next")
    talk.sees_nothing_of("sent.later")


def test_before_dawn_the_opening_is_today() -> None:
    talk = sent_at(Hours(KARACHI, EVERY_DAY), at("2026-03-04 03:00"))

    assert told_time(talk) == LocalTime(8, 0, None)


def test_late_in_the_evening_the_opening_has_a_day() -> None:
    talk = sent_at(Hours(KARACHI, EVERY_DAY), at("2026-03-04 22:00"))

    assert told_time(talk) == LocalTime(8, 0, 3)


def test_before_a_weekend_with_a_holiday_the_day_is_the_next_working_one() -> None:
    hours = Hours(KARACHI, WEEKDAYS, frozenset({date(2026, 3, 23)}))
    talk = sent_at(hours, at("2026-03-20 18:00"))  # a Friday; the Monday is a holiday

    assert told_time(talk) == LocalTime(9, 0, 1)


def test_when_no_opening_is_known_none_is_promised() -> None:
    talk = sent_at(Hours(KARACHI, {}), at("2026-03-04 12:00"))

    talk.sees("sent.unknown-time")


def test_at_night_an_urgent_sender_gets_the_time_and_the_numbers() -> None:
    talk = sent_at(Hours(KARACHI, EVERY_DAY), at("2026-03-04 23:00"), danger="now")

    talk.sees("sent.urgent", "help.line", "sent.later")
    talk.sees_number("1121")

"""Triage rules, times of routing, and the codes officers use."""

from datetime import time

from bot.content.model import CONSOLE, RoutingRules
from bot.content.report import read_condition
from bot.content.tables import Table
from bot.content.text_book import TextBook
from bot.core.flow import UrgencyRule
from bot.core.triage import URGENCIES

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def read_triage(table: Table, book: TextBook) -> tuple[UrgencyRule, ...]:
    """Read `triage.toml`; reasons become texts of the console."""
    rules = []
    for entry in table.tables("rule"):
        id, urgency = entry.text("id"), entry.text("urgency")
        if urgency not in URGENCIES:
            raise entry.wrong(f'"{urgency}" is no urgency', f"use one of {', '.join(URGENCIES)}")
        reason = book.add(
            f"reason.{id}",
            entry.text("reason"),
            at=entry,
            note="Why a report is urgent, read by officers in the queue.",
            domain=CONSOLE,
        )
        rules.append(UrgencyRule(read_condition(entry), urgency, reason))
        entry.close()
    table.close()
    return tuple(rules)


def read_routing(table: Table) -> RoutingRules:
    """Read `routing.toml`."""
    climb, answer = _minutes(table.table("climb_after_minutes")), _minutes(table.table("answer_within_minutes"))
    hours = table.table("hours")
    zone = hours.text("zone")
    week = {n: _span(hours, day) for n, day in enumerate(_DAYS) if day in hours}
    hours.close()
    feedback = table.table("feedback")
    team = feedback.text("team", "")
    feedback.close()
    table.close()
    return RoutingRules(climb, answer, week, zone, team)


def read_coding(table: Table, book: TextBook) -> dict[str, str]:
    """Read `coding.toml`: code → text id of its label."""
    coding: dict[str, str] = {}
    for entry in table.tables("code"):
        code, group = entry.text("code"), entry.text("group")
        note = f"Label of a code for officers ({group}). Use the field's own terms."
        label = book.add(f"coding.{code}", entry.text("label"), at=entry, note=note, domain=CONSOLE)
        coding[code] = label
        entry.close()
    table.close()
    return coding


def _minutes(table: Table) -> dict[str, int]:
    """Urgency → seconds, from minutes in the file."""
    seconds = {}
    for urgency in table.names():
        if urgency not in URGENCIES:
            raise table.wrong(f'"{urgency}" is no urgency', f"use one of {', '.join(URGENCIES)}")
        minutes = table.number(urgency)
        if not minutes or minutes < 0:
            raise table.wrong(f'"{urgency}" needs a number of minutes above 0', f"write {urgency} = 60")
        seconds[urgency] = minutes * 60
    return seconds


def _span(hours: Table, day: str) -> tuple[time, time]:
    given = hours.texts(day)
    try:
        opens, closes = (time.fromisoformat(clock) for clock in given)
    except ValueError as wrong:
        raise hours.wrong(f'"{day}" needs two clock times', f'write {day} = ["08:00", "20:00"]') from wrong
    return opens, closes

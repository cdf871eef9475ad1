"""Lists made narrower, and names of one's own lists: pure rules."""

from dataclasses import dataclass

import pytest

from bot.core.case import Standing, Status
from bot.services.officers.narrowing import ANY, Narrow, View, narrowed, sifted
from bot.services.officers.saved import clean_name

TO_DO = View(("punjab", "sindh"), (Status.NEW, Status.OPENED))
MINE = View(("punjab", "sindh"), (Status.IN_WORK,), officer="amna")
LATE = View(("sindh",), (Status.NEW,), bands=(("U0", 7), ("U1", 5)))


@dataclass(frozen=True)
class Row:
    language: str = "ur"
    concern: str = "work"
    holder: str | None = None
    number: int = 0

    @property
    def standing(self) -> Standing:
        return Standing(Status.OPENED, self.holder, 1)


def test_what_is_not_made_narrower_is_the_list_itself() -> None:
    for view in (TO_DO, MINE, LATE):
        read, fits = narrowed(view, ANY, "amna")
        assert view == read
        assert fits(Row(holder="bilal"))
    assert ANY.by_index


def test_teams_and_urgencies_are_ranges_of_the_index() -> None:
    read, _ = narrowed(TO_DO, Narrow(frozenset({"sindh", "federal"}), frozenset({"U1", "U0"})), "amna")
    assert (("sindh",), (("U0", None), ("U1", None))) == (read.teams, read.bands)
    assert (("U1", 5),) == narrowed(LATE, Narrow(urgencies=frozenset({"U1", "U4"})), "amna")[0].bands


@pytest.mark.parametrize(
    ("view", "narrow"),
    [
        (TO_DO, Narrow(teams=frozenset({"federal"}))),
        (LATE, Narrow(urgencies=frozenset({"U3"}))),
        (MINE, Narrow(who="nobody")),
    ],
    ids=["a team that is not one's own", "an urgency that is never late", "nobody's among mine"],
)
def test_what_cannot_be_holds_nothing_and_never_everything(view: View, narrow: Narrow) -> None:
    assert () == narrowed(view, narrow, "amna")[0].statuses


def test_language_concern_and_whose_it_is_are_looked_at_row_by_row() -> None:
    narrow = Narrow(languages=frozenset({"ps", "sd"}), concerns=frozenset({"work"}), who="bilal")
    _, fits = narrowed(TO_DO, narrow, "amna")
    rows = [
        Row("ps", "work", "bilal"),
        Row("sd", "work", "bilal"),
        Row("ur", "work", "bilal"),
        Row("ps", "body", "bilal"),
    ]
    assert [True, True, False, False] == [fits(row) for row in rows]
    assert not fits(Row("ps", "work", None))
    assert not narrow.by_index
    assert narrowed(TO_DO, Narrow(who="me"), "amna")[1](Row(holder="amna"))
    assert narrowed(TO_DO, Narrow(who="nobody"), "amna")[0].unassigned


def test_what_one_works_on_in_one_team_is_sought_by_team() -> None:
    read, fits = narrowed(MINE, Narrow(teams=frozenset({"sindh"})), "amna")
    assert (("sindh",), None) == (read.teams, read.officer)
    assert (True, False) == (fits(Row(holder="amna")), fits(Row(holder="bilal")))


def test_a_page_of_few_says_from_where_to_look_further() -> None:
    rows = [Row(language="ps" if n % 4 == 3 else "ur", number=n) for n in range(10)]

    def sift(size: int, looked_at: int) -> tuple[list[int], int | None]:
        found, further = sifted(
            rows[:looked_at], lambda r: r.language == "ps", lambda r: r.number, size=size, looked_at=looked_at
        )
        return [row.number for row in found], further

    assert ([3], 3) == sift(1, 10)
    assert ([3, 7], 7) == sift(2, 10)
    assert ([3, 7], 9) == sift(5, 10), "ten were looked at: there may be more behind"
    assert ([3, 7], None) == sift(5, 11), "the list ended"
    assert ([], 2) == sift(5, 3)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Night   duty ", "Night duty"),
        ("رات کی ڈیوٹی", "رات کی ڈیوٹی"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Team 2026", "Team 2026"),
        ("x" * 40, "x" * 40),
        ("", None),
        (" \n ", None),
        ("x" * 41, None),
        ("call 03001234567", None),
        ("١٢٣ ٤٥", None),
        ("12-34-5", None),
        ("evil\u202ename", None),
        ("bell\x07", None),
    ],
)
def test_a_name_is_one_short_line_without_numbers_or_hidden_marks(typed: str, kept: str | None) -> None:
    assert kept == clean_name(typed)

"""The case code: unguessable, copied without unseen mistakes, typed in any script."""

import ast
import math
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.sealing import case_code
from bot.sealing.case_code import DIGITS, LOCATE_DIGITS, SECRET_DIGITS, CaseCode, Mistyped, new_code, parse

ROOT = Path(__file__).parents[2]
TABLE = case_code._DAMM


@pytest.mark.promise("S15")
def test_a_code_has_46_secret_bits_and_twenty_digits() -> None:
    assert SECRET_DIGITS * math.log2(10) >= 46
    assert DIGITS == LOCATE_DIGITS + SECRET_DIGITS + 1 == 20


@pytest.mark.promise("S15")
def test_the_check_digit_table_keeps_its_promises() -> None:
    """Damm's three conditions, tried for every digit: they prove both promises for codes of any length."""
    digits = range(10)
    assert all(sorted(row) == list(digits) for row in TABLE)
    assert all(sorted(row[column] for row in TABLE) == list(digits) for column in digits)
    assert all(TABLE[digit][digit] == 0 for digit in digits)
    for before in digits:
        for one in digits:
            for other in digits:
                if one != other:
                    assert TABLE[TABLE[before][one]][other] != TABLE[TABLE[before][other]][one]


@pytest.mark.promise("S15")
def test_every_wrong_digit_and_every_swap_of_neighbours_is_caught() -> None:
    for _ in range(200):
        code = new_code().reveal()
        wrong = {code[:at] + digit + code[at + 1 :] for at in range(DIGITS) for digit in "0123456789"} - {code}
        swapped = {code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(DIGITS - 1)} - {code}
        assert len(wrong) == DIGITS * 9
        assert {Mistyped("check", DIGITS)} == {parse(mistyped) for mistyped in wrong | swapped}


def even(counts: Counter[str], cells: int) -> bool:
    """Chi-square against equal shares, within five standard deviations: fails by chance once in some million runs."""
    expected = counts.total() / cells
    chi_square = sum((count - expected) ** 2 / expected for count in counts.values())
    chi_square += (cells - len(counts)) * expected
    return abs(chi_square - (cells - 1)) < 5 * math.sqrt(2 * (cells - 1))


def looks_random(count: int) -> None:
    codes = [new_code().reveal() for _ in range(count)]
    assert len(set(codes)) == count  # the chance of one repeat among 10^6 of 10^19 is one in 20 million
    for place in range(DIGITS):
        assert even(Counter(code[place] for code in codes), 10), place
    for place in range(0, DIGITS - 2, 3):
        assert even(Counter(code[place : place + 2] for code in codes), 100), place


@pytest.mark.slow
@pytest.mark.promise("S15")
def test_fresh_codes_do_not_repeat_and_every_digit_is_equally_likely() -> None:
    looks_random(40_000)


@pytest.mark.long
@pytest.mark.promise("S15")
def test_a_million_codes_do_not_repeat_and_every_digit_is_equally_likely() -> None:
    looks_random(1_000_000)


@pytest.mark.slow
@pytest.mark.promise("S15")
def test_nothing_in_the_project_asks_the_unsafe_random_source() -> None:
    """`random` is for games; the linter forbids it, and this looks for itself."""
    for path in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "storage").rglob("*.py")]:
        if "node_modules" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Import(names):
                    imported = [name.name for name in names]
                case ast.ImportFrom(module=module):
                    imported = [module or ""]
                case _:
                    continue
            assert not {"random", "numpy.random"} & set(imported), path


ZEROS = [chr(point) for point in range(sys.maxunicode) if unicodedata.decimal(chr(point), None) == 0]


@given(st.sampled_from(ZEROS), st.sampled_from([" ", "-", "", "  ", "\u200f", "\u00a0", "، ", "\n", "·", "۔"]))
def test_a_code_is_read_in_the_numerals_of_any_script(zero: str, between: str) -> None:
    code = new_code()
    typed = between.join("".join(chr(ord(zero) + int(digit)) for digit in group) for group in code.display().split())
    assert code == parse(f" {typed}\n")


@given(st.text(max_size=60))
@example("٣²")
def test_every_text_has_an_answer(text: str) -> None:
    read = parse(text)
    assert isinstance(read, CaseCode | Mistyped)


def test_a_mistyped_code_says_what_to_say_and_no_digit() -> None:
    assert parse("1234 5678") == Mistyped("length", 8)
    assert parse("") == Mistyped("length", 0)
    assert parse("kod 1234") == Mistyped("letters", 4)


def test_a_code_does_not_show_by_accident() -> None:
    code = new_code()
    for shown in (repr(code), str(code), f"{code}", f"{[code]}"):
        assert not any(character.isdigit() for character in shown)


def test_a_code_is_shown_in_five_groups_of_four() -> None:
    groups = new_code().display().split(" ")
    assert [len(group) for group in groups] == [4] * 5
